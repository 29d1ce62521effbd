package io.liblink.pubsub;

import io.liblink.delivery.TopicOptions;
import io.liblink.session.Stream;
import io.liblink.telemetry.Counters;
import io.liblink.telemetry.Drop;
import io.liblink.time.TimeSource;
import io.liblink.transport.Link;
import io.liblink.wire.OpenFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The topics that a node publishes. Thread-safe. */
public final class Topics {
  /** Topics of closed services of which the numbers are remembered. */
  private static final int MOST_CLOSED = 10_000;

  private final TimeSource time;
  private final Counters counters;
  private final TopicCounters own;
  private final int messageBytes;

  /** By {@code service/topic}; replaced as a whole, under the lock. */
  private volatile Map<String, PublishedTopic> topics = Map.of();

  /** What was published by services that are closed: numbers go on when they are served again. The oldest first. */
  private final Map<String, Tail> closed = new LinkedHashMap<>();

  /**
   * None yet.
   *
   * @param messageBytes the largest message
   */
  public Topics(TimeSource time, Counters counters, int messageBytes) {
    this.time = time;
    this.counters = counters;
    this.own = new TopicCounters(counters);
    this.messageBytes = messageBytes;
  }

  /**
   * Takes subscriptions to the topics of a service from now on.
   *
   * @param options by the names of the topics
   */
  public synchronized void serve(String service, Map<String, TopicOptions> options) {
    Map<String, PublishedTopic> all = new HashMap<>(topics);
    options.forEach((name, o) -> {
      String target = service + "/" + name;
      all.put(target, new PublishedTopic(this, target, o, closed.remove(target)));
    });
    topics = all;
  }

  /** No longer. Who is subscribed all the same gets the end at once. */
  public synchronized void remove(String service) {
    Map<String, PublishedTopic> left = new HashMap<>(topics);
    for (PublishedTopic topic : of(service)) {
      topic.cut();
      topic.tail().clear();
      left.remove(topic.target());
      if (topic.published() > 0) {
        remember(topic);
      }
    }
    topics = left;
  }

  private void remember(PublishedTopic topic) {
    if (closed.size() >= MOST_CLOSED) {
      closed.remove(closed.keySet().iterator().next());
    }
    closed.put(topic.target(), topic.tail());
  }

  /** The topics of a service. */
  public List<PublishedTopic> of(String service) {
    List<PublishedTopic> found = new ArrayList<>();
    topics.forEach((target, topic) -> {
      if (target.startsWith(service + "/")) {
        found.add(topic);
      }
    });
    return found;
  }

  /** All topics. */
  public List<PublishedTopic> all() {
    return new ArrayList<>(topics.values());
  }

  /** The topic of that target; null when there is none. */
  public @Nullable PublishedTopic get(String target) {
    return topics.get(target);
  }

  /** A peer subscribes; null when there is no such topic. */
  public @Nullable Stream open(Link link, OpenFrame open, long now) {
    PublishedTopic topic = topics.get(open.target().toString());
    return topic == null ? null : topic.open(link, open, now);
  }

  long nanos() {
    return time.nanos();
  }

  int messageBytes() {
    return messageBytes;
  }

  TopicCounters counters() {
    return own;
  }

  void drop(Drop reason) {
    counters.drop(reason);
  }
}
