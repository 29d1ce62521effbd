package io.liblink.wire;

import java.nio.ByteBuffer;

/**
 * A sign of life asked for (PING) or given (PONG): {@code opaque 8}. A PONG repeats the bytes of its
 * PING.
 *
 * @param opaque eight bytes that only the sender of the PING understands
 */
public record PingFrame(long opaque) {
  /** Writes a PING on stream 0. */
  public void encodePing(FrameOutput output) {
    encode(Protocol.PING, output);
  }

  /** Writes a PONG on stream 0. */
  public void encodePong(FrameOutput output) {
    encode(Protocol.PONG, output);
  }

  private void encode(int type, FrameOutput output) {
    ByteBuffer out = output.reserve(Protocol.HEADER_SIZE + 8);
    Fields.header(out, 8, type, 0, 0);
    out.putLong(opaque);
  }

  /** Reads the body of either. */
  public static PingFrame decode(ByteBuffer in) {
    Fields.need(in, 8, "PING or PONG");
    PingFrame frame = new PingFrame(in.getLong());
    Fields.end(in, "PING or PONG");
    return frame;
  }
}
