package io.liblink.identity.x509;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;

/** Writes DER: each method returns one complete element. */
public final class Der {
  /** Tags that the certificate profile uses. */
  public static final int BOOLEAN = 0x01,
      INTEGER = 0x02,
      BIT_STRING = 0x03,
      OCTET_STRING = 0x04,
      OID = 0x06,
      UTF8_STRING = 0x0c,
      PRINTABLE_STRING = 0x13,
      UTC_TIME = 0x17,
      SEQUENCE = 0x30,
      SET = 0x31;

  private Der() {}

  /** An element of that tag; its content is the parts, one after the other. */
  public static byte[] tlv(int tag, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    int header = length < 0x80 ? 2 : length < 0x100 ? 3 : 4;
    if (length > 0xffff) {
      throw new IllegalArgumentException("an element of " + length + " bytes");
    }
    byte[] out = new byte[header + length];
    out[0] = (byte) tag;
    if (header == 2) {
      out[1] = (byte) length;
    } else {
      out[1] = (byte) (0x80 | (header - 2));
      out[header - 1] = (byte) length;
      if (header == 4) {
        out[2] = (byte) (length >> 8);
      }
    }
    int at = header;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, out, at, part.length);
      at += part.length;
    }
    return out;
  }

  /** A SEQUENCE of complete elements. */
  public static byte[] sequence(byte[]... elements) {
    return tlv(SEQUENCE, elements);
  }

  /** A BIT STRING of whole bytes. */
  public static byte[] bitString(byte[] bytes) {
    return tlv(BIT_STRING, new byte[1], bytes);
  }

  /** A UTF8String. */
  public static byte[] utf8(String text) {
    return tlv(UTF8_STRING, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A UTCTime of whole seconds.
   *
   * @throws IllegalArgumentException when the date is outside 1950 to 2049
   */
  public static byte[] utcTime(long epochMillis) {
    LocalDateTime t =
        LocalDateTime.ofEpochSecond(Math.floorDiv(epochMillis, 1000L), 0, ZoneOffset.UTC);
    if (t.getYear() < 1950 || t.getYear() > 2049) {
      throw new IllegalArgumentException("no UTCTime can say the year " + t.getYear());
    }
    int[] fields = {
      t.getYear() % 100,
      t.getMonthValue(),
      t.getDayOfMonth(),
      t.getHour(),
      t.getMinute(),
      t.getSecond()
    };
    byte[] text = new byte[2 * fields.length + 1];
    for (int i = 0; i < fields.length; i++) {
      text[2 * i] = (byte) ('0' + fields[i] / 10);
      text[2 * i + 1] = (byte) ('0' + fields[i] % 10);
    }
    text[text.length - 1] = 'Z';
    return tlv(UTC_TIME, text);
  }

  /** Bytes from hexadecimal text; for fixed parts. */
  static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }
}
