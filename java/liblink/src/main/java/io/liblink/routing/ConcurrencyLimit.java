package io.liblink.routing;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many requests may be with handlers at once. What is over is refused at once, so that waiting is
 * bounded by the limit over the rate of the handlers. Fixed: {@code
 * docs/decisions/0004-in-flight-limit.md} has the measurements of an adaptive one.
 *
 * <p>Thread-safe, no locks.
 */
public final class ConcurrencyLimit {
  private final int limit;
  private final AtomicInteger inFlight = new AtomicInteger();

  /**
   * @param limit at least 1
   */
  public ConcurrencyLimit(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("a limit of " + limit + " would refuse everything");
    }
    this.limit = limit;
  }

  /** Takes a place; true needs exactly one {@link #release}. */
  public boolean tryAcquire() {
    // Added first and taken back when over: one atomic step on the way of a good request. While
    // others are being refused a free place may be refused too, never one too many granted.
    if (inFlight.incrementAndGet() <= limit) {
      return true;
    }
    inFlight.decrementAndGet();
    return false;
  }

  /** Gives the place back. */
  public void release() {
    inFlight.decrementAndGet();
  }

  /** Requests with handlers now. */
  public int inFlight() {
    return Math.min(limit, inFlight.get());
  }

  /** The most. */
  public int limit() {
    return limit;
  }
}
