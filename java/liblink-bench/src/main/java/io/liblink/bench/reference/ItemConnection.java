package io.liblink.bench.reference;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/** What all ends of publish-subscribe and pipeline have in common. Belongs to its event loop. */
abstract class ItemConnection extends ChannelInboundHandlerAdapter implements ItemReader.Sink {
  private final ItemReader reader = new ItemReader(this);
  private boolean over;

  /** What is written besides batches. */
  @SuppressWarnings("NullAway.Init") // set before anything can arrive
  protected FrameWriter writer;

  /** Of the end that sends batches. */
  protected volatile @Nullable BatchSender sender;

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    writer = new FrameWriter(context);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    writer.release();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      reader.read(in);
    } finally {
      in.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    writer.flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    BatchSender s = sender;
    if (s != null) {
      s.run();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end(new ClosedChannelException());
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // there is nothing to do when it can't close
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    end(cause);
    context.close();
  }

  private void end(Throwable cause) {
    BatchSender s = sender;
    if (s != null) {
      s.close();
    }
    if (!over) {
      over = true;
      failed(cause);
    }
  }

  /** Called once. */
  protected abstract void failed(Throwable cause);
}
