package io.liblink.wire;

import io.liblink.status.Status;
import java.nio.ByteBuffer;

/**
 * The sender takes no new streams: {@code last u32 | status u8 | reason str}. With UNAVAILABLE it is
 * draining and finishes what it took; with anything else it closes the link.
 *
 * @param lastStream the last stream of the receiver that was taken, 0 for none; later ones did not
 *     run
 * @param status why
 * @param reason why, in words
 */
public record GoAwayFrame(int lastStream, Status status, String reason) {
  /** Writes the frame on stream 0. */
  public void encode(FrameOutput output) {
    Text text = Text.cut(reason, Protocol.MAX_REASON);
    int size = 5 + text.size();
    ByteBuffer out = output.reserve(Protocol.HEADER_SIZE + size);
    Fields.header(out, size, Protocol.GOAWAY, 0, 0);
    out.putInt(lastStream).put((byte) status.code());
    text.encode(out);
  }

  /** The reason as it may stand in logs and failures: without anything that breaks lines there. */
  public String printableReason() {
    return reason.codePoints().anyMatch(Character::isISOControl)
        ? reason.replaceAll("\\p{Cntrl}", "?")
        : reason;
  }

  /** Reads the body. */
  public static GoAwayFrame decode(ByteBuffer in, Texts texts) {
    Fields.need(in, 5, "GOAWAY");
    int last = in.getInt();
    if (last < 0) {
      throw new ProtocolException("§4.4", "GOAWAY after an impossible stream");
    }
    Status status = CloseFrame.status(in.get(), "GOAWAY");
    String reason = texts.read(in, "GOAWAY reason", Protocol.MAX_REASON).toString();
    Fields.end(in, "GOAWAY");
    return new GoAwayFrame(last, status, reason);
  }
}
