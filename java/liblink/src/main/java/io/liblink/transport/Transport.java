package io.liblink.transport;

import io.liblink.identity.trust.Trust;
import io.liblink.message.Address;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.telemetry.Counters;
import io.liblink.telemetry.Drop;
import io.liblink.time.TimeSource;
import io.liblink.wire.HelloFrame;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A node's sockets: dials, accepts, and makes links of what authenticated itself. Thread-safe. */
public final class Transport implements AutoCloseable {
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(256 * 1024, 1024 * 1024);

  private final TransportOptions options;
  private final LinkSetup setup;
  private final LinkEvents events;
  private final Counters counters;
  private final TlsContexts tls;
  private final EventLoops loops;
  private final LoopWatch watch;
  private final Resolver resolver;
  private final Queue<Channel> listening = new ConcurrentLinkedQueue<>();
  private final AtomicInteger handshakes = new AtomicInteger();
  private final AtomicInteger acceptedLinks = new AtomicInteger();

  /** Starts the event loops; nothing is listened at or dialed yet. */
  public Transport(
      TransportOptions options,
      Supplier<HelloFrame> hello,
      Trust trust,
      LinkEvents events,
      Counters counters,
      TimeSource time) {
    this.options = options;
    this.events = events;
    this.counters = counters;
    this.tls = new TlsContexts(trust, options.tls());
    this.loops = new EventLoops(options.node(), options.eventLoops());
    this.watch = new LoopWatch(loops, counters.named("loops.stalled"));
    this.resolver = new Resolver(options.node());
    this.setup = new LinkSetup(
        hello,
        options.session(),
        trust,
        events,
        counters,
        time,
        options.handshake().toNanos(),
        new AtomicInteger());
  }

  /**
   * Loads the native libraries on a thread of its own, once per JVM, and returns at once. Who needs
   * them waits for what is not loaded yet.
   */
  public static void preload() {
    Thread loader = new Thread(EventLoops::load, "liblink-load");
    loader.setDaemon(true);
    loader.start();
  }

  /** Which TLS does the work: {@code BoringSSL} or {@code JDK}. */
  public String tlsName() {
    return tls.name();
  }

  /** Which sockets do the work: {@code epoll} or {@code NIO}. */
  public String socketsName() {
    return loops.name();
  }

  /**
   * The time; on an event loop that reads, the time at which it began to, which saves hundreds of
   * readings of the clock and is off by less than a millisecond.
   */
  public static long nanos(TimeSource time) {
    long turn = LoopThread.turn(time);
    return turn != 0 ? turn : time.nanos();
  }

  /** Whether the calling thread is an event loop, of whatever node: it must not wait. */
  public static boolean onEventLoop() {
    return EventLoops.onOne();
  }

  /** Notices event loops that stand still, and counts and logs them. For one thread. */
  public void watchLoops() {
    watch.look();
  }

  // ---- accepting ----------------------------------------------------------------------------

  /**
   * Listens.
   *
   * @return the address bound, with its port
   * @throws LinkException UNAVAILABLE when the address can't be had, saying why
   */
  public Address listen(Address bind) {
    ServerBootstrap bootstrap = new ServerBootstrap()
        .group(loops.group())
        .channel(loops.serverChannel())
        .option(ChannelOption.SO_BACKLOG, 1024)
        .option(ChannelOption.SO_REUSEADDR, true)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
        .childHandler(new Acceptor());
    InetSocketAddress address = bind.resolve();
    if (address.isUnresolved()) {
      throw listenFailure(
          bind, "'" + bind.host() + "' is no name or address of this machine", null);
    }
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    Throwable cause = bound.cause();
    if (cause != null) {
      String words = String.valueOf(cause.getMessage());
      String hint = words.contains("in use")
          ? ": another process listens there; choose another port, or 0 for a free one"
          : "";
      throw listenFailure(bind, words + hint, cause);
    }
    listening.add(bound.channel());
    return Addresses.of(bound.channel().localAddress());
  }

  /** Accepts no more connections. Returns without waiting. */
  public void stopListening() {
    listening.forEach(Channel::close);
  }

  /** Accepted connections that have not proved who they are yet. */
  public int handshakes() {
    return handshakes.get();
  }

  /** Links that have ended and whose last words the peer may still be taking; a second at most. */
  public int hangingUp() {
    return setup.hangingUp().get();
  }

