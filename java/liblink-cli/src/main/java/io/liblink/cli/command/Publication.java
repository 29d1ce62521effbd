package io.liblink.cli.command;

import io.liblink.SubscriberState;
import io.liblink.Topic;
import io.liblink.cli.output.Figures;
import io.liblink.delivery.TopicOptions;
import io.liblink.message.Message;
import io.liblink.message.NodeId;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import io.liblink.time.TimeSource;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Publishes to one topic no faster than its subscribers take it, as long as they take anything, and
 * remembers who they were. Thread-safe.
 */
final class Publication {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration STEP = Duration.ofMillis(250);
  private static final long LOOK_NANOS = 100_000_000;

  private final Topic topic;
  private final TimeSource time;
  private final long portion;
  private final long portionBytes;
  private final Map<NodeId, SubscriberState> seen = new LinkedHashMap<>();
  private volatile boolean patient;
  private volatile long published;
  private long sincePortion;
  private long bytesSincePortion;
  private long lastLook;

  /**
   * To that topic.
   *
   * @param options what the topic keeps: a quarter of it is a portion, and a subscriber must have taken
   *     one portion before the next but one is published
   * @param patient whether subscribers are waited for at all
   */
  Publication(Topic topic, TimeSource time, TopicOptions options, boolean patient) {
    this.topic = topic;
    this.time = time;
    this.portion = Math.max(1, options.messages() / 4);
    this.portionBytes = Math.max(1, options.bytes() / 4);
    this.patient = patient;
    this.lastLook = time.nanos() - LOOK_NANOS;
  }

  /**
   * Publishes, and waits for subscribers when a portion is full.
   *
   * @param key null for none
   * @return who took nothing for a while and is not waited for from now on, in words; else null
   */
  synchronized @Nullable String publish(@Nullable String key, Message message) {
    if (key == null) {
      topic.publish(message);
    } else {
      topic.publish(key, message);
    }
    published++;
    sincePortion++;
    bytesSincePortion += message.size();
    if (time.nanos() - lastLook >= LOOK_NANOS) {
      look();
    }
    if (!patient || (sincePortion < portion && bytesSincePortion < portionBytes)) {
      return null;
    }
    String behind = awaitLag(sincePortion);
    patient = behind == null;
    sincePortion = 0;
    bytesSincePortion = 0;
    return behind;
  }

  /** Waits until subscribers have everything; returns who did not, in words, else null. */
  synchronized @Nullable String drain() {
    String behind = patient ? awaitLag(0) : awaitLag(0, STEP);
    look();
    return behind;
  }

  private @Nullable String awaitLag(long most) {
    long least = lag();
    long since = time.nanos();
    while (true) {
      String behind = awaitLag(most, STEP);
      long lag = lag();
      if (behind == null || behind.isEmpty()) { // caught up, or left
        return null;
      }
      if (lag < least) {
        least = lag;
        since = time.nanos();
      } else if (time.nanos() - since > PATIENCE.toNanos()) {
        return behind;
      }
    }
  }

  private @Nullable String awaitLag(long most, Duration patience) {
    try {
      topic.awaitLag(most, patience);
      return null;
    } catch (LinkException e) {
      if (e.status() != Status.DEADLINE_EXCEEDED) {
        throw e;
      }
      return topic.subscribers().stream()
          .filter(s -> s.lag() > most)
          .map(s -> label(s) + ", " + Figures.grouped(s.lag()) + " behind")
          .collect(Collectors.joining("; "));
    }
  }

  /** {@code node@id at 127.0.0.1:5}. */
  static String label(SubscriberState s) {
    return s.node() + "@" + s.id().shortText() + " at " + s.address();
  }

  private long lag() {
    return topic.subscribers().stream().mapToLong(SubscriberState::lag).sum();
  }

  private void look() {
    lastLook = time.nanos();
    seen.replaceAll((id, s) -> left(s));
    topic.subscribers().forEach(s -> seen.put(s.id(), s));
  }

  /** What waited for somebody who has left since then, it may have got or not wanted any more. */
  private static SubscriberState left(SubscriberState s) {
    return s.lag() == 0
        ? s
        : new SubscriberState(
            s.id(),
            s.node(),
            s.identity(),
            s.address(),
            0,
            s.sent(),
            s.missed(),
            s.filter(),
            s.whenFull());
  }

  /** Messages published so far. */
  long published() {
    return published;
  }

  /** Everybody who was seen to subscribe, as they were seen last. */
  synchronized Collection<SubscriberState> subscribers() {
    look();
    return java.util.List.copyOf(seen.values());
  }
}
