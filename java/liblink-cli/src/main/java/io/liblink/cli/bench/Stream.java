package io.liblink.cli.bench;

import io.liblink.Event;
import io.liblink.RemoteService;
import io.liblink.Subscription;
import io.liblink.Topic;
import io.liblink.delivery.SubscribeOptions;
import io.liblink.time.TimeSource;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Messages from one publisher to some subscribers for a while. A message carries when it was due, in
 * nanoseconds of this process, from which its latency runs in each handler: at a rate, a stall of the
 * publisher shows in every message that it delayed (coordinated omission). Without a rate, messages
 * are published no faster than all subscribers take them. Not thread-safe.
 */
final class Stream {
  /** What a message needs for the time it carries. */
  static final int LEAST_BYTES = Long.BYTES;

  private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(5);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int PORTION = 1_024;
  private static final int MOST_LAG = 4_096;

  private final TimeSource time;
  private final boolean timed;
  private final Recorder recorder = new Recorder(LONGEST_NANOS, 3);
  private final LongAdder delivered = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final List<Subscription> subscriptions = new ArrayList<>();
  private volatile long measureFrom = Long.MAX_VALUE;
  private volatile long measureTo = Long.MAX_VALUE;
  private long published;
  private long publishedMeasured;

  /** With {@code timed}, messages are those of {@link #publish}; otherwise somebody else's. */
  Stream(TimeSource time, boolean timed) {
    this.time = time;
    this.timed = timed;
  }

  /**
   * What came of it.
   *
   * @param seconds how long was measured
   * @param published meanwhile, 0 when somebody else published
   * @param delivered to handlers meanwhile, of all subscribers together
   * @param bytes of those
   * @param missed messages told as gaps, from the first on
   * @param lost messages that neither came nor were told as missed; -1 when that can't be known
   * @param times from due to handler, in nanoseconds
   */
  record Result(
      double seconds,
      long published,
      long delivered,
      long bytes,
      long missed,
      long lost,
      Histogram times) {}

  /** One more subscriber; blocks until it is subscribed. */
  void subscribe(RemoteService service, String topic) {
    subscriptions.add(
        service.subscribeBatches(topic, byte[].class, SubscribeOptions.defaults(), this::on));
  }

  private void on(List<Event<byte[]>> events) {
    long now = time.nanos();
    if (now - measureFrom < 0 || now - measureTo >= 0) {
      return;
    }
    delivered.add(events.size());
    long sum = 0;
    for (Event<byte[]> event : events) {
      byte[] payload = event.value();
      sum += payload.length;
      if (timed) {
        long due = ByteBuffer.wrap(payload).getLong();
        recorder.recordValue(Math.min(LONGEST_NANOS, Math.max(1, now - due)));
      }
    }
    bytes.add(sum);
  }

  /** Measures what somebody else publishes; blocks meanwhile. */
  Result watch(Duration warmUp, Duration measured) {
    measure(warmUp, measured);
    parkUntil(measureTo);
    return result(measured, -1);
  }

  /**
   * Publishes and measures; blocks until all subscribers have everything.
   *
   * @param rate messages per second, 0 for as many as go
   */
  Result publish(Topic topic, int size, double rate, Duration warmUp, Duration measured) {
    measure(warmUp, measured);
    long begin = time.nanos();
    while (true) {
      long due = rate > 0 ? begin + (long) (published * (1e9 / rate)) : time.nanos();
      if (due - measureTo >= 0) {
        break;
      }
      if (rate > 0) {
        parkUntil(due);
      }
      topic.publish(ByteBuffer.allocate(size).putLong(due).array());
      published++;
      publishedMeasured += due - measureFrom >= 0 ? 1 : 0;
      if (rate == 0 && published % PORTION == 0) {
        topic.awaitLag(MOST_LAG, PATIENCE);
      }
    }
    topic.awaitLag(0, PATIENCE);
    return result(measured, lost());
  }

  private void measure(Duration warmUp, Duration measured) {
    long now = time.nanos();
    measureTo = now + warmUp.plus(measured).toNanos();
    measureFrom = now + warmUp.toNanos();
  }

  private void parkUntil(long at) {
    for (long wait = at - time.nanos(); wait > 0; wait = at - time.nanos()) {
      LockSupport.parkNanos(wait);
    }
  }

  /** What is on its way is waited for; what is not there then is lost. */
  private long lost() {
    long end = time.nanos() + PATIENCE.toNanos();
    while (missing() > 0 && time.nanos() - end < 0) {
      LockSupport.parkNanos(1_000_000);
    }
    return missing();
  }

  private long missing() {
    return published * subscriptions.size()
        - subscriptions.stream().mapToLong(s -> s.received() + s.missed()).sum();
  }

  private Result result(Duration measured, long lost) {
    return new Result(
        measured.toNanos() / 1e9,
        publishedMeasured,
        delivered.sum(),
        bytes.sum(),
        subscriptions.stream().mapToLong(Subscription::missed).sum(),
        lost,
        recorder.getIntervalHistogram());
  }
}
