package io.liblink.transport;

import io.liblink.wire.FrameOutput;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Gathers frames in buffers of one TLS record, so that many small frames cost one record and one
 * system call. Full buffers are flushed at once, so that the peer can work on them meanwhile; the
 * rest at {@link #flush}. An idle link holds no buffer. Belongs to the event loop.
 */
final class LinkOutput implements FrameOutput {
  /** The payload of a TLS record. */
  private static final int RECORD = 16 * 1024;

  private final ChannelHandlerContext context;
  private @Nullable ByteBuf buffer;
  private @Nullable ByteBuffer view;

  LinkOutput(ChannelHandlerContext context) {
    this.context = context;
  }

  @Override
  public ByteBuffer reserve(int bytes) {
    ByteBuffer v = view;
    if (v != null && v.remaining() >= bytes) {
      return v;
    }
    return next(bytes);
  }

  private ByteBuffer next(int bytes) {
    flush();
    int size = Math.max(RECORD, bytes);
    ByteBuf b = context.alloc().directBuffer(size, size);
    ByteBuffer v = b.nioBuffer(0, size);
    buffer = b;
    view = v;
    return v;
  }

  @Override
  public void write(byte[] source, int offset, int length) {
    int from = offset;
    int left = length;
    while (left > 0) {
      ByteBuffer v = view;
      if (v == null || !v.hasRemaining()) {
        v = next(1);
      }
      int n = Math.min(left, v.remaining());
      v.put(source, from, n);
      from += n;
      left -= n;
    }
  }

  /** Bytes that were sent and that the peer has not taken. */
  long unread() {
    ChannelOutboundBuffer written = context.channel().unsafe().outboundBuffer();
    return written == null ? 0 : written.totalPendingWriteBytes();
  }

  /** Sends what was gathered. */
  void flush() {
    ByteBuf b = buffer;
    ByteBuffer v = view;
    if (b == null || v == null) {
      return;
    }
    buffer = null;
    view = null;
    b.writerIndex(v.position());
    context.writeAndFlush(b, context.voidPromise());
  }

  /** The connection is gone: what was gathered goes nowhere. */
  void discard() {
    ByteBuf b = buffer;
    buffer = null;
    view = null;
    if (b != null) {
      b.release();
    }
  }
}
