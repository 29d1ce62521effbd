package io.liblink.identity.x509;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;

/**
 * Reads DER strictly: single-byte tags, definite lengths in their shortest form. Work is linear in
 * the input, nothing is allocated from a length that was not checked, and the only exception is
 * {@link DerException}. Not thread-safe.
 */
public final class DerReader {
  private final byte[] bytes;
  private final int end;
  private int at;

  /** Reads all of the array, which is not copied. */
  public DerReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  private DerReader(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  /** The tag of the next element, or -1 at the end. */
  public int peek() {
    return at < end ? bytes[at] & 0xff : -1;
  }

  /** Goes past an element of that tag and returns a reader of its content. */
  public DerReader enter(int tag) throws DerException {
    int start = startOfContent(tag);
    DerReader content = new DerReader(bytes, start, start + lengthAt(at + 1));
    at = content.end;
    return content;
  }

  /** Goes past an element of that tag and returns it whole. */
  public byte[] element(int tag) throws DerException {
    int from = at;
    enter(tag);
    return Arrays.copyOfRange(bytes, from, at);
  }

  /** Goes past an element of that tag and returns its content. */
  public byte[] content(int tag) throws DerException {
    return enter(tag).rest();
  }

  /** What is left, as bytes; afterwards nothing is. */
  public byte[] rest() {
    byte[] rest = Arrays.copyOfRange(bytes, at, end);
    at = end;
    return rest;
  }

  /** Refuses anything that is left. */
  public void end() throws DerException {
    if (at != end) {
      throw new DerException("bytes are left over");
    }
  }

  /** A UTCTime as milliseconds since 1970. */
  public long utcTime() throws DerException {
    byte[] t = content(Der.UTC_TIME);
    if (t.length != 13 || t[12] != 'Z') {
      throw new DerException("a date in another form than YYMMDDhhmmssZ");
    }
    int[] field = new int[6];
    for (int i = 0; i < 12; i++) {
      if (t[i] < '0' || t[i] > '9') {
        throw new DerException("a date with something else than digits");
      }
      field[i / 2] = field[i / 2] * 10 + t[i] - '0';
    }
    int year = field[0] + (field[0] < 50 ? 2000 : 1900);
    try {
      return LocalDateTime.of(year, field[1], field[2], field[3], field[4], field[5])
              .toEpochSecond(ZoneOffset.UTC)
          * 1000;
    } catch (DateTimeException e) {
      throw new DerException("a date that does not exist");
    }
  }

  private int startOfContent(int tag) throws DerException {
    if (peek() != tag) {
      throw new DerException("expected tag 0x"
          + Integer.toHexString(tag)
          + (peek() < 0 ? ", but the bytes end" : ", but 0x" + Integer.toHexString(peek())));
    }
    if (end - at < 2) {
      throw new DerException("the bytes end in a header");
    }
    int first = bytes[at + 1] & 0xff;
    int start = at + 2 + (first < 0x80 ? 0 : first & 0x7f);
    if (first == 0x80 || first > 0x82 || start > end) {
      throw new DerException("a length that is indefinite, cut off or beyond 64 KiB");
    }
    int length = lengthAt(at + 1);
    if ((first == 0x81 && length < 0x80) || (first == 0x82 && length < 0x100)) {
      throw new DerException("a length that is not in its shortest form");
    }
    if (length > end - start) {
      throw new DerException("an element that is longer than what holds it");
    }
    return start;
  }

  /** The length whose first byte is there; {@link #startOfContent} has checked it. */
  private int lengthAt(int i) {
    return switch (bytes[i] & 0xff) {
      case 0x81 -> bytes[i + 1] & 0xff;
      case 0x82 -> ((bytes[i + 1] & 0xff) << 8) | (bytes[i + 2] & 0xff);
      default -> bytes[i] & 0xff;
    };
  }
}
