package io.liblink;

import io.liblink.message.Message;
import io.liblink.pubsub.PublishedTopic;
import io.liblink.pubsub.TopicStream;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A topic that this node serves. */
final class ServedTopic implements Topic {
  private final NodeCore core;
  private final PublishedTopic topic;
  private final Class<?> type;

  ServedTopic(NodeCore core, PublishedTopic topic, Class<?> type) {
    this.core = core;
    this.topic = topic;
    this.type = type;
  }

  @Override
  public long publish(Object value) {
    return send(null, value);
  }

  @Override
  public long publish(String key, Object value) {
    return send(key, value);
  }

  private long send(@Nullable String key, Object value) {
    if (!(value instanceof Message) && !type.isInstance(value)) {
      throw new IllegalArgumentException("'" + topic.target() + "' is a topic of " + type.getName()
          + ", and this is "
          + (value == null ? "null" : value.getClass().getName()));
    }
    return topic.publish(core.trace(), key, core.codecs().encode(value));
  }

  @Override
  public long published() {
    return topic.published();
  }

  @Override
  public List<SubscriberState> subscribers() {
    return topic.subscribers().stream().map(ServedTopic::state).toList();
  }

  private static SubscriberState state(TopicStream s) {
    return new SubscriberState(
        s.link().peer().instance(),
        s.link().peer().node(),
        s.link().identity(),
        s.link().remote(),
        s.lag(),
        s.sent(),
        s.missed(),
        s.filter(),
        s.whenFull());
  }

  @Override
  public void awaitSubscribers(int count, Duration timeout) {
    core.requireMayBlock();
    await(
        () -> topic.awaitSubscribers(count, Timeouts.nanos(timeout)),
        () -> "not " + count + " subscribers of '" + topic.target() + "' within "
            + timeout.toMillis() + " ms: there are " + topic.subscribers().size());
  }

  @Override
  public void awaitLag(long most, Duration timeout) {
    core.requireMayBlock();
    await(() -> topic.awaitLag(most, Timeouts.nanos(timeout)), () -> {
      List<String> behind = topic.subscribers().stream()
          .filter(s -> s.lag() > most)
          .map(s -> s.link() + " (" + s.lag() + ")")
          .toList();
      return "more than " + most + " messages of '" + topic.target() + "' wait after "
          + timeout.toMillis() + " ms: for " + String.join(", ", behind);
    });
  }

  private interface Wait {
    boolean isOver() throws InterruptedException;
  }

  private static void await(Wait wait, java.util.function.Supplier<String> late) {
    try {
      if (!wait.isOver()) {
        throw LinkException.failure(Status.DEADLINE_EXCEEDED, Stage.WAIT, late.get())
            .build();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw LinkException.failure(
              Status.CANCELLED, Stage.WAIT, "the waiting thread was interrupted")
          .cause(e)
          .build();
    }
  }
}
