package io.liblink.proof.pubsub;

import io.liblink.Node;
import io.liblink.Service;
import io.liblink.SubscriberState;
import io.liblink.Topic;
import io.liblink.delivery.TopicOptions;
import io.liblink.proof.books.Pace;
import io.liblink.proof.process.Facts;
import io.liblink.proof.process.Part;
import io.liblink.proof.process.Role;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Publishes. {@code paced RATE MILLIS} publishes so many a second for so long, {@code burst COUNT} so many as fast as the
 * crowd takes them; neither waits for a node whose name begins with {@code victim}. {@code heap} collects garbage and
 * tells what is left, {@code lag} what waits for the victim and the others.
 */
public final class FeedRole implements Role {
  private static final int LOOK_EVERY = 64;
  private static final long LOOK_NANOS = 200_000;

  @Override
  public void start(Part part) {
    int bytes = (int) part.told().number("bytes");
    int keep = (int) part.told().number("keep");
    Node node = part.join();
    node.serve(Service.named("feed")
        .topic("ticks", byte[].class, TopicOptions.defaults().keep(keep, 16L << 20)));
    Topic topic = node.topic("feed/ticks");
    // How far the crowd may be behind: far less than what is kept, so that it never misses any.
    int lag = keep / 4;
    part.on("subscribers", words -> {
      topic.awaitSubscribers(Integer.parseInt(words), Duration.ofSeconds(60));
      return Facts.NONE;
    });
    part.on("paced", words -> {
      String[] numbers = words.split(" ", -1);
      long perSecond = Long.parseLong(numbers[0]);
      Pace pace = new Pace(perSecond);
      return publish(topic, bytes, lag, perSecond * Long.parseLong(numbers[1]) / 1000, pace);
    });
    part.on("burst", words -> publish(topic, bytes, lag, Long.parseLong(words), null));
    part.on("heap", words -> heap());
    part.on("state", words -> state(topic));
  }

  /** Publishes so many; a message says when. */
  private static Facts publish(Topic topic, int bytes, int lag, long count, @Nullable Pace pace) {
    long start = System.nanoTime();
    for (long i = 0; i < count; i++) {
      if (i % LOOK_EVERY == 0) {
        awaitCrowd(topic, lag);
      }
      if (pace != null) {
        pace.await();
      }
      byte[] payload = Follower.payload(topic.published() + 1, bytes);
      ByteBuffer.wrap(payload).putLong(Long.BYTES, System.nanoTime());
      topic.publish(payload);
    }
    awaitCrowd(topic, 0);
    return Facts.of(
        "published", topic.published(),
        "micros", TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start));
  }

  private static void awaitCrowd(Topic topic, long most) {
    while (lag(topic, false) > most) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private static long lag(Topic topic, boolean ofVictim) {
    return topic.subscribers().stream()
        .filter(s -> s.node().startsWith("victim") == ofVictim)
        .mapToLong(SubscriberState::lag)
        .max()
        .orElse(0);
  }

  private static Facts state(Topic topic) {
    return Facts.of(
        "subscribers", topic.subscribers().size(),
        "published", topic.published(),
        "victim-lag", lag(topic, true),
        "crowd-lag", lag(topic, false));
  }

  private static Facts heap() throws InterruptedException {
    for (int i = 0; i < 2; i++) {
      System.gc();
      Thread.sleep(50); // what is cleaned behind the collector
    }
    return Facts.of(
        "kib", ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 10);
  }
}
