package io.liblink.bench.reference;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/**
 * Writes frames into one buffer of the size of a TLS record, which goes out when it is full and when
 * {@link #flush} is called. For the event loop of its channel only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a void promise reports by exceptionCaught
final class FrameWriter {
  static final int RECORD = 16 * 1024;

  private final ChannelHandlerContext context;
  private @Nullable ByteBuf buffer;

  FrameWriter(ChannelHandlerContext context) {
    this.context = context;
  }

  void open(int stream, byte[] payload) {
    write(Frames.OPEN_PREFIX, stream, payload);
  }

  void close(int stream, byte[] payload) {
    write(Frames.CLOSE_PREFIX, stream, payload);
  }

  private void write(byte[] prefix, int stream, byte[] payload) {
    boolean large = payload.length > RECORD / 2;
    ByteBuf b = room(prefix.length + (large ? 0 : payload.length));
    int start = b.writerIndex();
    b.writeBytes(prefix);
    b.setInt(start, prefix.length - Frames.LENGTH_BYTES + payload.length);
    b.setInt(start + Frames.STREAM_AT, stream);
    if (large) {
      push();
      context.write(Unpooled.wrappedBuffer(payload), context.voidPromise());
    } else {
      b.writeBytes(payload);
    }
  }

  /** Where the next frame of so many bytes at most is written. */
  ByteBuf room(int bytes) {
    ByteBuf b = buffer;
    if (b != null && b.writableBytes() < bytes) {
      push();
      context.flush();
      b = null;
    }
    if (b == null) {
      b = context.alloc().directBuffer(RECORD, RECORD);
      buffer = b;
    }
    return b;
  }

  private void push() {
    if (buffer != null) {
      context.write(buffer, context.voidPromise());
      buffer = null;
    }
  }

  void flush() {
    push();
    context.flush();
  }

  void release() {
    if (buffer != null) {
      buffer.release();
      buffer = null;
    }
  }
}
