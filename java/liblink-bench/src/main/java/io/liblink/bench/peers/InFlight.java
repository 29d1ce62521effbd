package io.liblink.bench.peers;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * How many items each worker has, as their producer counts them. Since the producer never has more
 * in flight than all credit together, the worker with the least always has credit. Thread-safe, for
 * one pushing thread.
 */
public final class InFlight {
  /** Counters lie so far apart that two threads do not share a cache line. */
  private static final int APART = 32;

  private final int workers;
  private final AtomicIntegerArray counts;

  /** Nothing is in flight. */
  public InFlight(int workers) {
    this.workers = workers;
    this.counts = new AtomicIntegerArray(workers * APART);
  }

  /** Counts one more for the worker that has the least, and gives its index. */
  public int take() {
    int least = 0;
    for (int i = 1; i < workers; i++) {
      if (counts.get(i * APART) < counts.get(least * APART)) {
        least = i;
      }
    }
    counts.getAndIncrement(least * APART);
    return least;
  }

  /** So many came back from a worker. */
  public void done(int worker, int items) {
    counts.getAndAdd(worker * APART, -items);
  }
}
