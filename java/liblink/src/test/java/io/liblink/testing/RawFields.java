package io.liblink.testing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads fields byte by byte, as {@code spec/protocol.md} §3 says. */
public final class RawFields {
  private final byte[] bytes;
  private int at;

  public RawFields(byte[] bytes) {
    this.bytes = bytes;
  }

  public int u8() {
    return (int) number(1);
  }

  public int u16() {
    return (int) number(2);
  }

  public long u32() {
    return number(4);
  }

  public long u64() {
    return number(8);
  }

  private long number(int count) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      value = value << 8 | (bytes[at++] & 0xFF);
    }
    return value;
  }

  public byte[] raw(int count) {
    at += count;
    return Arrays.copyOfRange(bytes, at - count, at);
  }

  public String str() {
    return new String(raw(u16()), StandardCharsets.UTF_8);
  }

  public Map<String, String> pairs() {
    Map<String, String> pairs = new LinkedHashMap<>();
    int count = u16();
    for (int i = 0; i < count; i++) {
      pairs.put(str(), str());
    }
    return pairs;
  }

  /** What is left. */
  public byte[] rest() {
    return raw(bytes.length - at);
  }
}
