package io.liblink.registry.consul;

import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/**
 * When one loop of queries may ask next. A few questions in a row are free, so that a change is seen
 * at once; who goes on like that slows down to one a second, or one in ten times as long as an answer
 * takes to digest. After failures it waits longer each time. All waits are spread by chance, so that
 * nodes that saw the same event do not come back together.
 *
 * <p>A token bucket: Consul's own advice against services whose index never rests.
 */
final class Pace {
  /** So many questions in a row are free. */
  static final int BURST = 10;

  /** Then one in this time. */
  static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Even free questions wait for up to this long, by chance. */
  static final long SPREAD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** At most one part in so many of the time goes into digesting answers. */
  static final int SHARE = 10;

  /** The first wait after a failure. */
  static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** The longest. */
  static final long RETRY_MAX_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final DoubleSupplier random;
  private double tokens = BURST;
  private long filledAt;
  private long intervalNanos = INTERVAL_NANOS;
  private int failures;

  /**
   * A full bucket.
   *
   * @param random gives numbers from 0 to 1
   */
  Pace(DoubleSupplier random, long now) {
    this.random = random;
    this.filledAt = now;
  }

  /** How long to wait after an answer that took so long to digest. */
  long afterAnswer(long now, long digestNanos) {
    succeeded();
    fill(now);
    intervalNanos = Math.max(INTERVAL_NANOS, SHARE * digestNanos);
    tokens -= 1;
    long owed = tokens >= 0 ? 0 : (long) (-tokens * intervalNanos);
    return owed + (long) (random.getAsDouble() * SPREAD_NANOS);
  }

  /** The next failure will be the first. */
  void succeeded() {
    failures = 0;
  }

  private void fill(long now) {
    tokens = Math.min(BURST, tokens + (double) (now - filledAt) / intervalNanos);
    filledAt = now;
  }

  /** How long to wait after a failure: between half and all of a time that doubles each time. */
  long afterFailure() {
    long most = Math.min(RETRY_MAX_NANOS, RETRY_NANOS << Math.min(failures, 10));
    failures++;
    return spread(most);
  }

  /** Between half and all of it. */
  long spread(long nanos) {
    return (long) (nanos * (1 + random.getAsDouble()) / 2);
  }
}
