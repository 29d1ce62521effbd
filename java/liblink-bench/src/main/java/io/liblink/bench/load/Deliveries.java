package io.liblink.bench.load;

import io.liblink.bench.peers.PubSub;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The subscribers' side: each link must get every message once and in order, anything else fails the
 * slice. For one thread; the sinks are called by others.
 */
public final class Deliveries {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

  private final List<Link> links = new ArrayList<>();
  private volatile Latencies latencies = new Latencies();

  /** A handler for one more link. */
  public PubSub.Sink link() {
    Link link = new Link(links.size());
    links.add(link);
    return link;
  }

  /** Waits until every link has what was published. */
  public Slice collect(Workload workload, Span span) throws IOException {
    long last = 0;
    for (Link link : links) {
      if (link.await(span.total())) {
        last = System.nanoTime();
      }
    }
    Latencies ours = latencies;
    latencies = new Latencies();
    long delivered = span.count() * links.size();
    return span.slice(
        delivered, workload.bytes(), last == 0 ? span.endNanos() : last, ours.summary());
  }

  private final class Link implements PubSub.Sink {
    private final int index;

    /** Written by one thread at a time. */
    private final AtomicLong received = new AtomicLong();

    private volatile @Nullable Throwable failure;

    Link(int index) {
      this.index = index;
    }

    @Override
    public void arrived(byte[] message) {
      long next = received.getPlain() + 1;
      if (Numbered.number(message) != next) {
        failed(new IllegalStateException(
            "message " + Numbered.number(message) + " came instead of " + next));
      }
      long stamp = Numbered.stamp(message);
      if (stamp != 0) {
        latencies.record(System.nanoTime() - stamp);
      }
      received.setRelease(next);
    }

    @Override
    public void failed(Throwable cause) {
      if (failure == null) {
        failure = cause;
      }
    }

    /** True when it had to wait; fails when nothing comes for long. */
    boolean await(long total) throws IOException {
      boolean waited = false;
      long seen = received.get();
      long since = System.nanoTime();
      while (seen < total && failure == null && System.nanoTime() - since < PATIENCE_NANOS) {
        waited = true;
        LockSupport.parkNanos(LOOK_NANOS);
        if (received.get() != seen) {
          seen = received.get();
          since = System.nanoTime();
        }
      }
      if (failure != null || seen != total) {
        throw new IOException(
            "link " + index + " received " + seen + " of " + total + " messages", failure);
      }
      return waited;
    }
  }
}
