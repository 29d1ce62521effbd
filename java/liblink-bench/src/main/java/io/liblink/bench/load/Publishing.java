package io.liblink.bench.load;

import io.liblink.bench.peers.PubSub;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A publisher's side of its workloads. For one thread. */
public final class Publishing {
  private static final int BETWEEN_LOOKS = 64;

  private final PubSub.Publisher publisher;
  private long published;

  /** Nothing is published yet. */
  public Publishing(PubSub.Publisher publisher) {
    this.publisher = publisher;
  }

  /** Publishes for so long, as fast as nothing is lost, or at the workload's pace. */
  public Span run(Workload workload, double seconds) throws Exception {
    publisher.awaitSubscribers(workload.parallel());
    Numbered payloads = new Numbered(workload.bytes());
    long before = published;
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    if (workload.perSecond() == 0) {
      flood(payloads, end);
    } else {
      pace(payloads, start, end, TimeUnit.SECONDS.toNanos(1) / workload.perSecond());
    }
    publisher.flush();
    return new Span(published, published - before, start, System.nanoTime(), Latencies.NONE);
  }

  private void flood(Numbered payloads, long end) throws Exception {
    do {
      for (int i = 0; i < BETWEEN_LOOKS; i++) {
        publisher.publish(payloads.make(++published, 0));
      }
    } while (System.nanoTime() - end < 0);
  }

  /**
   * One message at each due time. It carries the moment before it is published; or, when a publish
   * before took so long that it is late, the moment at which it was due.
   */
  private void pace(Numbered payloads, long start, long end, long interval) throws Exception {
    for (long due = start; due - end < 0; due += interval) {
      long stamp = due;
      long now;
      while ((now = System.nanoTime()) - due < 0) {
        LockSupport.parkNanos(due - now);
        stamp = 0;
      }
      publisher.publish(payloads.make(++published, stamp == 0 ? now : stamp));
      publisher.flush();
    }
  }
}
