package io.liblink.cli.command;

import io.liblink.cli.args.Option;
import io.liblink.time.TimeSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** So many a second, at even distances from the first on. Not thread-safe. */
final class Pacing {
  static final Option RATE =
      Option.value("--rate", "N", "at most so many a second; as fast as they are taken without it");

  private final CountDownLatch never = new CountDownLatch(1);
  private final TimeSource time;
  private final double distanceNanos;
  private final long begin;
  private long count;

  /** {@code perSecond} 0 for as many as go. */
  Pacing(TimeSource time, int perSecond) {
    this.time = time;
    this.distanceNanos = perSecond == 0 ? 0 : 1e9 / perSecond;
    this.begin = time.nanos();
  }

  /** Waits until the next one is due. */
  void next() throws InterruptedException {
    if (distanceNanos == 0) {
      return;
    }
    long due = begin + (long) (count++ * distanceNanos);
    for (long wait = due - time.nanos(); wait > 0; wait = due - time.nanos()) {
      never.await(wait, TimeUnit.NANOSECONDS);
    }
  }
}
