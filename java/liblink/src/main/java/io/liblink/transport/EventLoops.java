package io.liblink.transport;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.OpenSsl;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** The threads that move bytes: epoll where its native library loads, NIO where not. */
final class EventLoops {
  private final boolean epoll = Epoll.isAvailable();
  private final EventLoopGroup group;
  private final List<Thread> running = new CopyOnWriteArrayList<>();

  EventLoops(String node, int threads) {
    IoHandlerFactory factory = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    this.group =
        new MultiThreadIoEventLoopGroup(threads, new Factory("liblink-" + node + "-io"), factory);
  }

  /** Loading is idempotent: a second caller waits for the first or finds all done. */
  static void load() {
    if (!Epoll.isAvailable()) {
      NioIoHandler.newFactory();
    }
    OpenSsl.isAvailable();
  }

  /** Whether the calling thread is an event loop, of this node or of another in this JVM. */
  static boolean onOne() {
    return Thread.currentThread() instanceof LoopThread;
  }

  /** Those of the loops that were ever used. */
  List<Thread> threads() {
    return running;
  }

  String name() {
    return epoll ? "epoll" : "NIO";
  }

  EventLoopGroup group() {
    return group;
  }

  Class<? extends ServerChannel> serverChannel() {
    return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  Class<? extends Channel> clientChannel() {
    return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  private final class Factory extends DefaultThreadFactory {
    Factory(String name) {
      super(name, true);
    }

    @Override
    protected Thread newThread(Runnable loop, String name) {
      Thread thread = new LoopThread(threadGroup, loop, name);
      running.add(thread);
      return thread;
    }
  }

  void close(Duration patience) {
    group
        .shutdownGracefully(0, patience.toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(patience.toMillis() + 500);
  }
}
