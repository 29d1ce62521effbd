package io.liblink.proof.schedule;

import io.liblink.delivery.ItemId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which item was worked on, by whom, as which attempt, and to which end. Thread-safe. */
final class Visits {
  /** How the work on an item ended. */
  enum End {
    DONE,
    FAILED,
    REFUSED,
    OPEN
  }

  /** One run of a worker function. */
  static final class Visit {
    final String node;
    final int attempt;
    volatile End end = End.OPEN;

    Visit(String node, int attempt) {
      this.node = node;
      this.attempt = attempt;
    }

    @Override
    public String toString() {
      return node + "#" + attempt + " " + end;
    }
  }

  /** Both guarded by this. */
  private final Map<ItemId, List<Visit>> visits = new HashMap<>();

  private final List<String> wrong = new ArrayList<>();

  synchronized Visit begin(ItemId item, String node, int attempt) {
    List<Visit> of = visits.computeIfAbsent(item, k -> new ArrayList<>());
    for (Visit v : of) {
      if (v.attempt == attempt) {
        wrong(item + " came twice as attempt " + attempt + ": to " + node + " after " + of);
      }
    }
    Visit visit = new Visit(node, attempt);
    of.add(visit);
    return visit;
  }

  synchronized void wrong(String what) {
    if (wrong.size() < 5) {
      wrong.add(what);
    }
  }

  synchronized List<String> wrong() {
    return List.copyOf(wrong);
  }

  synchronized List<Visit> of(ItemId item) {
    return List.copyOf(visits.getOrDefault(item, List.of()));
  }

  boolean has(ItemId item, End end) {
    return of(item).stream().anyMatch(v -> v.end == end);
  }

  synchronized long all() {
    return visits.values().stream().mapToLong(List::size).sum();
  }

  synchronized long items() {
    return visits.size();
  }
}
