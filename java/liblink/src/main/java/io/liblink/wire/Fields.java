package io.liblink.wire;

import io.liblink.message.Names;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
      size += 4 + utf8Size(e.getKey()) + utf8Size(e.getValue());
    }
    return size;
  }

  private static int utf8Size(String string) {
    int length = string.length();
    for (int i = 0; i < length; i++) {
      if (string.charAt(i) >= 0x80) {
        return string.getBytes(StandardCharsets.UTF_8).length;
      }
    }
    return length;
  }

  static void encode(Map<String, String> headers, ByteBuffer out) {
    out.putShort((short) headers.size());
    if (!headers.isEmpty()) {
      headers.forEach((key, value) -> {
        put(key, out);
        put(value, out);
      });
    }
  }

  private static void put(String string, ByteBuffer out) {
    byte[] utf8 = string.getBytes(StandardCharsets.UTF_8);
    out.putShort((short) utf8.length).put(utf8);
  }

  /** The same rules as the receiver's, said to the sender before anything is written. */
  static void checkHeaders(Map<String, String> headers) {
    checkSize(headers, "headers");
    for (String key : headers.keySet()) {
      if (!isKey(key)) {
        throw new IllegalArgumentException("'"
            + key
            + "' is not a header key: visible ASCII without capitals or spaces, 1 to 128");
      }
    }
  }

  static void checkMetadata(Map<String, String> metadata) {
    checkSize(metadata, "pairs of metadata");
    metadata.keySet().forEach(Names::metaKey);
  }

  private static void checkSize(Map<String, String> pairs, String what) {
    if (pairs.size() > Protocol.MAX_HEADERS || sizeOf(pairs) - 2 > Protocol.MAX_HEADER_BYTES) {
      throw new IllegalArgumentException(
          pairs.size() + " " + what + "; at most 128 of together 16384 bytes are allowed");
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

  /** Metadata: as headers, but keys are those that registries take. */
  static Map<String, String> metadata(ByteBuffer in, Texts texts) {
    need(in, 2, "metadata count");
    int count = in.getShort() & 0xFFFF;
    if (count > Protocol.MAX_HEADERS) {
      throw new ProtocolException("§4.1", count + " pairs of metadata; at most 128 are allowed");
    }
    int start = in.position();
    Map<String, String> metadata = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      String key = texts.read(in, "metadata key").toString();
      if (!isMetaKey(key)) {
        throw new ProtocolException("§3.6", "a metadata key that is none");
      }
      if (metadata.put(key, texts.read(in, "metadata value").toString()) != null) {
        throw new ProtocolException("§4.1", "metadata '" + key + "' twice");
      }
    }
    if (in.position() - start > Protocol.MAX_HEADER_BYTES) {
      throw new ProtocolException("§4.1", "metadata of more than 16384 bytes");
    }
    return Collections.unmodifiableMap(metadata);
  }

  private static boolean isMetaKey(String key) {
    try {
      Names.metaKey(key);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Header keys: visible ASCII without capitals, at most 128. */
  static boolean isKey(String key) {
    if (key.isEmpty() || key.length() > Protocol.MAX_HEADER_KEY) {
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
