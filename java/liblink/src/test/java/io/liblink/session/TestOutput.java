package io.liblink.session;

import io.liblink.wire.FrameOutput;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Keeps what a session writes, in pieces as large as those of a connection. */
final class TestOutput implements FrameOutput {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private ByteBuffer open = ByteBuffer.allocate(0);

  @Override
  public ByteBuffer reserve(int size) {
    if (open.remaining() < size) {
      gather();
      open = ByteBuffer.allocate(Math.max(16 << 10, size));
    }
    return open;
  }

  @Override
  public void write(byte[] source, int offset, int length) {
    int from = offset;
    int left = length;
    while (left > 0) {
      ByteBuffer room = reserve(1);
      int n = Math.min(left, room.remaining());
      room.put(source, from, n);
      from += n;
      left -= n;
    }
  }

  private void gather() {
    bytes.write(open.array(), 0, open.position());
    open = ByteBuffer.allocate(0);
  }

  /** All that was written since the last time. */
  byte[] take() {
    gather();
    byte[] all = bytes.toByteArray();
    bytes.reset();
    return all;
  }
}
