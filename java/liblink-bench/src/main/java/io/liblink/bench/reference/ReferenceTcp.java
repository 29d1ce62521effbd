package io.liblink.bench.reference;

import io.liblink.bench.peers.Secrets;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;

/** Listens and dials on loopback, encrypted, the same for all patterns. */
final class ReferenceTcp {
  private ReferenceTcp() {}

  /** Listens on a free port, with a new handler for each connection. */
  static Channel listen(EventLoopGroup loops, Secrets secrets, Supplier<ChannelHandler> handlers)
      throws SSLException, InterruptedException {
    SslContext tls = ReferenceTls.server(secrets);
    return new ServerBootstrap()
        .group(loops)
        .channel(EpollServerSocketChannel.class)
        .option(ChannelOption.SO_BACKLOG, 1024)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel channel) {
            channel.pipeline().addLast(tls.newHandler(channel.alloc()), handlers.get());
          }
        })
        .bind("127.0.0.1", 0)
        .sync()
        .channel();
  }

  /** The address of what listens. */
  static String address(Channel listener) {
    return "127.0.0.1:" + ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /** Connects and waits for the handshake. */
  static void dial(EventLoopGroup loops, SslContext tls, String address, ChannelHandler handler)
      throws InterruptedException {
    int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    Channel channel = new Bootstrap()
        .group(loops)
        .channel(EpollSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .handler(new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel c) {
            c.pipeline().addLast(tls.newHandler(c.alloc(), "127.0.0.1", port), handler);
          }
        })
        .connect("127.0.0.1", port)
        .sync()
        .channel();
    channel.pipeline().get(SslHandler.class).handshakeFuture().sync();
  }
}
