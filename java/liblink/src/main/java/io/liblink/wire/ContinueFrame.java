package io.liblink.wire;

/** The next fragment of a payload: nothing but bytes, at most {@link Protocol#FRAGMENT} of them. */
public final class ContinueFrame {
  private ContinueFrame() {}

  /** Writes a fragment of a payload. */
  public static void encode(
      int stream, byte[] payload, int offset, int length, FrameOutput output) {
    Fields.header(output.reserve(Protocol.HEADER_SIZE), length, Protocol.CONTINUE, 0, stream);
    output.write(payload, offset, length);
  }
}
