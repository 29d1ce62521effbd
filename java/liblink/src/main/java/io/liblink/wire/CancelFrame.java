package io.liblink.wire;

import io.liblink.status.Status;
import java.nio.ByteBuffer;

/**
 * The opener of a stream lost interest: {@code status u8}. It takes no more frames of the stream.
 *
 * @param status CANCELLED; DEADLINE_EXCEEDED when its time was over; RESOURCE_EXHAUSTED when what
 *     came is larger than it takes; never OK
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
    if (status == Status.OK) {
      throw new ProtocolException("§4.11", "CANCEL with status OK");
    }
    return new CancelFrame(status);
  }
}
