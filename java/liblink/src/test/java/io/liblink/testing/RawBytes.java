package io.liblink.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;

/** Writes fields byte by byte, as {@code spec/protocol.md} §3 says, and lets everything wrong pass. */
public final class RawBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  public RawBytes u8(long value) {
    return number(value, 1);
  }

  public RawBytes u16(long value) {
    return number(value, 2);
  }

  public RawBytes u32(long value) {
    return number(value, 4);
  }

  public RawBytes u64(long value) {
    return number(value, 8);
  }

  private RawBytes number(long value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      out.write((int) (value >>> shift) & 0xFF);
    }
    return this;
  }

  public RawBytes str(String text) {
    return str(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A string of any bytes, UTF-8 or not. */
  public RawBytes str(byte[] bytes) {
    return u16(bytes.length).raw(bytes);
  }

  public RawBytes raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  public RawBytes hex(String hex) {
    return raw(HexFormat.of().parseHex(hex));
  }

  public RawBytes pairs(Map<String, String> pairs) {
    u16(pairs.size());
    pairs.forEach((key, value) -> str(key).str(value));
    return this;
  }

  /** Headers, content type and the payload itself: what OPEN, MESSAGE and CLOSE end with. */
  public RawBytes content(Map<String, String> headers, String contentType, byte[] payload) {
    return pairs(headers).str(contentType).raw(payload);
  }

  /** The same with MORE: only the length of the payload. */
  public RawBytes contentToFollow(Map<String, String> headers, String contentType, long total) {
    return pairs(headers).str(contentType).u32(total);
  }

  public byte[] done() {
    return out.toByteArray();
  }
}
