package io.liblink.wire;

import java.nio.ByteBuffer;

/** What the frames under test write. */
final class Bytes implements FrameOutput {
  private final ByteBuffer buffer =
      ByteBuffer.allocate(Protocol.FRAME_LIMIT + Protocol.HEADER_SIZE);

  @Override
  public ByteBuffer reserve(int bytes) {
    if (buffer.remaining() < bytes) {
      throw new AssertionError("a frame larger than the limit: " + bytes);
    }
    return buffer;
  }

  @Override
  public void write(byte[] source, int offset, int length) {
    buffer.put(source, offset, length);
  }

  byte[] done() {
    byte[] bytes = new byte[buffer.position()];
    buffer.get(0, bytes);
    return bytes;
  }
}
