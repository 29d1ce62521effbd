package io.liblink;

import io.liblink.codec.json.Codecs;
import io.liblink.message.Message;
import io.liblink.message.NodeId;
import io.liblink.pubsub.Feed;
import io.liblink.wire.Content;
import io.liblink.wire.Contents;
import io.liblink.wire.MessageFrame;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A message as it came, decoded. */
record ReceivedEvent<T>(T value, Feed feed, MessageFrame frame) implements Event<T> {
  private static final String KEY = "liblink-key";
  private static final String RESERVED = "liblink-";

  /** Throws IllegalArgumentException when the message does not fit the type. */
  static <T> ReceivedEvent<T> of(Codecs codecs, Class<T> type, Feed feed, MessageFrame frame) {
    return new ReceivedEvent<>(codecs.decode(message(frame), type), feed, frame);
  }

  /** The message as it was published. */
  static Message message(MessageFrame frame) {
    Content content = frame.content();
    Map<String, String> headers = content.headers();
    if (headers.isEmpty() || headers.keySet().stream().noneMatch(k -> k.startsWith(RESERVED))) {
      return Contents.message(content);
    }
    Map<String, String> own = new LinkedHashMap<>(headers);
    own.keySet().removeIf(k -> k.startsWith(RESERVED));
    return Contents.message(content.withHeaders(Collections.unmodifiableMap(own)));
  }

  @Override
  public Message message() {
    return message(frame);
  }

  @Override
  public String topic() {
    return feed.topic();
  }

  @Override
  public NodeId publisher() {
    return feed.publisher();
  }

  @Override
  public String node() {
    return feed.node();
  }

  @Override
  public long sequence() {
    return frame.sequence();
  }

  @Override
  public @Nullable String key() {
    Map<String, String> headers = frame.content().headers();
    return headers.isEmpty() ? null : headers.get(KEY);
  }

  @Override
  public boolean lastValue() {
    return frame.sequence() < feed.start();
  }

  @Override
  public String toString() {
    return topic() + " " + sequence() + " of " + node() + ": " + value;
  }
}
