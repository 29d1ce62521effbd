package io.liblink.bench.reference;

import io.liblink.bench.peers.Peer;
import io.liblink.bench.peers.Secrets;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;

/** The raw reference as a peer. */
public final class Reference implements Peer {
  @Override
  public Server serve(Secrets secrets) throws Exception {
    return new ReferenceServer(secrets);
  }

  @Override
  public Dialer dialer(String address, Secrets secrets) throws Exception {
    SslContext tls = ReferenceTls.client(secrets);
    EventLoopGroup loops = ReferenceLoops.start();
    int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    return () -> dial(loops, tls, port);
  }

  private static Link dial(EventLoopGroup loops, SslContext tls, int port) throws Exception {
    ReferenceLink link = new ReferenceLink();
    Channel channel = new Bootstrap()
        .group(loops)
        .channel(EpollSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .handler(new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel c) {
            c.pipeline().addLast(tls.newHandler(c.alloc(), "127.0.0.1", port), link);
          }
        })
        .connect("127.0.0.1", port)
        .sync()
        .channel();
    channel.pipeline().get(SslHandler.class).handshakeFuture().sync();
    return link;
  }
}
