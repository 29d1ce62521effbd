package io.liblink.bench.load;

import io.liblink.bench.peers.Pipeline;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * How many items are pushed and not acknowledged. Counted up by the producer's thread only, down by
 * any. A producer that found it full is woken when it is half empty, not for each receipt.
 */
final class Window implements Pipeline.Receipts {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final int size;
  private final AtomicLong settled = new AtomicLong();
  private volatile Latencies accepted = new Latencies();
  private long pushed;
  private long seenSettled;
  private volatile long wakeAt = Long.MAX_VALUE;
  private volatile @Nullable Thread waiting;
  private volatile @Nullable Throwable failure;

  Window(int size) {
    this.size = size;
  }

  @Override
  public void settled(int items) {
    if (settled.addAndGet(items) >= wakeAt) {
      LockSupport.unpark(waiting);
    }
  }

  @Override
  public void accepted(long nanos) {
    accepted.record(nanos);
  }

  /** How long accepting took since this was asked last. */
  Latencies.Summary takeAccepted() {
    Latencies.Summary taken = accepted.summary();
    accepted = new Latencies();
    return taken;
  }

  @Override
  public void failed(Throwable cause) {
    failure = cause;
    LockSupport.unpark(waiting);
  }

  /** Counts an item; false when there was no room, and nothing was counted. */
  boolean take() {
    if (pushed - seenSettled >= size) {
      seenSettled = settled.get();
      if (pushed - seenSettled >= size) {
        return false;
      }
    }
    pushed++;
    return true;
  }

  long pushed() {
    return pushed;
  }

  /** Waits until half of it is free. */
  void awaitRoom(Pipeline.Producer producer) throws Exception {
    await(producer, pushed - size / 2);
  }

  /** Waits for the last receipt. */
  void awaitAll(Pipeline.Producer producer) throws Exception {
    await(producer, pushed);
  }

  private void await(Pipeline.Producer producer, long until) throws Exception {
    waiting = Thread.currentThread();
    wakeAt = until;
    long seen = settled.get();
    long since = System.nanoTime();
    while (settled.get() < until) {
      if (failure != null) {
        throw new IOException("a push failed", failure);
      }
      if (!producer.takeReceipts()) {
        LockSupport.parkNanos(this, LOOK_NANOS);
      }
      if (settled.get() != seen) {
        seen = settled.get();
        since = System.nanoTime();
      } else if (System.nanoTime() - since > PATIENCE_NANOS) {
        throw new TimeoutException((pushed - seen) + " items were never acknowledged");
      }
    }
    wakeAt = Long.MAX_VALUE;
  }
}
