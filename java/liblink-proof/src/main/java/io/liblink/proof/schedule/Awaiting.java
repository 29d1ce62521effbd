package io.liblink.proof.schedule;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what must come, in real time. */
final class Awaiting {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private Awaiting() {}

  /** Waits; what stands in the failure is looked up when it happens. */
  static void until(BooleanSupplier condition, Supplier<String> what) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      if (end - System.nanoTime() < 0) {
        throw new AssertionError("not within a minute: " + what.get());
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }
}
