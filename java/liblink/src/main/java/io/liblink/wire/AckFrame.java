package io.liblink.wire;

import io.liblink.status.Status;
import java.nio.ByteBuffer;

/**
 * Settles an item that was pushed: {@code sequence u64 | status u8 | reason str}.
 *
 * @param sequence the item
 * @param status OK when the worker is done with it, otherwise why it was rejected
 * @param reason why it was rejected, in words; empty with OK
 */
public record AckFrame(long sequence, Status status, String reason) {
  /** Writes the frame. */
  public void encode(int stream, FrameOutput output) {
    Text text = reason.isEmpty() ? Text.EMPTY : Text.cut(reason, Protocol.MAX_REASON);
    int size = 9 + text.size();
    ByteBuffer out = output.reserve(Protocol.HEADER_SIZE + size);
    Fields.header(out, size, Protocol.ACK, 0, stream);
    out.putLong(sequence).put((byte) status.code());
    text.encode(out);
  }

  /** Reads the body. */
  public static AckFrame decode(ByteBuffer in, Texts texts) {
    Fields.need(in, 9, "ACK");
    long sequence = in.getLong();
    Status status = CloseFrame.status(in.get(), "ACK");
    String reason = texts.read(in, "ACK reason", Protocol.MAX_REASON).toString();
    Fields.end(in, "ACK");
    return new AckFrame(sequence, status, reason);
  }
}
