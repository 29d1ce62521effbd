package io.liblink.wire;

import java.nio.ByteBuffer;

/**
 * The right to send more: {@code amount u32}. Items on a stream; with BYTES, on stream 0, bytes of
 * CONTINUE payload on the link.
 *
 * @param amount at least 1
 */
public record CreditFrame(long amount) {
  /** Writes a grant of items. */
  public void encodeItems(int stream, FrameOutput output) {
    encode(stream, 0, output);
  }

  /** Writes a grant of bytes to the link. */
  public void encodeBytes(FrameOutput output) {
    encode(0, Protocol.FLAG_BYTES, output);
  }

  private void encode(int stream, int flags, FrameOutput output) {
    ByteBuffer out = output.reserve(Protocol.HEADER_SIZE + 4);
    Fields.header(out, 4, Protocol.CREDIT, flags, stream);
    out.putInt((int) amount);
  }

  /** Reads the body. */
  public static CreditFrame decode(ByteBuffer in) {
    Fields.need(in, 4, "CREDIT");
    CreditFrame frame = new CreditFrame(in.getInt() & 0xFFFF_FFFFL);
    Fields.end(in, "CREDIT");
    if (frame.amount == 0) {
      throw new ProtocolException("§4.8", "CREDIT of nothing");
    }
    return frame;
  }
}
