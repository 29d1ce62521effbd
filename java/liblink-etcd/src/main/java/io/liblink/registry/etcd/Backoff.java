package io.liblink.registry.etcd;

import java.util.function.DoubleSupplier;

/**
 * How long to wait after so many failures: anything from nothing to a bound that doubles (full
 * jitter), so that nodes that failed together do not come back together.
 */
final class Backoff {
  private static final int MOST_DOUBLINGS = 10;

  private final DoubleSupplier random;
  private int failures;

  /** With numbers from 0 to 1. */
  Backoff(DoubleSupplier random) {
    this.random = random;
  }

  /** One more failure; returns the nanoseconds to wait. */
  long failed() {
    long bound = Math.min(
        Rules.MOST_BACKOFF_NANOS, Rules.BACKOFF_NANOS << Math.min(failures, MOST_DOUBLINGS));
    failures++;
    return (long) (bound * random.getAsDouble());
  }

  /** How often in a row it failed. */
  int failures() {
    return failures;
  }

  void succeeded() {
    failures = 0;
  }

  /** That much, varied by {@link Rules#JITTER} either way. */
  long vary(long nanos) {
    return (long) (nanos * (1 + Rules.JITTER * (2 * random.getAsDouble() - 1)));
  }
}
