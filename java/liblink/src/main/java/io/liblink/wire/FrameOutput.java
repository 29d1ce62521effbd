package io.liblink.wire;

import java.nio.ByteBuffer;

/** Where frames are written. One thread at a time. */
public interface FrameOutput {
  /**
   * A big-endian buffer with room for at least that many bytes; what is put into it is written. Valid
   * until the next call on this output.
   */
  ByteBuffer reserve(int bytes);

  /** Writes bytes after what was put before; they are copied before this returns. */
  void write(byte[] source, int offset, int length);
}
