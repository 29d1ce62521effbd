package io.liblink.codec;

/**
 * Turns values into payloads and back, for one content type. Implementations are thread-safe.
 *
 * <p>{@code byte[]} and {@code String} never reach a codec: they travel as they are.
 */
public interface Codec {
  /** What is written into the message, for example {@code application/json}. */
  String contentType();

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
   */
  <T> T decode(byte[] payload, Class<T> type);
}
