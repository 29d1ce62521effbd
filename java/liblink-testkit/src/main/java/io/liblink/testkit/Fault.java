package io.liblink.testkit;

import java.time.Duration;

/** What can go wrong in a {@link TestCluster}: see {@link TestCluster#inject}. */
public sealed interface Fault {
  /** Connections break at once, with a reset. Happens once: new ones may be made. */
  record Cut() implements Fault {}

  /**
   * Every byte takes longer, by the cluster's clock; connecting itself does not.
   *
   * @param latency each way
   */
  record Delay(Duration latency) implements Fault {
    /** Checks that it is positive. */
    public Delay {
      if (latency.isNegative() || latency.isZero()) {
        throw new IllegalArgumentException("a delay must be positive, not " + latency);
      }
    }
  }

  /**
   * Nothing passes in either direction, and nobody is told: connections are half open, and what is
   * sent waits. Healed, it goes on where it stopped, as TCP does.
   */
  record Stall() implements Fault {}

  /** New connections are reset before the first byte; those that are there stay. */
  record Refuse() implements Fault {}

  /**
   * The registry can't be reached: views grow old, announcements wait. Healed, both catch up. It is
   * lost to nodes, not between them.
   */
  record RegistryLost() implements Fault {}

  /** {@link Cut}. */
  static Fault cut() {
    return new Cut();
  }

  /** {@link Delay}. */
  static Fault delay(Duration latency) {
    return new Delay(latency);
  }

  /** {@link Stall}. */
  static Fault stall() {
    return new Stall();
  }

  /** {@link Refuse}. */
  static Fault refuse() {
    return new Refuse();
  }

  /** {@link RegistryLost}. */
  static Fault registryLost() {
    return new RegistryLost();
  }
}
