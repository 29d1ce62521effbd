package io.liblink.codec;

import java.lang.reflect.Type;

/**
 * Turns values into payloads and back, for one content type. Implementations are thread-safe.
 *
 * <p>{@code byte[]}, {@code String} and {@code Message} never reach a codec: they travel as they are.
 * A codec that is given to a node goes before the built-in JSON: values are written by the first
 * codec that {@link #handles} their class, and read by the one whose content type the message
 * carries.
 */
public interface Codec {
  /** What is written into the message, for example {@code application/json}. */
  String contentType();

  /** Whether values of that class are for this codec. Default: all are. */
  default boolean handles(Class<?> type) {
    return true;
  }

  /**
   * Writes a value.
   *
   * @throws IllegalArgumentException when the value cannot be written, with the reason
   */
  byte[] encode(Object value);

  /**
   * Reads a value.
   *
   * @throws IllegalArgumentException when the bytes do not fit the type; the text says where and
   *     why, for the sender to read
   * @throws IllegalStateException when nothing can be read into that type: a fault of this side,
   *     which the sender is not told
   */
  <T> T decode(byte[] payload, Class<T> type);

  /**
   * Reads a value of a type that may have parameters, such as {@code List<Quote>}: what the methods
   * of a served interface declare. Default: classes only.
   *
   * @throws IllegalArgumentException when the bytes do not fit the type, as above
   * @throws IllegalStateException when nothing can be read into that type, as above
   */
  default Object decode(byte[] payload, Type type) {
    if (type instanceof Class<?> plain) {
      return decode(payload, plain);
    }
    throw new IllegalStateException(
        "the codec for " + contentType() + " does not read " + type.getTypeName());
  }
}
