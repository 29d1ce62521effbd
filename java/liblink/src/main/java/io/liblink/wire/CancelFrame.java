package io.liblink.wire;

import io.liblink.status.Status;
import java.nio.ByteBuffer;

/**
 * The opener of a stream lost interest: {@code status u8}. It takes no more frames of the stream.
 *
 * @param status CANCELLED, or DEADLINE_EXCEEDED when its time was over
 */
public record CancelFrame(Status status) {
  /** Writes the frame. */
  public void encode(int stream, FrameOutput output) {
    ByteBuffer out = output.reserve(Protocol.HEADER_SIZE + 1);
    Fields.header(out, 1, Protocol.CANCEL, 0, stream);
    out.put((byte) status.code());
  }

  /** Reads the body. */
  public static CancelFrame decode(ByteBuffer in) {
    Fields.need(in, 1, "CANCEL");
    Status status = CloseFrame.status(in.get(), "CANCEL");
    Fields.end(in, "CANCEL");
    return new CancelFrame(status);
  }
}
