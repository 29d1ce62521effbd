package io.liblink.message;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What travels: a content type, headers and the payload. Immutable, except that the payload array is
 * handed over and handed out without a copy: do not write to it.
 */
public final class Message {
  /** The content type of raw bytes; travels as the empty string. */
  public static final String BYTES = "application/octet-stream";

  /** The content type of UTF-8 text. */
  public static final String TEXT = "text/plain";

  /** The content type of JSON. */
  public static final String JSON = "application/json";

  private static final byte[] NOTHING = new byte[0];
  private static final Message EMPTY = new Message(BYTES, Map.of(), NOTHING);

  private final String contentType;
  private final Map<String, String> headers;
  private final int size;

  /** The bytes; null when they are still to be put together. */
  private final byte @Nullable [] whole;

  private final @Nullable Joined joined;

  /**
   * The parts as they are, without a check or a copy, for the layers below. {@code headers} must be
   * unmodifiable, its keys in lower case.
   */
  public Message(String contentType, Map<String, String> headers, byte[] payload) {
    this.contentType = contentType;
    this.headers = headers;
    this.whole = payload;
    this.joined = null;
    this.size = payload.length;
  }

  /**
   * The same with a payload that is put together when it is first asked for.
   *
   * @param size of the payload
   */
  public Message(
      String contentType, Map<String, String> headers, Supplier<byte[]> payload, int size) {
    this.contentType = contentType;
    this.headers = headers;
    this.whole = null;
    this.joined = new Joined(payload);
    this.size = size;
  }

  private Message(String contentType, Map<String, String> headers, Message like) {
    this.contentType = contentType;
    this.headers = headers;
    this.whole = like.whole;
    this.joined = like.joined;
    this.size = like.size;
  }

  /** No payload, no headers. */
  public static Message empty() {
    return EMPTY;
  }

  /** Raw bytes; the array is not copied. */
  public static Message of(byte[] payload) {
    return new Message(BYTES, Map.of(), payload);
  }

  /** UTF-8 text. */
  public static Message text(String text) {
    return new Message(TEXT, Map.of(), text.getBytes(StandardCharsets.UTF_8));
  }

  /** JSON that is already written. */
  public static Message json(String json) {
    return new Message(JSON, Map.of(), json.getBytes(StandardCharsets.UTF_8));
  }

  /** The same payload under another content type. */
  public Message withContentType(String contentType) {
    return new Message(contentType, headers, this);
  }

  /** With one more header; the key is put into lower case, an earlier value is replaced. */
  public Message withHeader(String key, String value) {
    Map<String, String> copy = new LinkedHashMap<>(headers);
    copy.put(key.toLowerCase(Locale.ROOT), value);
    return new Message(contentType, Collections.unmodifiableMap(copy), this);
  }

  /** Never empty; {@link #BYTES} when nothing else was said. */
  public String contentType() {
    return contentType;
  }

  /** Unmodifiable, keys in lower case, in the order of the wire. */
  public Map<String, String> headers() {
    return headers;
  }

  /**
   * The payload itself, not a copy: do not write to it. A large one that came from the network is put
   * together here, once, which takes about a millisecond for each 5 MB.
   */
  public byte[] payload() {
    byte[] bytes = whole;
    Joined later = joined;
    return bytes == null && later != null ? later.get() : Objects.requireNonNull(bytes);
  }

  /** The length of the payload in bytes. */
  public int size() {
    return size;
  }

  /** The payload read as UTF-8, whatever the content type says. */
  public String text() {
    return new String(payload(), StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return contentType + ", " + size + " bytes"
        + (headers.isEmpty() ? "" : ", " + headers.keySet());
  }

  /** Puts the payload together once, for all messages that share it. */
  private static final class Joined {
    private @Nullable Supplier<byte[]> parts;
    private byte @Nullable [] bytes;

    Joined(Supplier<byte[]> parts) {
      this.parts = parts;
    }

    synchronized byte[] get() {
      Supplier<byte[]> from = parts;
      if (from != null) {
        bytes = from.get();
        parts = null;
      }
      return Objects.requireNonNull(bytes);
    }
  }
}
