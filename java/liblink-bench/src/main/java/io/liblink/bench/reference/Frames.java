package io.liblink.bench.reference;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * The two frames of a call, as liblink writes them. Header: {@code length u32 | type u8 | flags u8 | stream u32}, where
 * length counts everything after itself. OPEN: {@code kind u8 | attempt u8 | remaining_ms u32 |
 * trace 25 bytes | target string | header count u16 | content type string | payload}. CLOSE: {@code
 * status u8 | header count u16 | content type string | payload}. Strings are {@code u16 + UTF-8}.
 */
final class Frames {
  static final byte OPEN = 0x10;
  static final byte CLOSE = 0x15;
  static final int LENGTH_BYTES = 4;
  static final int TYPE_AT = 4;
  static final int STREAM_AT = 6;
  static final int HEADER = 10;
  static final int LARGEST = 64 << 20;

  private static final int WITH_TRACE = 1;
  private static final int CALL = 1;
  private static final int TARGET_AT = HEADER + 31;
  private static final byte[] TARGET = "bench/echo".getBytes(StandardCharsets.UTF_8);

  /** Everything of an OPEN before its payload; length and stream are filled in. */
  static final byte[] OPEN_PREFIX = openPrefix();

  /** Everything of a CLOSE before its payload; length and stream are filled in. */
  static final byte[] CLOSE_PREFIX = closePrefix();

  /** So many bytes of a frame are enough to find its payload. */
  static final int LONGEST_PREFIX = Math.max(OPEN_PREFIX.length, CLOSE_PREFIX.length);

  private static final long TARGET_HEAD = Unpooled.wrappedBuffer(TARGET).getLong(0);
  private static final short TARGET_TAIL = Unpooled.wrappedBuffer(TARGET).getShort(8);

  private Frames() {}

  private static byte[] openPrefix() {
    ByteBuf b = Unpooled.buffer();
    b.writeInt(0).writeByte(OPEN).writeByte(WITH_TRACE).writeInt(0);
    b.writeByte(CALL).writeByte(1).writeInt(5000);
    for (int i = 1; i <= 25; i++) {
      b.writeByte(i);
    }
    b.writeShort(TARGET.length).writeBytes(TARGET).writeShort(0).writeShort(0);
    byte[] bytes = new byte[b.readableBytes()];
    b.readBytes(bytes);
    return bytes;
  }

  private static byte[] closePrefix() {
    ByteBuf b = Unpooled.buffer();
    b.writeInt(0).writeByte(CLOSE).writeByte(0).writeInt(0);
    b.writeByte(0).writeShort(0).writeShort(0);
    byte[] bytes = new byte[b.readableBytes()];
    b.readBytes(bytes);
    return bytes;
  }

  /** How many bytes stand before the payload of the frame at {@code at}; checks what it skips. */
  static int prefixLength(ByteBuf in, int at) {
    byte type = in.getByte(at + TYPE_AT);
    if (type == OPEN) {
      int target = in.getUnsignedShort(at + TARGET_AT);
      int afterTarget = at + TARGET_AT + 2 + target;
      if (target != TARGET.length
          || in.getLong(at + TARGET_AT + 2) != TARGET_HEAD
          || in.getShort(at + TARGET_AT + 10) != TARGET_TAIL) {
        throw new IllegalStateException("a target other than bench/echo");
      }
      requireNone(in.getUnsignedShort(afterTarget), "headers");
      return afterTarget + 4 + in.getUnsignedShort(afterTarget + 2) - at;
    }
    if (type != CLOSE) {
      throw new IllegalStateException("frame type " + type);
    }
    requireNone(in.getUnsignedByte(at + HEADER), "status");
    requireNone(in.getUnsignedShort(at + HEADER + 1), "headers");
    return HEADER + 5 + in.getUnsignedShort(at + HEADER + 3);
  }

  private static void requireNone(int count, String what) {
    if (count != 0) {
      throw new IllegalStateException(what + " " + count + " in a reference that has none");
    }
  }
}
