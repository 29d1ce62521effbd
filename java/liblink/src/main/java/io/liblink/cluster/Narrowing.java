package io.liblink.cluster;

import io.liblink.registry.Filter;
import io.liblink.registry.View;
import java.util.ArrayList;
import java.util.List;

/**
 * When a registry is to leave out instances that nobody here uses: of a large service of which at most
 * half is used. A small one is worth more whole, since then it can be said of each instance why it is not
 * used; so is one of which nothing would be left.
 */
final class Narrowing {
  /** Instances from which on it is worth it. */
  static final int LARGE = 100;

  /** More than these together are not handed to a registry. */
  static final int MOST_FILTERS = 8;

  private Narrowing() {}

  /** The filters that the registry is to have; empty for all instances. */
  static List<Filter> of(View view, List<Watched.Onlooker> onlookers) {
    boolean whole = view.onlyFor().isEmpty();
    if (whole && view.instances().size() < LARGE) {
      return List.of();
    }
    List<Filter> filters = filters(onlookers);
    if (filters.isEmpty()) {
      return List.of();
    }
    if (whole) {
      long used = view.instances().stream()
          .filter(i -> filters.stream().anyMatch(f -> f.test(i)))
          .count();
      return used > 0 && used * 2 <= view.instances().size() ? filters : List.of();
    }
    // How many there are besides is not known: it stays as it is, or all are looked at again.
    List<String> now = filters.stream().map(Filter::toString).toList();
    boolean same = now.size() == view.onlyFor().size() && view.onlyFor().containsAll(now);
    return same && !view.instances().isEmpty() ? filters : List.of();
  }

  /** What is used, each once; empty when that is all, too much to say, or nothing. */
  private static List<Filter> filters(List<Watched.Onlooker> onlookers) {
    List<Filter> filters = new ArrayList<>();
    for (Watched.Onlooker onlooker : onlookers) {
      if (onlooker.isUsing()) {
        Filter filter = onlooker.filter();
        if (filter == null || filters.size() > MOST_FILTERS) {
          return List.of();
        }
        if (!filters.contains(filter)) {
          filters.add(filter);
        }
      }
    }
    return filters.size() > MOST_FILTERS ? List.of() : List.copyOf(filters);
  }
}
