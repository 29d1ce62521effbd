package io.liblink.bench.reference;

import io.liblink.bench.peers.Echo;
import io.liblink.bench.peers.Peer;
import io.liblink.bench.peers.Secrets;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;

/** Answers each OPEN with a CLOSE, on the event loop. */
final class ReferenceServer implements Peer.Server {
  private final EventLoopGroup loops = ReferenceLoops.start();
  private final Channel listener;

  ReferenceServer(Secrets secrets) throws Exception {
    listener = ReferenceTcp.listen(loops, secrets, Connection::new);
  }

  @Override
  public String address() {
    return ReferenceTcp.address(listener);
  }

  @Override
  public void close() {
    listener.close().awaitUninterruptibly();
    ReferenceLoops.stop(loops);
  }

  private static final class Connection extends ChannelInboundHandlerAdapter
      implements FrameReader.Sink {
    private final FrameReader reader = new FrameReader(this);

    @SuppressWarnings("NullAway.Init") // set before anything can arrive
    private FrameWriter writer;

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
    public void frame(byte type, int stream, byte[] payload) {
      if (type != Frames.OPEN) {
        throw new IllegalStateException("a server was sent frame type " + type);
      }
      writer.close(stream, Echo.answer(payload));
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      writer.flush();
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // there is nothing to do when it can't close
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
