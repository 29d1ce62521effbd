package io.liblink.proof.books;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** So many a second, evenly; who falls behind catches up. For one thread. */
public final class Pace {
  private final double nanosEach;
  private final long start = System.nanoTime();
  private long taken;

  /** Starts now. */
  public Pace(double perSecond) {
    this.nanosEach = TimeUnit.SECONDS.toNanos(1) / perSecond;
  }

  /** Waits until it is time for the next one. */
  public void await() {
    long due = start + (long) (taken++ * nanosEach);
    for (long left = due - System.nanoTime();
        left > 0 && !Thread.currentThread().isInterrupted();
        left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
