package io.liblink.spool.sqlite;

import java.util.Map;
import java.util.TreeMap;

/**
 * A set of numbers as runs: items are settled almost in order, so a million of them are few runs.
 * Not thread-safe.
 */
final class Ranges {
  /** Last number of each run by its first; runs neither overlap nor touch. */
  private final TreeMap<Long, Long> runs = new TreeMap<>();

  boolean isEmpty() {
    return runs.isEmpty();
  }

  boolean contains(long number) {
    Map.Entry<Long, Long> run = runs.floorEntry(number);
    return run != null && run.getValue() >= number;
  }

  void add(long number) {
    add(number, number);
  }

  private void add(long first, long last) {
    long from = first;
    long to = last;
    Map.Entry<Long, Long> before = runs.floorEntry(first);
    if (before != null && before.getValue() >= first - 1) {
      from = before.getKey();
      to = Math.max(to, before.getValue());
    }
    Map.Entry<Long, Long> next = runs.higherEntry(from);
    while (next != null && next.getKey() <= to + 1) {
      to = Math.max(to, next.getValue());
      runs.remove(next.getKey());
      next = runs.higherEntry(from);
    }
    runs.put(from, to);
  }

  void addAll(Ranges others) {
    others.runs.forEach(this::add);
  }

  /** Takes the lowest out of this: at most so many runs, and so many numbers. */
  Ranges take(int mostRuns, long mostNumbers) {
    Ranges taken = new Ranges();
    long left = mostNumbers;
    while (taken.runs.size() < mostRuns && left > 0 && !runs.isEmpty()) {
      Map.Entry<Long, Long> run = runs.pollFirstEntry();
      long first = run.getKey();
      long last = Math.min(run.getValue(), first + left - 1);
      taken.runs.put(first, last);
      if (last < run.getValue()) {
        runs.put(last + 1, run.getValue());
      }
      left -= last - first + 1;
    }
    return taken;
  }

  void clear() {
    runs.clear();
  }

  /** First and last number by run, lowest first; not to be written to. */
  Map<Long, Long> runs() {
    return runs;
  }
}
