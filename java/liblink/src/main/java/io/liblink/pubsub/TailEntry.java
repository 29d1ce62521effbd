package io.liblink.pubsub;

import io.liblink.wire.Content;
import io.liblink.wire.EncodedMessage;
import io.liblink.wire.MessageFrame;
import io.liblink.wire.TraceContext;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message as it is kept: encoded once for everybody, unless it is so large that it travels in
 * fragments. Made by the publishing thread; all but {@link #superseded} is unchanged once it is in the
 * {@link Tail}.
 */
final class TailEntry {
  /** Counted for each message beside its frame: the objects that hold it. */
  private static final int OVERHEAD = 128;

  final Map<String, String> headers;
  final @Nullable String key;
  final int payload;

  private final @Nullable EncodedMessage whole;
  private final @Nullable Content large;
  private final @Nullable TraceContext trace;

  /** Its number; set under the lock of the tail, before others see it. */
  long sequence;

  /** When it was published; set with the sequence. */
  long nanos;

  /** Whether a newer one has the same key. Guarded by the lock of the tail. */
  boolean superseded;

  /** Throws IllegalArgumentException for what no frame takes. */
  TailEntry(@Nullable String key, @Nullable TraceContext trace, Content content) {
    this.headers = content.headers();
    this.key = key;
    this.payload = content.payload().length;
    this.trace = trace;
    this.whole = content.fragmented() ? null : EncodedMessage.of(trace, content);
    this.large = content.fragmented() ? content : null;
  }

  void numbered(long number, long now) {
    sequence = number;
    nanos = now;
    if (whole != null) {
      whole.sequence(number);
    }
  }

  /** Bytes of memory, about. */
  int cost() {
    return OVERHEAD + (whole == null ? payload : whole.size());
  }

  /** Bytes of the frame that all subscribers get; 0 for one that travels in fragments. */
  int frameSize() {
    return whole == null ? 0 : whole.size();
  }

  /** The frame that all subscribers get; null for one that travels in fragments. */
  @Nullable
  EncodedMessage whole() {
    return whole;
  }

  /** The message, when it travels in fragments. */
  MessageFrame large() {
    Content content = large;
    if (content == null) {
      throw new IllegalStateException("message " + sequence + " is not large");
    }
    return new MessageFrame(sequence, trace, content);
  }
}
