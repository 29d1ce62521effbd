package io.liblink.proof.pubsub;

import io.liblink.Event;
import io.liblink.Node;
import io.liblink.RemoteService;
import io.liblink.Subscription;
import io.liblink.delivery.SubscribeOptions;
import io.liblink.proof.process.Facts;
import io.liblink.proof.process.Part;
import io.liblink.proof.process.Role;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Many subscribers in one process, each a node of its own with a link of its own. {@code sample} tells of the time since
 * the last sample, {@code totals} of all time, {@code block} has every handler block until {@code release}.
 */
public final class CrowdRole implements Role {
  private static final Duration PATIENCE = Duration.ofSeconds(50); // machines are slow at times
  private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(30);

  private final List<Follower> followers = new ArrayList<>();
  private final List<Subscription> subscriptions = new ArrayList<>();
  private final Recorder latencies = new Recorder(1, LONGEST_NANOS, 3);
  private volatile CountDownLatch blocked = new CountDownLatch(0);
  private long sampled;

  @Override
  public void start(Part part) {
    long count = part.told().number("nodes");
    for (int i = 1; i <= count; i++) {
      Node node = part.join(part.told().text("name") + "-" + i, o -> o);
      RemoteService feed = node.service("feed").timeout(PATIENCE);
      feed.awaitReady(1, PATIENCE);
      Follower follower = new Follower(node.name());
      followers.add(follower);
      subscriptions.add(feed.subscribe(
          "ticks",
          byte[].class,
          follower.listening(SubscribeOptions.defaults()),
          (value, event) -> take(follower, event)));
    }
    part.on("sample", words -> sample());
    part.on("totals", words -> totals());
    part.on("block", words -> {
      blocked = new CountDownLatch(1);
      return Facts.NONE;
    });
    part.on("release", words -> {
      blocked.countDown();
      return Facts.NONE;
    });
  }

  private void take(Follower follower, Event<byte[]> event) throws InterruptedException {
    // Both processes are of one machine, whose monotonic clock they share.
    long sent = ByteBuffer.wrap(event.value()).getLong(Long.BYTES);
    long late = System.nanoTime() - sent;
    latencies.recordValue(Math.max(1, Math.min(LONGEST_NANOS, late)));
    follower.message(event);
    blocked.await();
  }

  private Facts sample() {
    long received = sum(Follower.Account::received);
    Histogram h = latencies.getIntervalHistogram();
    Facts facts = Facts.of(
        "received", received - sampled,
        "p50", h.getValueAtPercentile(50) / 1000,
        "p99", h.getValueAtPercentile(99) / 1000,
        "max", h.getMaxValue() / 1000);
    sampled = received;
    return facts;
  }

  private Facts totals() {
    long least =
        followers.stream().mapToLong(f -> f.sum(Follower.Account::total)).min().orElse(0);
    return Facts.of(
        "received", sum(Follower.Account::received),
        "missed", sum(Follower.Account::missed),
        "gaps", sum(Follower.Account::gaps),
        "least", least,
        "counted",
            subscriptions.stream().mapToLong(s -> s.received() + s.missed()).sum(),
        "wrong", followers.stream().mapToInt(f -> f.wrong().size()).sum());
  }

  private long sum(java.util.function.ToLongFunction<Follower.Account> number) {
    return followers.stream().mapToLong(f -> f.sum(number)).sum();
  }
}
