package io.liblink.wire;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The fields that several frames share. Every length is checked before anything is allocated. */
final class Fields {
  private static final byte[] NOTHING = new byte[0];

  private Fields() {}

  static void need(ByteBuffer in, int bytes, String what) {
    if (in.remaining() < bytes) {
      throw new ProtocolException(
          "§3.2", what + ": " + bytes + " bytes needed, " + in.remaining() + " left in the frame");
    }
  }

  /** Nothing may follow the last field of a frame without payload. */
  static void end(ByteBuffer in, String frame) {
    if (in.hasRemaining()) {
      throw new ProtocolException("§3.2", frame + ": " + in.remaining() + " bytes too many");
    }
  }

  static void header(ByteBuffer out, int bodySize, int type, int flags, int stream) {
    out.putInt(bodySize + Protocol.LENGTH_EXTRA)
        .put((byte) type)
        .put((byte) flags)
        .putInt(stream);
  }

  static int sizeOf(Map<String, String> headers) {
    if (headers.isEmpty()) {
      return 2;
    }
    int size = 2;
    for (Map.Entry<String, String> e : headers.entrySet()) {
      size += Text.of(e.getKey()).size() + Text.of(e.getValue()).size();
    }
    return size;
  }

  static void encode(Map<String, String> headers, ByteBuffer out) {
    out.putShort((short) headers.size());
    if (!headers.isEmpty()) {
      headers.forEach((key, value) -> {
        Text.of(key).encode(out);
        Text.of(value).encode(out);
      });
    }
  }

  static Map<String, String> headers(ByteBuffer in, Texts texts) {
    need(in, 2, "header count");
    int count = in.getShort() & 0xFFFF;
    if (count == 0) {
      return Map.of();
    }
    if (count > Protocol.MAX_HEADERS) {
      throw new ProtocolException(
          "§3.3", count + " headers; at most " + Protocol.MAX_HEADERS + " are allowed");
    }
    int start = in.position();
    Map<String, String> headers = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      String key = texts.read(in, "header key").toString();
      if (!isKey(key)) {
        throw new ProtocolException("§3.3", "a header key that is empty or not in lower case");
      }
      if (headers.put(key, texts.read(in, "header value").toString()) != null) {
        throw new ProtocolException("§3.3", "header '" + key + "' twice");
      }
    }
    if (in.position() - start > Protocol.MAX_HEADER_BYTES) {
      throw new ProtocolException(
          "§3.3", "headers of more than " + Protocol.MAX_HEADER_BYTES + " bytes");
    }
    return Collections.unmodifiableMap(headers);
  }

  /** Metadata: as headers, but keys may have capitals. */
  static Map<String, String> metadata(ByteBuffer in, Texts texts) {
    need(in, 2, "metadata count");
    int count = in.getShort() & 0xFFFF;
    if (count > Protocol.MAX_HEADERS) {
      throw new ProtocolException("§4.1", count + " pairs of metadata; at most 128 are allowed");
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      String key = texts.read(in, "metadata key").toString();
      metadata.put(key, texts.read(in, "metadata value").toString());
    }
    return Collections.unmodifiableMap(metadata);
  }

  /** Header keys: visible ASCII without capitals, at most 128. */
  static boolean isKey(String key) {
    if (key.isEmpty() || key.length() > 128) {
      return false;
    }
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      if (c <= ' ' || c >= 127 || (c >= 'A' && c <= 'Z')) {
        return false;
      }
    }
    return true;
  }

  /** What is left of the frame. */
  static byte[] payload(ByteBuffer in) {
    int length = in.remaining();
    if (length == 0) {
      return NOTHING;
    }
    byte[] payload = new byte[length];
    in.get(payload);
    return payload;
  }
}
