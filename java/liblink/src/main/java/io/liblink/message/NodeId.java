package io.liblink.message;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The 16 random bytes that one run of a node is known by. A restarted process is a new instance.
 *
 * @param high the first eight bytes, big endian
 * @param low the last eight bytes, big endian
 */
public record NodeId(long high, long low) {
  /** Bytes on the wire. */
  public static final int SIZE = 16;

  /** A new one, from the platform's secure random source. */
  public static NodeId random() {
    byte[] b = new byte[SIZE];
    new SecureRandom().nextBytes(b);
    ByteBuffer buffer = ByteBuffer.wrap(b);
    return new NodeId(buffer.getLong(), buffer.getLong());
  }

  /**
   * Reads 32 hexadecimal digits.
   *
   * @throws IllegalArgumentException when the text is anything else
   */
  public static NodeId parse(String hex) {
    if (hex.length() != 2 * SIZE) {
      throw new IllegalArgumentException("'" + hex + "' is not an instance id of 32 hex digits");
    }
    return new NodeId(
        HexFormat.fromHexDigitsToLong(hex, 0, 16), HexFormat.fromHexDigitsToLong(hex, 16, 32));
  }

  /** The first eight digits: enough to tell instances apart in a listing. */
  public String shortText() {
    return toString().substring(0, 8);
  }

  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
  }
}
