package io.liblink.routing;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Which requests a node takes: at most so many at once, and none that would wait for a handler longer
 * than {@code 1/}{@value #SHARE} of the time it has left. What is refused is refused at once, and its
 * caller still has the time to go elsewhere.
 *
 * <p>The second rule looks at how long the last started request had waited, and only while some wait.
 * Under overload a queue in order of arrival otherwise serves everyone just too late. It never refuses
 * because handlers are slow but not waited for: {@code docs/decisions/0004-in-flight-limit.md} has the
 * measurements, also of limits that adapt to latency.
 *
 * <p>Thread-safe, no locks; one atomic step to take, to start and to release.
 */
public final class ConcurrencyLimit {
  /** The last wait may be at most the remaining time divided by this. */
  public static final int SHARE = 4;

  private static final long ONE_IN_FLIGHT = 1;
  private static final long ONE_WAITING = 1L << 32;

  private final int limit;

  /** In flight in the lower half, of these not started yet in the upper half. */
  private final AtomicLong counts = new AtomicLong();

  private volatile long lastWaitNanos;

  /**
   * @param limit at least 1
   */
  public ConcurrencyLimit(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("a limit of " + limit + " would refuse everything");
    }
    this.limit = limit;
  }

  /**
   * Takes a place for a request that is going to wait for a thread. True needs exactly one {@link
   * #started} and then one {@link #release}.
   *
   * @param remainingNanos until its deadline
   */
  public boolean tryAcquire(long remainingNanos) {
    long now = counts.addAndGet(ONE_IN_FLIGHT + ONE_WAITING);
    boolean othersWait = now >= 2 * ONE_WAITING;
    if ((int) now <= limit && !(othersWait && lastWaitNanos > remainingNanos / SHARE)) {
      return true;
    }
    // Taken back: while others are being refused a free place may be refused, never one too many
    // granted.
    counts.addAndGet(-ONE_IN_FLIGHT - ONE_WAITING);
    return false;
  }

  /** Takes a place for a request whose handler runs at once. True needs one {@link #release}. */
  public boolean tryAcquireStarted() {
    if ((int) counts.addAndGet(ONE_IN_FLIGHT) <= limit) {
      return true;
    }
    counts.addAndGet(-ONE_IN_FLIGHT);
    return false;
  }

  /** The request got its thread, or was found cancelled then, after waiting that long. */
  public void started(long waitedNanos) {
    lastWaitNanos = waitedNanos;
    counts.addAndGet(-ONE_WAITING);
  }

  /** Gives the place back. */
  public void release() {
    counts.addAndGet(-ONE_IN_FLIGHT);
  }

  /** Requests taken and not released; for a moment above the limit while some are being refused. */
  public int inFlight() {
    return (int) counts.get();
  }

  /** Of these, how many wait for a thread. */
  public int waiting() {
    return (int) (counts.get() >>> 32);
  }

  /** How long the last started request had waited. */
  public long lastWaitNanos() {
    return lastWaitNanos;
  }

  /** The most in flight. */
  public int limit() {
    return limit;
  }
}
