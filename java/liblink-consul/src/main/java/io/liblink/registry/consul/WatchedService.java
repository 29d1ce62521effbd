package io.liblink.registry.consul;

import io.liblink.registry.Instance;
import io.liblink.registry.View;
import io.liblink.registry.View.Skipped;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One service over all datacenters that are looked at. Instances of a less preferred datacenter have
 * no weight while a preferred one has any that is ready. Used by the registry's thread only.
 */
final class WatchedService {
  private final List<Query> queries;
  private final Settings settings;
  private @Nullable View view;
  private boolean stale = true;

  /** Its queries in the order of preference. */
  WatchedService(List<Query> queries, Settings settings) {
    this.queries = List.copyOf(queries);
    this.settings = settings;
  }

  List<Query> queries() {
    return queries;
  }

  /** Something changed: the view is to be made anew. */
  void touch() {
    stale = true;
  }

  /**
   * The view now; null before all datacenters were heard of.
   *
   * @param age from the registry's clock to that of the node, to be added
   */
  @Nullable
  View view(long now, long age) {
    if (stale && queries.stream().allMatch(Query::isHeard)) {
      view = make(now, age);
      stale = false;
    }
    return view;
  }

  private View make(long now, long age) {
    List<Instance> instances = new ArrayList<>();
    List<Skipped> skipped = new ArrayList<>();
    Set<String> problems = new LinkedHashSet<>();
    Set<String> kept = new LinkedHashSet<>();
    Set<String> onlyFor = new LinkedHashSet<>();
    int best = bestRank();
    long confirmed = now;
    for (Query q : queries) {
      boolean spare = settings.rank(q.datacenter().name()) > best;
      for (Instance i : q.shown()) {
        instances.add(spare ? i.withWeight(0) : i);
      }
      skipped.addAll(q.skipped());
      onlyFor.addAll(q.onlyFor());
      String problem = q.problem();
      if (!problem.isEmpty()) {
        problems.add(problem);
        confirmed = Math.min(confirmed, q.confirmedAt());
      } else if (!q.kept().isEmpty()) {
        kept.add(q.kept());
      }
    }
    problems.addAll(kept);
    return new View(
        instances, confirmed + age, String.join("; ", problems), skipped, List.copyOf(onlyFor));
  }

  /** The most preferred rank of datacenters where an instance is ready. */
  private int bestRank() {
    int best = Integer.MAX_VALUE;
    for (Query q : queries) {
      if (q.shown().stream().anyMatch(i -> i.ready() && i.weight() > 0)) {
        best = Math.min(best, settings.rank(q.datacenter().name()));
      }
    }
    return best;
  }
}
