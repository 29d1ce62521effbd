package io.liblink.proof.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was done in a schedule, step by step, and what was counted over all of them. For one thread. */
public final class Story {
  private final Map<String, Long> counted = new TreeMap<>();
  private final List<String> steps = new ArrayList<>();

  /** Another schedule begins. */
  void begin() {
    steps.clear();
  }

  /** Something was done. */
  void tell(String step) {
    steps.add(step);
  }

  /** Adds to a number. */
  void count(String what, long more) {
    counted.merge(what, more, Long::sum);
  }

  /** All numbers. */
  public Map<String, Long> counted() {
    return new TreeMap<>(counted);
  }

  /** The steps of the schedule that runs, separated by semicolons. */
  @Override
  public String toString() {
    return String.join("; ", steps);
  }
}
