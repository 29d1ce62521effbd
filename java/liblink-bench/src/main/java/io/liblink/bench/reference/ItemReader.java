package io.liblink.bench.reference;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Finds the frames of {@link Items} in what arrives, in place; only a cut frame is kept. For one
 * event loop.
 */
final class ItemReader {
  private final Sink sink;
  private final ByteBuf rest = Unpooled.buffer(512, Items.LARGEST);

  ItemReader(Sink sink) {
    this.sink = sink;
  }

  void read(ByteBuf in) {
    if (rest.isReadable() && !topUp(in)) {
      return;
    }
    int total;
    while ((total = total(in)) <= in.readableBytes()) {
      take(in, total);
    }
    rest.writeBytes(in);
  }

  /** The length of the frame that starts here; of its length while that is not there. */
  private static int total(ByteBuf in) {
    if (in.readableBytes() < Frames.LENGTH_BYTES) {
      return Frames.LENGTH_BYTES;
    }
    int total = Frames.LENGTH_BYTES + in.getInt(in.readerIndex());
    if (total <= Frames.HEADER || total > Items.LARGEST) {
      throw new IllegalStateException("a frame of " + total + " bytes");
    }
    return total;
  }

  /** True when the cut frame was completed and taken. */
  private boolean topUp(ByteBuf in) {
    if (rest.readableBytes() < Frames.LENGTH_BYTES) {
      rest.writeBytes(in, missing(in));
      if (rest.readableBytes() < Frames.LENGTH_BYTES) {
        return false;
      }
    }
    rest.writeBytes(in, missing(in));
    int total = total(rest);
    if (rest.readableBytes() < total) {
      return false;
    }
    take(rest, total);
    rest.clear();
    return true;
  }

  private int missing(ByteBuf in) {
    return Math.min(total(rest) - rest.readableBytes(), in.readableBytes());
  }

  private void take(ByteBuf in, int total) {
    int at = in.readerIndex();
    int stream = in.getInt(at + Frames.STREAM_AT);
    byte type = in.getByte(at + Frames.TYPE_AT);
    switch (type) {
      case Items.MESSAGE ->
        sink.message(stream, Items.sequence(in, at), Items.payload(in, at, total));
      case Items.ACK -> {
        Items.requireOk(in, at, total);
        sink.acknowledged(Items.sequence(in, at));
      }
      case Frames.OPEN -> sink.opened(stream, Items.kind(in, at));
      default -> throw new IllegalStateException("frame type " + type);
    }
    in.skipBytes(total);
  }

  /** Where whole frames go; each end takes those that it expects. */
  interface Sink {
    default void opened(int stream, byte kind) {
      throw new IllegalStateException("an OPEN");
    }

    default void message(int stream, long sequence, byte[] payload) {
      throw new IllegalStateException("a MESSAGE");
    }

    default void acknowledged(long sequence) {
      throw new IllegalStateException("an ACK");
    }
  }
}
