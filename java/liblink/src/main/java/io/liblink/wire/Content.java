package io.liblink.wire;

import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What OPEN, MESSAGE and CLOSE end with: headers, content type, and the payload or, with MORE, its
 * length. The payload of a MORE frame follows in CONTINUE frames.
 *
 * @param headers keys in lower case; unmodifiable
 * @param contentType empty for raw bytes
 * @param payload all of it when written; what the frame held when read (nothing, with MORE)
 * @param total the length of the whole payload
 * @param pieces a large payload as it arrived; {@code payload} is then empty. Null otherwise
 */
@SuppressWarnings("ArrayRecordComponent") // handed over without a copy; equality is not used
public record Content(
    Map<String, String> headers,
    Text contentType,
    byte[] payload,
    long total,
    @Nullable Pieces pieces) {
  /** No headers, no payload. */
  public static final Content EMPTY = new Content(Map.of(), Text.EMPTY, new byte[0], 0, null);

  /**
   * A whole one, to be sent.
   *
   * @throws IllegalArgumentException when the receiver would have to refuse the headers or the
   *     content type; says which and why
   */
  public Content(Map<String, String> headers, Text contentType, byte[] payload) {
    this(headers, contentType, payload, payload.length, null);
    if (!headers.isEmpty()) {
      Fields.checkHeaders(headers);
    }
    if (contentType.size() > 2 + Protocol.MAX_CONTENT_TYPE) {
      throw new IllegalArgumentException("a content type of more than 255 bytes");
    }
  }

  /** The same with some of its headers. */
  public Content withHeaders(Map<String, String> fewer) {
    return new Content(fewer, contentType, payload, total, pieces);
  }

  /** The same with the payload that was put together. */
  public Content withPayload(byte[] whole) {
    return new Content(headers, contentType, whole, whole.length, null);
  }

  /** The same with a payload that is still in pieces. */
  public Content withPieces(Pieces parts) {
    return new Content(headers, contentType, EMPTY.payload, parts.size(), parts);
  }

  /** Whether the payload travels in CONTINUE frames. */
  public boolean fragmented() {
    return total > Protocol.WHOLE_PAYLOAD;
  }

  /** Bytes of the head on the wire. */
  int headSize() {
    return Fields.sizeOf(headers) + contentType.size() + (fragmented() ? 4 : 0);
  }

  int flag() {
    return fragmented() ? Protocol.FLAG_MORE : 0;
  }

  /** How much of the payload is part of the frame itself. */
  int inFrame() {
    return fragmented() ? 0 : payload.length;
  }

  void encodeHead(ByteBuffer out) {
    Fields.encode(headers, out);
    contentType.encode(out);
    if (fragmented()) {
      out.putInt((int) total);
    }
  }

  static Content decode(ByteBuffer in, int flags, Texts texts) {
    Map<String, String> headers = Fields.headers(in, texts);
    Text contentType = texts.read(in, "content type", Protocol.MAX_CONTENT_TYPE);
    if ((flags & Protocol.FLAG_MORE) == 0) {
      if (in.remaining() > Protocol.WHOLE_PAYLOAD) {
        throw new ProtocolException(
            "§5.1",
            "a payload of " + in.remaining() + " bytes in one frame; above 16384 MORE is needed");
      }
      byte[] payload = Fields.payload(in);
      return new Content(headers, contentType, payload, payload.length, null);
    }
    Fields.need(in, 4, "payload length");
    long total = in.getInt() & 0xFFFF_FFFFL;
    Fields.end(in, "a frame with MORE");
    if (total <= Protocol.WHOLE_PAYLOAD) {
      throw new ProtocolException("§5.2", "MORE for a payload of only " + total + " bytes");
    }
    return new Content(headers, contentType, EMPTY.payload, total, null);
  }
}
