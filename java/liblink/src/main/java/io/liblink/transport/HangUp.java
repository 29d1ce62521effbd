package io.liblink.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How a link that ended leaves its connection: it closes the writing side behind what was written and
 * reads on until the peer hangs up, so that the reason is not lost to a TCP reset. A peer that does
 * neither read nor hang up is cut off.
 */
final class HangUp {
  /** How long the peer may take. */
  private static final long LINGER_NANOS = 1_000_000_000;

  private HangUp() {}

  /** Counts itself until the connection is closed, so that a node that ends can wait for it. */
  static void of(ChannelHandlerContext c, AtomicInteger count) {
    count.incrementAndGet();
    c.channel().closeFuture().addListener(f -> count.decrementAndGet());
    ChannelHandlerContext tls = c.pipeline().context(SslHandler.class);
    if (tls == null) {
      c.close();
      return;
    }
    ((SslHandler) tls.handler()).closeOutbound().addListener(f -> {
      if (c.channel() instanceof DuplexChannel socket && socket.isActive()) {
        socket.shutdownOutput();
      }
    });
    // From the handler's own place: SslHandler would wait for its last record to be taken.
    c.channel().eventLoop().schedule(() -> tls.close(), LINGER_NANOS, TimeUnit.NANOSECONDS);
  }
}
