package io.liblink.bench.reference;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.util.concurrent.TimeUnit;

/** Event loops on epoll, one for each processor. One connection uses one of them. */
final class ReferenceLoops {
  private ReferenceLoops() {}

  static EventLoopGroup start() {
    return new MultiThreadIoEventLoopGroup(
        Runtime.getRuntime().availableProcessors(), EpollIoHandler.newFactory());
  }

  static void stop(EventLoopGroup group) {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }
}
