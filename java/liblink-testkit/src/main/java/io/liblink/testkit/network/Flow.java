package io.liblink.testkit.network;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;

/** One direction of a wire. Belongs to the network's thread. Holds {@value #MOST} bytes and a read. */
final class Flow {
  private static final int MOST = 4 << 20;

  private record Chunk(ByteBuffer bytes, long readNanos) {}

  private final SocketChannel from;
  private final SocketChannel to;
  private final ArrayDeque<Chunk> chunks = new ArrayDeque<>();
  private int held;
  private boolean ended;
  private boolean endedBehind;
  private boolean blocked;

  Flow(SocketChannel from, SocketChannel to) {
    this.from = from;
    this.to = to;
  }

  boolean wantsToRead() {
    return !ended && held < MOST;
  }

  /** Whether the socket behind takes no more for now. */
  boolean wantsToWrite() {
    return blocked;
  }

  /** Whether all that there ever will be has passed. */
  boolean isOver() {
    return endedBehind;
  }

  void read(ByteBuffer scratch, long now) throws IOException {
    scratch.clear();
    int n = from.read(scratch);
    if (n < 0) {
      ended = true;
    } else if (n > 0) {
      ByteBuffer copy = ByteBuffer.allocate(n);
      copy.put(scratch.flip()).flip();
      chunks.add(new Chunk(copy, now));
      held += n;
    }
  }

  /** Passes on what is due; returns when the next is, or {@link Long#MAX_VALUE} nanoseconds. */
  long write(long now, long delayNanos) throws IOException {
    blocked = false;
    for (Chunk c = chunks.peek(); c != null; c = chunks.peek()) {
      long left = c.readNanos() + delayNanos - now;
      if (left > 0) {
        return left;
      }
      held -= to.write(c.bytes());
      if (c.bytes().hasRemaining()) {
        blocked = true;
        return Long.MAX_VALUE;
      }
      chunks.remove();
    }
    if (ended && !endedBehind) {
      endedBehind = true;
      to.shutdownOutput();
    }
    return Long.MAX_VALUE;
  }
}
