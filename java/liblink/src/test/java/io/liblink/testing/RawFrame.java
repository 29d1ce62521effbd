package io.liblink.testing;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Map;

/**
 * A frame made and read by hand from {@code spec/protocol.md}, sharing nothing with the code under
 * test. What the factories do not offer (wrong flags, wrong sizes) is made with the constructor and
 * {@link RawBytes}.
 */
@SuppressWarnings("ArrayRecordComponent")
public record RawFrame(int type, int flags, long stream, byte[] body) {
  public static final int HELLO = 0x01;
  public static final int PING = 0x02;
  public static final int PONG = 0x03;
  public static final int GOAWAY = 0x04;
  public static final int OPEN = 0x10;
  public static final int MESSAGE = 0x11;
  public static final int CONTINUE = 0x12;
  public static final int CREDIT = 0x13;
  public static final int ACK = 0x14;
  public static final int CLOSE = 0x15;
  public static final int CANCEL = 0x16;

  public static final int TRACE = 1;
  public static final int MORE = 2;
  public static final int STREAM = 4;
  public static final int BYTES = 1;

  public static final int CALL = 1;
  public static final int SUBSCRIBE = 2;
  public static final int PUSH = 3;

  public static final long NO_DEADLINE = 0xFFFF_FFFFL;

  /** A frame whose body the receiver accepts as far as its fields are concerned. */
  public static RawFrame of(int type, int flags, long stream, RawBytes body) {
    return new RawFrame(type, flags, stream, body.done());
  }

  /** The usual limits; see {@link RawHello} for others. */
  public static RawFrame hello(String cluster, String node) {
    return RawHello.of(cluster, node).frame();
  }

  public static RawFrame ping(long opaque) {
    return of(PING, 0, 0, new RawBytes().u64(opaque));
  }

  public static RawFrame pong(long opaque) {
    return of(PONG, 0, 0, new RawBytes().u64(opaque));
  }

  public static RawFrame goAway(long last, int status, String reason) {
    return of(GOAWAY, 0, 0, new RawBytes().u32(last).u8(status).str(reason));
  }

  /** A call of raw bytes with a deadline of 5 s. */
  public static RawFrame call(long stream, String target, byte[] payload) {
    return of(OPEN, 0, stream, open(CALL, 5000).str(target).content(Map.of(), "", payload));
  }

  /** A call whose payload follows in CONTINUE frames. */
  public static RawFrame largeCall(long stream, String target, long total) {
    return of(
        OPEN, MORE, stream, open(CALL, 5000).str(target).contentToFollow(Map.of(), "", total));
  }

  /** A call that takes a stream of items. */
  public static RawFrame streamedCall(long stream, String target, long credit) {
    return of(
        OPEN,
        STREAM,
        stream,
        open(CALL, 5000).u32(credit).str(target).content(Map.of(), "", new byte[0]));
  }

  /** The beginning of an OPEN: kind, attempt 1, remaining time. */
  public static RawBytes open(int kind, long remainingMillis) {
    return new RawBytes().u8(kind).u8(1).u32(remainingMillis);
  }

  public static RawFrame message(long stream, long sequence, byte[] payload) {
    return of(MESSAGE, 0, stream, new RawBytes().u64(sequence).content(Map.of(), "", payload));
  }

  public static RawFrame fragment(long stream, byte[] payload) {
    return new RawFrame(CONTINUE, 0, stream, payload);
  }

  public static RawFrame credit(long stream, long items) {
    return of(CREDIT, 0, stream, new RawBytes().u32(items));
  }

  public static RawFrame creditBytes(long bytes) {
    return of(CREDIT, BYTES, 0, new RawBytes().u32(bytes));
  }

  public static RawFrame ack(long stream, long sequence, int status, String reason) {
    return of(ACK, 0, stream, new RawBytes().u64(sequence).u8(status).str(reason));
  }

  /** A reply of raw bytes. */
  public static RawFrame reply(long stream, byte[] payload) {
    return of(CLOSE, 0, stream, new RawBytes().u8(0).content(Map.of(), "", payload));
  }

  /** A failure said in words. */
  public static RawFrame failure(long stream, int status, int stage, int ran, String problem) {
    RawBytes body = new RawBytes().u8(status).u8(stage).u8(ran);
    return of(CLOSE, 0, stream, body.content(Map.of(), "text/plain", RawPeer.utf8(problem)));
  }

  public static RawFrame cancel(long stream, int status) {
    return of(CANCEL, 0, stream, new RawBytes().u8(status));
  }

  /** The frame with its header. */
  public byte[] bytes() {
    return bytes(body.length + 6L);
  }

  /** The frame with a length field of one's own choice. */
  public byte[] bytes(long length) {
    return new RawBytes().u32(length).u8(type).u8(flags).u32(stream).raw(body).done();
  }

  /** Reads one frame. */
  static RawFrame read(DataInputStream in) throws IOException {
    long length = in.readInt() & 0xFFFF_FFFFL;
    if (length < 6 || length > 1 << 24) {
      throw new IOException("a frame of length " + length);
    }
    int type = in.readUnsignedByte();
    int flags = in.readUnsignedByte();
    long stream = in.readInt() & 0xFFFF_FFFFL;
    byte[] body = new byte[(int) length - 6];
    in.readFully(body);
    return new RawFrame(type, flags, stream, body);
  }

  /** The fields of the body, from its first byte. */
  public RawFields fields() {
    return new RawFields(body);
  }

  /** CLOSE, ACK, GOAWAY, CANCEL: the status. */
  public int status() {
    return switch (type) {
      case CLOSE, CANCEL -> body[0];
      case GOAWAY -> body[4];
      case ACK -> body[8];
      default -> throw new IllegalStateException("no status in " + this);
    };
  }

  /** GOAWAY: the reason. */
  public String reason() {
    RawFields fields = fields();
    fields.raw(5);
    return fields.str();
  }

  /** CLOSE: the payload of the reply, or the text of the failure. */
  public byte[] payload() {
    RawFields fields = fields();
    if (fields.u8() != 0) {
      fields.raw(2);
    }
    fields.pairs();
    fields.str();
    return fields.rest();
  }

  @Override
  public String toString() {
    return "RawFrame[type=%02x, flags=%02x, stream=%d, body=%s]"
        .formatted(type, flags, stream, HexFormat.of().formatHex(body));
  }
}
