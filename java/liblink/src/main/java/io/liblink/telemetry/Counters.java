package io.liblink.telemetry;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The numbers of one node. Thread-safe; counting costs a few nanoseconds and never contends.
 *
 * <p>Names: {@code drop.<reason>} for every {@link Drop}, {@code calls.ended.<STATUS>},
 * and so on; {@link #snapshot()} has all of them, also those that are zero.
 */
public final class Counters {
  private final LongAdder[] drops = new LongAdder[Drop.values().length];
  private final Map<String, LongAdder> named = new ConcurrentHashMap<>();

  /** All at zero. */
  public Counters() {
    for (int i = 0; i < drops.length; i++) {
      drops[i] = new LongAdder();
    }
  }

  /** Counts something that was not delivered. */
  public void drop(Drop reason) {
    drops[reason.ordinal()].increment();
  }

  /** How often that happened. */
  public long dropped(Drop reason) {
    return drops[reason.ordinal()].sum();
  }

  /** The counter of that name; look it up once and keep it. Names come from code, never from peers. */
  public LongAdder named(String name) {
    return named.computeIfAbsent(name, k -> new LongAdder());
  }

  /** Every counter, by name. */
  public Map<String, Long> snapshot() {
    Map<String, Long> all = new TreeMap<>();
    for (Drop reason : Drop.values()) {
      all.put("drop." + reason.name().toLowerCase(Locale.ROOT), dropped(reason));
    }
    named.forEach((name, adder) -> all.put(name, adder.sum()));
    return all;
  }
}
