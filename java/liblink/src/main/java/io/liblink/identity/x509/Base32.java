package io.liblink.identity.x509;

/** RFC 4648 base32, lower case, without padding, for whole groups of five bytes. */
public final class Base32 {
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

  private Base32() {}

  /** Five bits a symbol; the length must be a multiple of five bytes. */
  public static String encode(byte[] bytes) {
    StringBuilder s = new StringBuilder(bytes.length / 5 * 8);
    for (int i = 0; i < bytes.length * 8; i += 5) {
      int window =
          (bytes[i / 8] & 0xff) << 8 | (i / 8 + 1 < bytes.length ? bytes[i / 8 + 1] & 0xff : 0);
      s.append(ALPHABET.charAt(window >> (11 - i % 8) & 31));
    }
    return s.toString();
  }

  /** The value of a symbol, or -1. */
  public static int value(char symbol) {
    return symbol >= 'a' && symbol <= 'z'
        ? symbol - 'a'
        : symbol >= '2' && symbol <= '7' ? symbol - '2' + 26 : -1;
  }

  /** Undoes {@link #encode}; every symbol must have a {@link #value}. */
  public static byte[] decode(String text) {
    byte[] out = new byte[text.length() * 5 / 8];
    for (int i = 0; i < text.length(); i++) {
      int bit = i * 5;
      int window = value(text.charAt(i)) << (11 - bit % 8);
      out[bit / 8] |= (byte) (window >> 8);
      if ((window & 0xff) != 0) {
        out[bit / 8 + 1] |= (byte) window;
      }
    }
    return out;
  }
}
