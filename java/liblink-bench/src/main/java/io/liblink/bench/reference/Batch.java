package io.liblink.bench.reference;

import io.netty.buffer.ByteBuf;

/**
 * MESSAGE frames one behind the other, at most a TLS record of them. One thread adds; once handed
 * over it is only read, by as many connections as there are.
 */
final class Batch {
  private final byte[] bytes = new byte[FrameWriter.RECORD];
  private int length;

  boolean hasRoomFor(byte[] payload) {
    return length + Items.MESSAGE_PREFIX + payload.length <= bytes.length;
  }

  boolean isEmpty() {
    return length == 0;
  }

  void add(long sequence, byte[] payload) {
    length = Items.message(bytes, length, sequence, payload);
  }

  int length() {
    return length;
  }

  /** Writes all frames, each with the stream's number. */
  void writeTo(ByteBuf out, int stream) {
    int start = out.writerIndex();
    out.writeBytes(bytes, 0, length);
    for (int at = start; at < start + length; at += Frames.LENGTH_BYTES + out.getInt(at)) {
      out.setInt(at + Frames.STREAM_AT, stream);
    }
  }
}
