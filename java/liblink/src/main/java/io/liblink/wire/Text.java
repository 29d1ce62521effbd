package io.liblink.wire;

import java.nio.charset.StandardCharsets;

/** A string beside its UTF-8 bytes, so that names are encoded once and decoded once. Immutable. */
public final class Text {
  /** The empty string; as a content type it stands for raw bytes. */
  public static final Text EMPTY = Text.of("");

  private static final int MAX_BYTES = 0xFFFF;

  private final String string;
  private final byte[] utf8;

  Text(String string, byte[] utf8) {
    this.string = string;
    this.utf8 = utf8;
  }

  /**
   * Encodes a string.
   *
   * @throws IllegalArgumentException when it takes more than 65,535 bytes
   */
  public static Text of(String string) {
    byte[] utf8 = string.getBytes(StandardCharsets.UTF_8);
    if (utf8.length > MAX_BYTES) {
      throw new IllegalArgumentException("a string of " + utf8.length + " bytes; at most 65535");
    }
    return new Text(string, utf8);
  }

  /** The longest beginning that takes at most that many bytes, cut between characters. */
  static Text cut(String string, int maxBytes) {
    byte[] utf8 = string.getBytes(StandardCharsets.UTF_8);
    if (utf8.length <= maxBytes) {
      return new Text(string, utf8);
    }
    int end = maxBytes;
    while ((utf8[end] & 0xC0) == 0x80) {
      end--;
    }
    return Text.of(new String(utf8, 0, end, StandardCharsets.UTF_8));
  }

  /** The bytes on the wire, the u16 length not counted. Not a copy: do not write to it. */
  byte[] utf8() {
    return utf8;
  }

  /** Bytes on the wire with the u16 length. */
  public int size() {
    return 2 + utf8.length;
  }

  void encode(java.nio.ByteBuffer out) {
    out.putShort((short) utf8.length).put(utf8);
  }

  @Override
  public boolean equals(Object o) {
    return this == o || (o instanceof Text t && string.equals(t.string));
  }

  @Override
  public int hashCode() {
    return string.hashCode();
  }

  @Override
  public String toString() {
    return string;
  }
}
