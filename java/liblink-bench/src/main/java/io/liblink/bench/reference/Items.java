package io.liblink.bench.reference;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The frames of publish-subscribe and pipeline, as liblink writes them. MESSAGE: {@code sequence u64
 * | trace 25 bytes | header count u16 | content type string | payload}. ACK: {@code sequence u64 |
 * status u8 | reason string}. An OPEN asks for them; of it only the kind is looked at.
 */
final class Items {
  static final byte MESSAGE = 0x11;
  static final byte ACK = 0x14;
  static final byte SUBSCRIBE = 2;
  static final byte PUSH = 3;

  /** The dialer's only stream. */
  static final int STREAM = 1;

  static final int MESSAGE_PREFIX = Frames.HEADER + 8 + 25 + 2 + 2;
  static final int LARGEST = 64 * 1024;

  private static final int WITH_TRACE = 1;
  private static final int WITH_CREDIT = 4;
  private static final int NO_DEADLINE = -1;
  private static final int SEQUENCE_AT = Frames.HEADER;
  private static final int TRACE_AT = SEQUENCE_AT + 8;
  private static final int HEADERS_AT = TRACE_AT + 25;
  private static final int ACK_LENGTH = Frames.HEADER + 8 + 1 + 2;
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final byte[] TARGET = "bench/items".getBytes(StandardCharsets.UTF_8);
  private static final byte[] PREFIX = prefix();

  private Items() {}

  private static byte[] prefix() {
    byte[] prefix = new byte[MESSAGE_PREFIX];
    prefix[Frames.TYPE_AT] = MESSAGE;
    prefix[Frames.TYPE_AT + 1] = WITH_TRACE;
    for (int i = 0; i < 25; i++) {
      prefix[TRACE_AT + i] = (byte) (i + 1);
    }
    return prefix;
  }

  /** Writes a MESSAGE without its stream; gives where it ends. */
  static int message(byte[] to, int at, long sequence, byte[] payload) {
    System.arraycopy(PREFIX, 0, to, at, MESSAGE_PREFIX);
    INTS.set(to, at, MESSAGE_PREFIX - Frames.LENGTH_BYTES + payload.length);
    LONGS.set(to, at + SEQUENCE_AT, sequence);
    System.arraycopy(payload, 0, to, at + MESSAGE_PREFIX, payload.length);
    return at + MESSAGE_PREFIX + payload.length;
  }

  static void ack(FrameWriter writer, int stream, long sequence) {
    ByteBuf b = writer.room(ACK_LENGTH);
    b.writeInt(ACK_LENGTH - Frames.LENGTH_BYTES).writeShort(ACK << 8).writeInt(stream);
    b.writeLong(sequence).writeByte(0).writeShort(0);
  }

  static void open(FrameWriter writer, byte kind) {
    boolean credit = kind == SUBSCRIBE;
    ByteBuf b = writer.room(64);
    int start = b.writerIndex();
    b.writeInt(0).writeByte(Frames.OPEN).writeByte(credit ? WITH_CREDIT : 0).writeInt(STREAM);
    b.writeByte(kind).writeByte(1).writeInt(NO_DEADLINE);
    if (credit) {
      b.writeInt(Integer.MAX_VALUE);
    }
    b.writeShort(TARGET.length).writeBytes(TARGET).writeShort(0).writeShort(0);
    b.setInt(start, b.writerIndex() - start - Frames.LENGTH_BYTES);
  }

  /** The payload of the MESSAGE of {@code total} bytes that starts there. */
  static byte[] payload(ByteBuf in, int at, int total) {
    require(in.getUnsignedShort(at + HEADERS_AT) == 0, "headers");
    int prefix = MESSAGE_PREFIX + in.getUnsignedShort(at + HEADERS_AT + 2);
    byte[] payload = new byte[total - prefix];
    in.getBytes(at + prefix, payload);
    return payload;
  }

  static long sequence(ByteBuf in, int at) {
    return in.getLong(at + SEQUENCE_AT);
  }

  static void requireOk(ByteBuf in, int at, int total) {
    require(total == ACK_LENGTH && in.getByte(at + SEQUENCE_AT + 8) == 0, "a rejection");
  }

  static byte kind(ByteBuf in, int at) {
    return in.getByte(at + Frames.HEADER);
  }

  private static void require(boolean so, String otherwise) {
    if (!so) {
      throw new IllegalStateException(otherwise + " in a reference that has none");
    }
  }
}