  private static LinkException listenFailure(
      Address bind, String words, @org.jspecify.annotations.Nullable Throwable cause) {
    return LinkException.failure(
            Status.UNAVAILABLE, Stage.CONNECT, "can't listen at " + bind + ": " + words)
        .address(bind.toString())
        .cause(cause)
        .build();
  }

  /** Bounds what may be unauthenticated at once, so that strangers can't crowd out peers. */
  private final class Acceptor extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      if (handshakes.incrementAndGet() > options.handshakes()) {
        handshakes.decrementAndGet();
        counters.drop(Drop.TOO_MANY_CONNECTIONS);
        channel.close();
        return;
      }
      // Whatever happens to the connection, its place becomes free, once.
      AtomicBoolean place = new AtomicBoolean(true);
      channel.closeFuture().addListener(f -> leave(place));
      String remote = Addresses.text(channel.remoteAddress());
      CompletableFuture<Link> ready = new CompletableFuture<>();
      ready.whenComplete((link, failure) -> {
        leave(place);
        if (link != null) {
          acceptedLinks.incrementAndGet();
          channel.closeFuture().addListener(f -> acceptedLinks.decrementAndGet());
        } else if (failure instanceof LinkException e) {
          events.onRefused(remote, e);
        }
      });
      SslHandler ssl = tls.serverHandler(channel.alloc());
      ssl.setHandshakeTimeout(0, TimeUnit.MILLISECONDS); // LinkHandler has one for all of it
      channel
          .pipeline()
          .addLast(
              ssl,
              LinkHandler.acceptor(setup, () -> acceptedLinks.get() >= options.links(), ready));
    }

    private void leave(AtomicBoolean place) {
      if (place.compareAndSet(true, false)) {
        handshakes.decrementAndGet();
      }
    }
  }

  // ---- dialing ------------------------------------------------------------------------------

  /** Dials; completes with a link that is ready, or exceptionally with a {@link LinkException}. */
  public CompletableFuture<Link> dial(Address address) {
    return resolver.resolve(address).thenCompose(resolved -> dial(address, resolved, 0));
  }

  /** One after the other, until one answers; the failure is the one that says most. */
  CompletableFuture<Link> dial(Address address, List<InetSocketAddress> resolved, int index) {
    CompletableFuture<Link> attempt = connect(address, resolved.get(index));
    if (index + 1 == resolved.size()) {
      return attempt;
    }
    return attempt.exceptionallyCompose(e -> dial(address, resolved, index + 1)
        .exceptionallyCompose(
            later -> CompletableFuture.failedFuture(HandshakeFailure.moreTelling(e, later))));
  }

  private CompletableFuture<Link> connect(Address address, InetSocketAddress target) {
    CompletableFuture<Link> ready = new CompletableFuture<>();
    ChannelFuture connect = new Bootstrap()
        .group(loops.group())
        .channel(loops.clientChannel())
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
            Math.min(options.connect().toMillis(), Integer.MAX_VALUE))
        .handler(new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel channel) {
            try {
              SslHandler ssl = tls.clientHandler(channel.alloc());
              ssl.setHandshakeTimeout(0, TimeUnit.MILLISECONDS);
              channel.pipeline().addLast(ssl, LinkHandler.dialer(setup, ready));
            } catch (RuntimeException e) { // such as a key that can't be used
              ready.completeExceptionally(HandshakeFailure.unreachable(address.toString(), e));
              channel.close();
            }
          }
        })
        .connect(target);
    connect.addListener((ChannelFutureListener) f -> {
      Throwable cause = f.cause();
      if (cause != null) {
        ready.completeExceptionally(HandshakeFailure.unreachable(address.toString(), cause));
      }
    });
    return ready;
  }

  // ---- end ----------------------------------------------------------------------------------

  /** Closes every socket and stops the event loops, within about that time. */
  public void close(Duration patience) {
    resolver.close();
    // Or one loop accepts connections for another that has ended.
    listening.forEach(l -> l.close().awaitUninterruptibly(patience.toMillis()));
    loops.close(patience);
  }

  @Override
  public void close() {
    close(Duration.ofSeconds(1));
  }

  /** Timers on the event loops of this transport, by the node's clock. */
  public io.liblink.time.Timers timers() {
    EventLoopGroup group = loops.group();
    return (delay, task) -> ClockTimer.start(group.next(), setup.time(), delay.toNanos(), task);
  }
}
