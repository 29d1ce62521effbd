package io.liblink.transport;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * How much payload waits to be sent on one link, so that a peer that does not read costs no more than
 * that. One payload always finds room, however large it is. Thread-safe.
 */
public final class SendRoom {
  /** How many threads may wait for room at once: the peer of one link must not get hold of all. */
  private static final int MOST_WAITING = 64;

  private static final long POLL_NANOS = 500_000;

  /** Who waited so long while the peer took nothing at all gives up. */
  private static final int FRUITLESS_POLLS = 1000;

  private final AtomicLong used = new AtomicLong();
  private final AtomicLong given = new AtomicLong();
  private final AtomicInteger waiting = new AtomicInteger();

  SendRoom() {}

  /** Takes room; false when there is none. */
  public boolean take(long bytes, long limit) {
    long before = used.getAndAdd(bytes);
    if (before > 0 && before + bytes > limit) {
      used.getAndAdd(-bytes);
      return false;
    }
    return true;
  }

  /** Gives room back. */
  public void give(long bytes) {
    used.getAndAdd(-bytes);
    given.getAndIncrement();
  }

  /** What is taken now. */
  public long used() {
    return used.get();
  }

  /**
   * Takes room, waiting for it while the peer reads. Not on an event loop.
   *
   * @param pointless ends the wait
   * @return false when there was none: the peer takes nothing, too many wait, it became pointless, or
   *     the thread was interrupted
   */
  public boolean await(long bytes, long limit, BooleanSupplier pointless) {
    if (waiting.incrementAndGet() > MOST_WAITING) {
      waiting.decrementAndGet();
      return take(bytes, limit);
    }
    try {
      long seen = given.get();
      int fruitless = 0;
      while (!take(bytes, limit)) {
        if (fruitless++ >= FRUITLESS_POLLS
            || pointless.getAsBoolean()
            || Thread.currentThread().isInterrupted()) {
          return false;
        }
        LockSupport.parkNanos(POLL_NANOS);
        long now = given.get();
        fruitless = now == seen ? fruitless : 0;
        seen = now;
      }
      return true;
    } finally {
      waiting.decrementAndGet();
    }
  }
}
