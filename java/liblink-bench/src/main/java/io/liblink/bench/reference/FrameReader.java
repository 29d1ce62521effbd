package io.liblink.bench.reference;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Finds frames in what arrives, in place. Only the rest of a cut frame is kept: as it is while it is
 * short, and copied straight into the array of its payload when the frame is large. For one event
 * loop.
 */
final class FrameReader {
  private final Sink sink;
  private final ByteBuf rest = Unpooled.buffer(256);
  private byte @Nullable [] large;
  private int largeFilled;
  private byte largeType;
  private int largeStream;

  FrameReader(Sink sink) {
    this.sink = sink;
  }

  void read(ByteBuf in) {
    while (in.isReadable()) {
      if (large != null) {
        fillLarge(large, in);
      } else if (rest.isReadable()) {
        topUp(in);
      } else if (!readInPlace(in)) {
        rest.writeBytes(in);
      }
    }
  }

  private boolean readInPlace(ByteBuf in) {
    int wanted = wanted(in);
    if (wanted < 0 || in.readableBytes() < wanted) {
      return false;
    }
    take(in);
    return true;
  }

  /** How many bytes {@link #take} needs of the frame that starts here, -1 before its length. */
  private static int wanted(ByteBuf in) {
    if (in.readableBytes() < Frames.LENGTH_BYTES) {
      return -1;
    }
    int length = in.getInt(in.readerIndex());
    if (length < Frames.CLOSE_PREFIX.length - Frames.LENGTH_BYTES || length > Frames.LARGEST) {
      throw new IllegalStateException("a frame of " + length + " bytes");
    }
    int total = Frames.LENGTH_BYTES + length;
    return total > FrameWriter.RECORD ? Frames.LONGEST_PREFIX : total;
  }

  private void topUp(ByteBuf in) {
    int wanted = wanted(rest);
    int missing = (wanted < 0 ? Frames.LENGTH_BYTES : wanted) - rest.readableBytes();
    rest.writeBytes(in, Math.min(missing, in.readableBytes()));
    if (wanted(rest) == rest.readableBytes()) {
      take(rest);
      rest.clear();
    }
  }

  /** Takes the frame that starts here; of a large one, what is there of it. */
  private void take(ByteBuf in) {
    int at = in.readerIndex();
    int total = Frames.LENGTH_BYTES + in.getInt(at);
    byte type = in.getByte(at + Frames.TYPE_AT);
    int stream = in.getInt(at + Frames.STREAM_AT);
    int prefix = Frames.prefixLength(in, at);
    byte[] payload = new byte[total - prefix];
    in.skipBytes(prefix);
    if (total <= FrameWriter.RECORD) {
      in.readBytes(payload);
      sink.frame(type, stream, payload);
      return;
    }
    large = payload;
    largeFilled = 0;
    largeType = type;
    largeStream = stream;
    fillLarge(payload, in);
  }

  private void fillLarge(byte[] payload, ByteBuf in) {
    int count = Math.min(payload.length - largeFilled, in.readableBytes());
    in.readBytes(payload, largeFilled, count);
    largeFilled += count;
    if (largeFilled == payload.length) {
      large = null;
      sink.frame(largeType, largeStream, payload);
    }
  }

  /** Where whole frames go. */
  interface Sink {
    void frame(byte type, int stream, byte[] payload);
  }
}
