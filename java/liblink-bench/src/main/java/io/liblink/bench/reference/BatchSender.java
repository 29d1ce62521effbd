package io.liblink.bench.reference;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.internal.PlatformDependent;
import java.nio.channels.ClosedChannelException;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sends batches on one stream of one connection, each flushed by itself, as long as the channel is
 * writable. One thread offers, and waits when too many are not sent; the rest runs on the event
 * loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a void promise reports by exceptionCaught
final class BatchSender implements Runnable {
  private static final int MOST_WAITING = 16;
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final ChannelHandlerContext context;
  private final int stream;
  private final Queue<Batch> queue = PlatformDependent.newSpscQueue();
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile @Nullable Thread blocked;
  private volatile boolean closed;

  BatchSender(ChannelHandlerContext context, int stream) {
    this.context = context;
    this.stream = stream;
  }

  void offer(Batch batch) throws ClosedChannelException {
    if (waiting.get() >= MOST_WAITING) {
      blocked = Thread.currentThread();
      while (waiting.get() >= MOST_WAITING && !closed) {
        LockSupport.parkNanos(this, LOOK_NANOS);
      }
      blocked = null;
    }
    if (closed) {
      throw new ClosedChannelException();
    }
    queue.add(batch);
    if (waiting.getAndIncrement() == 0) {
      context.executor().execute(this);
    }
  }

  /**
   * Sends what the channel takes; called again when it is writable again. A batch that is added
   * while the last one is sent schedules nothing, so what is left is looked at after counting.
   */
  @Override
  public void run() {
    int left;
    do {
      int sent = send();
      left = waiting.addAndGet(-sent);
      if (sent > 0 && left < MOST_WAITING) {
        LockSupport.unpark(blocked);
      }
    } while (left > 0 && context.channel().isWritable());
  }

  private int send() {
    int sent = 0;
    while (context.channel().isWritable()) {
      Batch batch = queue.poll();
      if (batch == null) {
        break;
      }
      ByteBuf buffer = context.alloc().directBuffer(batch.length(), batch.length());
      batch.writeTo(buffer, stream);
      context.writeAndFlush(buffer, context.voidPromise());
      sent++;
    }
    return sent;
  }

  /** Nothing can be sent any more. */
  void close() {
    closed = true;
    LockSupport.unpark(blocked);
  }
}
