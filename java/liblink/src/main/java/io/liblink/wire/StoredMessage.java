package io.liblink.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A message as it is kept on disk: {@code version u8 | flags u8 | [trace 25] | headers | content_type
 * str | payload}, laid out as on the wire, but whole whatever its size.
 *
 * @param trace the span that it belongs to, or null
 * @param content never in pieces
 */
public record StoredMessage(@Nullable TraceContext trace, Content content) {
  private static final byte VERSION = 1;

  /** Its bytes. */
  public byte[] encode() {
    byte[] payload = content.payload();
    int head = 2
        + (trace == null ? 0 : TraceContext.SIZE)
        + Fields.sizeOf(content.headers())
        + content.contentType().size();
    ByteBuffer out = ByteBuffer.allocate(head + payload.length);
    out.put(VERSION).put((byte) (trace == null ? 0 : Protocol.FLAG_TRACE));
    if (trace != null) {
      trace.encode(out);
    }
    Fields.encode(content.headers(), out);
    content.contentType().encode(out);
    out.put(payload);
    return out.array();
  }

  /**
   * Reads it.
   *
   * @param texts remembers strings from one message to the next
   * @throws ProtocolException when it is anything else, saying what
   */
  public static StoredMessage decode(byte[] bytes, Texts texts) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    Fields.need(in, 2, "stored message");
    byte version = in.get();
    if (version != VERSION) {
      throw new ProtocolException("§3.7", "a stored message of version " + version);
    }
    int flags = in.get();
    TraceContext trace = (flags & Protocol.FLAG_TRACE) == 0 ? null : TraceContext.decode(in);
    var headers = Fields.headers(in, texts);
    Text contentType = texts.read(in, "content type", Protocol.MAX_CONTENT_TYPE);
    byte[] payload = Fields.payload(in);
    return new StoredMessage(trace, new Content(headers, contentType, payload));
  }
}
