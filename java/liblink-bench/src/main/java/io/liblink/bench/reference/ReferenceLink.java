package io.liblink.bench.reference;

import io.liblink.bench.peers.Peer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.internal.PlatformDependent;
import java.nio.channels.ClosedChannelException;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The calling end of a connection. Calls made on its event loop are written at once and flushed at
 * the end of the read batch; others pass a queue and one scheduled drain.
 */
final class ReferenceLink extends ChannelInboundHandlerAdapter
    implements Peer.Link, FrameReader.Sink, Runnable {
  private static final int MOST_PER_DRAIN = 2048;

  private final FrameReader reader = new FrameReader(this);
  private final PendingCalls pending = new PendingCalls();
  private final Queue<Call> queue = PlatformDependent.newMpscQueue();
  private final AtomicBoolean drainScheduled = new AtomicBoolean();

  @SuppressWarnings("NullAway.Init") // set before the link is handed out
  private Channel channel;

  @SuppressWarnings("NullAway.Init")
  private FrameWriter writer;

  private boolean reading;
  private @Nullable Throwable broken;

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    channel = context.channel();
    writer = new FrameWriter(context);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    writer.release();
  }

  @Override
  public void call(byte[] request, Peer.Reply reply) {
    if (channel.eventLoop().inEventLoop()) {
      start(request, reply);
      if (!reading) {
        writer.flush();
      }
      return;
    }
    queue.add(new Call(request, reply));
    schedule();
  }

  private void schedule() {
    if (drainScheduled.compareAndSet(false, true)) {
      channel.eventLoop().execute(this);
    }
  }

  /** The drain. The flag is cleared first, so that a call added meanwhile is not forgotten. */
  @Override
  public void run() {
    drainScheduled.set(false);
    for (int i = 0; i < MOST_PER_DRAIN; i++) {
      Call call = queue.poll();
      if (call == null) {
        writer.flush();
        return;
      }
      start(call.request, call.reply);
    }
    writer.flush();
    schedule();
  }

  private void start(byte[] request, Peer.Reply reply) {
    if (broken != null) {
      reply.failed(broken);
    } else {
      writer.open(pending.add(reply), request);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    reading = true;
    try {
      reader.read(in);
    } finally {
      in.release();
    }
  }

  @Override
  public void frame(byte type, int stream, byte[] payload) {
    Peer.Reply reply = type == Frames.CLOSE ? pending.remove(stream) : null;
    if (reply == null) {
      throw new IllegalStateException("frame type " + type + " on stream " + stream);
    }
    reply.arrived(payload);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    reading = false;
    writer.flush();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    fail(new ClosedChannelException());
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // there is nothing to do when it can't close
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    fail(cause);
    context.close();
  }

  private void fail(Throwable cause) {
    if (broken == null) {
      broken = cause;
    }
    pending.failAll(cause);
  }

  @Override
  public void close() {
    channel.close().awaitUninterruptibly();
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Call(byte[] request, Peer.Reply reply) {}
}
