package io.liblink.pubsub;

import io.liblink.delivery.Gap;
import io.liblink.status.Status;
import io.liblink.wire.Content;
import io.liblink.wire.MessageFrame;
import io.liblink.wire.ProtocolException;
import io.liblink.wire.Text;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The headers that the protocol itself puts on a MESSAGE of a topic (§6.7). */
final class GapHeaders {
  static final String COUNT = "liblink-gap";
  static final String REASON = "liblink-gap-reason";
  static final String KEY = "liblink-key";
  static final String RESERVED = "liblink-";

  private static final byte[] NOTHING = new byte[0];

  private GapHeaders() {}

  /**
   * How many messages it says are lost; 0 when it is a message.
   *
   * @throws ProtocolException when that can't be
   */
  static long count(MessageFrame frame) {
    Map<String, String> headers = frame.content().headers();
    String count = headers.isEmpty() ? null : headers.get(COUNT);
    if (count == null) {
      return 0;
    }
    if (!count.matches("[1-9][0-9]{0,17}")) {
      throw wrong(COUNT, count);
    }
    reason(frame);
    return Long.parseLong(count);
  }

  /** A frame that says so. */
  static MessageFrame gap(long last, long count, Gap.Reason reason) {
    return new MessageFrame(
        last,
        null,
        new Content(
            Map.of(COUNT, Long.toString(count), REASON, reason.text()), Text.EMPTY, NOTHING));
  }

  /** Of a gap that begins before or at that sequence, only what is behind it; all else as it is. */
  static MessageFrame behind(MessageFrame frame, long sequence) {
    long fresh = frame.sequence() - sequence;
    return count(frame) <= fresh ? frame : gap(frame.sequence(), fresh, reason(frame));
  }

  /**
   * Why they are lost, of a frame with a {@link #count}.
   *
   * @throws ProtocolException when it does not say so
   */
  static Gap.Reason reason(MessageFrame frame) {
    String text = frame.content().headers().getOrDefault(REASON, "");
    try {
      return Gap.Reason.of(text);
    } catch (IllegalArgumentException e) {
      throw wrong(REASON, text);
    }
  }

  private static ProtocolException wrong(String header, @Nullable String value) {
    return new ProtocolException(
        Status.INVALID_ARGUMENT, "§6.7", "the header " + header + " must not be '" + value + "'");
  }
}
