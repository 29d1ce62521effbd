package io.liblink.wire;

/** The next fragment of a payload: nothing but bytes, at most {@link Protocol#FRAGMENT} of them. */
public final class ContinueFrame {
  private ContinueFrame() {}

  /** Judges the size of a fragment that was received, which is the size of the body. */
  public static void check(int bodySize) {
    if (bodySize < 1 || bodySize > Protocol.FRAGMENT) {
      throw new ProtocolException(
          "§4.7",
          "CONTINUE with " + bodySize + " bytes; 1 to " + Protocol.FRAGMENT + " are allowed");
    }
  }

  /** Writes a fragment of a payload. */
  public static void encode(
      int stream, byte[] payload, int offset, int length, FrameOutput output) {
    Fields.header(output.reserve(Protocol.HEADER_SIZE), length, Protocol.CONTINUE, 0, stream);
    output.write(payload, offset, length);
  }
}
