package io.liblink.routing;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many calls may be repeated: over the last 10 s one for every five calls, and ten a second in
 * any case. When a whole service is failing, repeats then add a fifth to its load and no multiple.
 * The rule is Finagle's.
 *
 * <p>Thread-safe, and never waits. {@link #deposit} is on the way of every call: a striped counter and
 * one look at the clock reading. The window moves in slices of 1 s, so it spans between 9 and 10 s.
 */
public final class RetryBudget {
  /** Every so many calls earn one repeat. */
  public static final int CALLS_PER_REPEAT = 5;

  /** Repeats that are always there, per second. */
  public static final int MIN_PER_SECOND = 10;

  /** The length of the window in seconds. */
  public static final int WINDOW_SECONDS = 10;

  private static final long SLICE_NANOS = 1_000_000_000L;
  private static final long RESERVE = MIN_PER_SECOND * WINDOW_SECONDS;

  private final LongAdder deposits = new LongAdder();
  private final AtomicLong withdrawals = new AtomicLong();
  private final ReentrantLock rolling = new ReentrantLock(); // only ever tried
  private volatile Slices slices; // written under rolling

  /** Both sums only ever grow; the window is the difference to where they stood when it began. */
  private static final class Slices {
    final long endNanos;
    private final long[] deposits; // at the begin of each slice; never changed
    private final long[] withdrawals;

    Slices(long endNanos, long[] deposits, long[] withdrawals) {
      this.endNanos = endNanos;
      this.deposits = deposits;
      this.withdrawals = withdrawals;
    }

    long depositsBefore() {
      return deposits[0];
    }

    long withdrawalsBefore() {
      return withdrawals[0];
    }

    /** The slices as of {@code nowNanos}; what was counted since the last roll is in the old one. */
    Slices rolled(long nowNanos, long depositSum, long withdrawalSum) {
      long passed = (nowNanos - endNanos) / SLICE_NANOS + 1;
      return new Slices(
          endNanos + passed * SLICE_NANOS,
          shifted(deposits, passed, depositSum),
          shifted(withdrawals, passed, withdrawalSum));
    }

    private static long[] shifted(long[] sums, long passed, long sum) {
      long[] next = new long[sums.length];
      for (int i = 0; i < next.length; i++) {
        long from = i + passed;
        next[i] = from < sums.length ? sums[(int) from] : sum;
      }
      return next;
    }
  }

  /** Starts with an empty window. */
  public RetryBudget(long nowNanos) {
    slices = new Slices(nowNanos + SLICE_NANOS, new long[WINDOW_SECONDS], new long[WINDOW_SECONDS]);
  }

  /** A call starts; not for its repeats. */
  public void deposit(long nowNanos) {
    if (nowNanos - slices.endNanos >= 0) {
      roll(nowNanos);
    }
    deposits.increment();
  }

  /** Takes one repeat. False: the call must fail with what it has. */
  public boolean withdraw(long nowNanos) {
    roll(nowNanos);
    while (true) {
      long taken = withdrawals.get();
      if (balance(slices, taken) < 1) {
        return false;
      }
      if (withdrawals.compareAndSet(taken, taken + 1)) {
        return true;
      }
    }
  }

  /** How many repeats could be taken now. */
  public int balance(long nowNanos) {
    roll(nowNanos);
    return (int) Math.max(0, balance(slices, withdrawals.get()));
  }

  private long balance(Slices window, long taken) {
    return RESERVE
        + (deposits.sum() - window.depositsBefore()) / CALLS_PER_REPEAT
        - (taken - window.withdrawalsBefore());
  }

  private void roll(long nowNanos) {
    // Who does not get the lock may use the old window: it is a moment too long, which is harmless.
    if (nowNanos - slices.endNanos < 0 || !rolling.tryLock()) {
      return;
    }
    try {
      Slices old = slices;
      if (nowNanos - old.endNanos >= 0) {
        slices = old.rolled(nowNanos, deposits.sum(), withdrawals.get());
      }
    } finally {
      rolling.unlock();
    }
  }
}
