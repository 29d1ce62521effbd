package io.liblink.transport;

import io.liblink.identity.Identity;
import io.liblink.identity.trust.Trust;
import io.liblink.session.Session;
import io.liblink.session.SessionEvents;
import io.liblink.session.SessionLimits;
import io.liblink.session.SessionQueue;
import io.liblink.session.SessionRefused;
import io.liblink.session.SessionTask;
import io.liblink.session.Stream;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import io.liblink.telemetry.Counters;
import io.liblink.telemetry.Drop;
import io.liblink.time.TimeSource;
import io.liblink.wire.GoAwayFrame;
import io.liblink.wire.HelloFrame;
import io.liblink.wire.OpenFrame;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The last handler of a connection: brings bytes to the session and the session's bytes to the
 * socket, in batches. What is read in one turn of the event loop is answered in one flush; what other
 * threads submitted meanwhile goes along. Belongs to the event loop, except for {@link #wake} and
 * {@link #abandon}.
 */
final class LinkHandler extends ChannelInboundHandlerAdapter implements SessionEvents {
  /** What may be written and not taken by the peer before the link is given up. */
  static final long MOST_UNREAD = 64L << 20;

  /** How long a link that ended waits for the peer to take what was said last, and to hang up. */
  private static final long LINGER_NANOS = 1_000_000_000;

  /** Up to so many waiting threads are woken by the event loop itself. */
  private static final int WAKE_HERE = 2;

  /** What a connection is made with; the same for all connections of a node. */
  record Setup(
      HelloFrame hello,
      SessionLimits limits,
      Trust trust,
      LinkEvents events,
      Counters counters,
      TimeSource time,
      long handshakeNanos) {}

  private final Setup setup;
  private final boolean dialer;
  private final BooleanSupplier full;
  private final CompletableFuture<Link> ready;
  private final SessionQueue queue = new SessionQueue();
  private final Runnable drainTask = this::drainQueue;
  private final Runnable tickTask = this::tick;
  private @Nullable ChannelHandlerContext context;
  private @Nullable LinkOutput output;
  private @Nullable Session session;
  private @Nullable Identity identity;
  private @Nullable Link link;
  private SessionQueue.Batch backlog = new SessionQueue().take();
  private @Nullable BooleanSupplier writable;
  private java.util.concurrent.@Nullable Future<?> tick;
  private @Nullable ClockTimer handshakeTimer;
  private boolean slowTick;
  private final List<Thread> parked = new ArrayList<>();
  private boolean reading;
  private long turnAt;
  private volatile long roundTripNanos;

  private LinkHandler(
      Setup setup, boolean dialer, BooleanSupplier full, CompletableFuture<Link> ready) {
    this.setup = setup;
    this.dialer = dialer;
    this.full = full;
    this.ready = ready;
  }

  /** The handler of a connection that this node made. */
  static LinkHandler dialer(Setup setup, CompletableFuture<Link> ready) {
    return new LinkHandler(setup, true, () -> false, ready);
  }

  /** The handler of a connection that came; authenticated peers are told when the node is full. */
  static LinkHandler acceptor(Setup setup, BooleanSupplier full, CompletableFuture<Link> ready) {
    return new LinkHandler(setup, false, full, ready);
  }

  SessionQueue queue() {
    return queue;
  }

  long nanos() {
    return setup.time().nanos();
  }

  long roundTripNanos() {
    return roundTripNanos;
  }

  /**
   * Runs a task at once when that is on the event loop, while it reads (so that a flush follows), and
   * nothing is before it. Any thread.
   */
  boolean runNow(SessionTask task) {
    ChannelHandlerContext c = context;
    if (c == null || !c.channel().eventLoop().inEventLoop()) {
      return false;
    }
    Session s = session;
    if (!reading
        || s == null
        || s.ended()
        || !backlog.isEmpty()
        || !queue.isEmpty()
        || !c.channel().isWritable()) {
      return false;
    }
    task.run(s, turnAt);
    return true;
  }

  /** See {@link Link#unparkAfterRead}. Any thread. */
  void unparkAfterRead(Thread thread) {
    ChannelHandlerContext c = context;
    if (c != null && c.channel().eventLoop().inEventLoop() && reading) {
      parked.add(thread);
    } else {
      LockSupport.unpark(thread);
    }
  }

  // ---- from other threads -------------------------------------------------------------------

  /** Something was added to an empty queue. Any thread. */
  void wake() {
    ChannelHandlerContext c = context;
    if (c != null && !(c.channel().eventLoop().inEventLoop() && reading)) {
      c.channel().eventLoop().execute(drainTask);
    }
  }

  /** The link ended before the task was taken. Any thread. */
  void abandon(SessionTask task) {
    task.abandon("the link is closed", setup.time().nanos());
  }

  // ---- handshake ----------------------------------------------------------------------------

  @Override
  public void handlerAdded(ChannelHandlerContext c) {
    context = c;
    writable = c.channel()::isWritable;
    handshakeTimer = ClockTimer.start(
        c.channel().eventLoop(), setup.time(), setup.handshakeNanos(), this::handshakeOver);
  }

  private void handshakeOver() {
    if (link == null) {
      refuse(HandshakeFailure.timeout(dialer, setup.handshakeNanos(), session != null));
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext c, Object event) {
    if (event instanceof SslHandshakeCompletionEvent done) {
      if (done.isSuccess()) {
        authenticated(c);
      } else {
        refuse(HandshakeFailure.of(done.cause(), dialer));
      }
    }
  }

  private void authenticated(ChannelHandlerContext c) {
    try {
      identity = PeerCheck.identify(c, setup.trust(), dialer);
    } catch (HandshakeFailure e) {
      refuse(e);
      return;
    }
    LinkOutput out = new LinkOutput(c);
    output = out;
    Session s = new Session(dialer, setup.hello(), setup.limits(), out, this, setup.counters());
    session = s;
    if (full.getAsBoolean()) {
      s.turnAway("the acceptor has as many links as it takes (Limits.links)", nanos());
      return;
    }
    s.start(nanos());
    out.flush();
  }

  private void stopHandshakeTimer() {
    ClockTimer timer = handshakeTimer;
    if (timer != null) {
      timer.cancel();
    }
  }

  /** The connection will not become a link. */
  private void refuse(HandshakeFailure failure) {
    if (ready.isDone()) {
      return;
    }
    stopHandshakeTimer();
    setup.counters().drop(failure.drop());
    ChannelHandlerContext c = context;
    LinkException e =
        failure.toException(c == null ? "?" : Addresses.text(c.channel().remoteAddress()));
    ready.completeExceptionally(e);
    if (c != null) {
      c.close();
    }
  }

  @Override
  public void onHello(HelloFrame peer, long now) {
    Identity proved = identity;
    ChannelHandlerContext c = context;
    if (proved == null || c == null) {
      throw new SessionRefused(Status.UNAUTHENTICATED, "HELLO before the handshake");
    }
    PeerCheck.checkHello(peer, proved);
    link = new Link(
        this,
        c.channel().eventLoop(),
        proved,
        peer,
        dialer,
        Addresses.text(c.channel().remoteAddress()));
  }

  // ---- reading ------------------------------------------------------------------------------

  @Override
  public void channelRead(ChannelHandlerContext c, Object message) {
    Session s = session;
    if (s == null || !(message instanceof ByteBuf buffer)) {
      ReferenceCountUtil.release(message);
      return;
    }
    reading = true;
    try {
      long now = setup.time().nanos();
      turnAt = now;
      if (buffer.nioBufferCount() == 1) {
        s.receive(buffer.nioBuffer(), now);
      } else {
        for (ByteBuffer part : buffer.nioBuffers()) {
          s.receive(part, now);
        }
      }
    } finally {
      buffer.release();
    }
  }

  @Override
  public void onReady(long now) {
    Link l = link;
    Session s = session;
    if (l != null && s != null) {
      flush();
      stopHandshakeTimer();
      setup.events().onReady(l);
      scheduleTick(s);
      ready.complete(l);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext c) {
    Link l = link;
    if (l != null) {
      setup.events().onReadComplete(l);
    }
    reading = false;
    drainQueue();
    wakeParked();
    c.fireChannelReadComplete();
  }

  /**
   * Many waiters are woken by one of the workers: from there it costs a tenth of what it costs here,
   * and this thread goes on.
   */
  private void wakeParked() {
    if (parked.size() <= WAKE_HERE) {
      parked.forEach(LockSupport::unpark);
    } else {
      Thread[] waiting = parked.toArray(new Thread[0]);
      setup.events().execute(() -> {
        for (Thread thread : waiting) {
          LockSupport.unpark(thread);
        }
      });
    }
    parked.clear();
  }

  // ---- writing ------------------------------------------------------------------------------

  /** Does what other threads submitted, sends fragments, flushes. */
  private void drainQueue() {
    Session s = session;
    ChannelHandlerContext c = context;
    if (s == null || c == null) {
      return;
    }
    long now = setup.time().nanos();
    runTasks(s, c, now);
    if (s.hasTransfers() && writable != null) {
      s.sendFragments(writable, now);
    }
    flush();
    afterTurn(s, c);
  }

  private void runTasks(Session s, ChannelHandlerContext c, long now) {
    while (c.channel().isWritable()) {
      if (backlog.isEmpty()) {
        if (queue.isEmpty()) {
          return;
        }
        backlog = queue.take();
      }
      SessionTask task = backlog.poll();
      if (task != null) {
        task.run(s, now);
      }
    }
    backlog.delay(queue.take());
  }

  private void flush() {
    LinkOutput out = output;
    if (out != null) {
      out.flush();
    }
  }

  private void afterTurn(Session s, ChannelHandlerContext c) {
    if (s.ended()) {
      return;
    }
    Link l = link;
    if (l != null && l.isOpen() && !s.takesStreams()) {
      l.notOpen();
      setup.events().onDraining(l);
    }
    if (l != null && !l.isOpen() && s.streams() == 0 && queue.isEmpty() && backlog.isEmpty()) {
      s.fail(Status.OK, "drained", setup.time().nanos());
      return;
    }
    if (slowTick && s.streams() > 0) {
      scheduleTick(s);
    }
    ChannelOutboundBuffer unread = c.channel().unsafe().outboundBuffer();
    if (unread != null && unread.totalPendingWriteBytes() > MOST_UNREAD) {
      setup.counters().drop(Drop.PEER_DOES_NOT_READ);
      s.fail(Status.RESOURCE_EXHAUSTED, "the peer does not read", setup.time().nanos());
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext c) {
    if (c.channel().isWritable() && !reading) {
      // Not from inside a write: whoever writes now must finish first.
      c.channel().eventLoop().execute(drainTask);
    }
    c.fireChannelWritabilityChanged();
  }

  // ---- time ---------------------------------------------------------------------------------

  private void scheduleTick(Session s) {
    ChannelHandlerContext c = context;
    if (c == null) {
      return;
    }
    java.util.concurrent.Future<?> old = tick;
    if (old != null) {
      old.cancel(false);
    }
    slowTick = s.streams() == 0;
    long sleep = setup.time().sleepNanos(s.tickNanos());
    tick = c.channel().eventLoop().schedule(tickTask, sleep, TimeUnit.NANOSECONDS);
  }

  private void tick() {
    Session s = session;
    if (s != null && !s.ended()) {
      s.tick(setup.time().nanos());
      roundTripNanos = s.roundTripNanos();
      drainQueue();
      if (!s.ended()) {
        scheduleTick(s);
      }
    }
  }

  // ---- end ----------------------------------------------------------------------------------

  /** No new streams; closes after the last. */
  void drain(String reason) {
    Session s = session;
    if (s != null) {
      s.drain(reason);
      drainQueue();
    }
  }

  /** Ends the link now. */
  void close(String reason) {
    Session s = session;
    if (s != null) {
      s.fail(Status.UNAVAILABLE, reason, setup.time().nanos());
    }
  }

  @Override
  public void onIdle(long now) {
    drain("idle");
  }

  @Override
  public Stream onOpen(OpenFrame open, long now) {
    Link l = link;
    if (l == null) {
      throw new SessionRefused(Status.INTERNAL, "a stream before the link was ready");
    }
    return setup.events().onOpen(l, open, now);
  }

  @Override
  public void onGoAway(GoAwayFrame goAway, long now) {
    // Seen by afterTurn: the session takes no more streams.
  }

  @Override
  public void onEnd(Status status, String reason, long now) {
    LinkOutput out = output;
    ChannelHandlerContext c = context;
    if (out == null || c == null) {
      return;
    }
    if (c.channel().isActive()) {
      out.flush();
      hangUp(c);
    } else {
      out.discard();
    }
    java.util.concurrent.Future<?> t = tick;
    if (t != null) {
      t.cancel(false);
    }
    if (link == null) {
      refuse(HandshakeFailure.ended(status, reason, dialer));
    } else {
      link.notOpen();
      setup.events().onClosed(link, status, reason);
    }
    abandonAll(backlog, reason, now);
    abandonAll(queue.close(), reason, now);
  }

  /**
   * Closes the writing side behind what was written and reads on until the peer hangs up, so that the
   * reason is not lost to a TCP reset; a peer that does neither read nor hang up is cut off.
   */
  private static void hangUp(ChannelHandlerContext c) {
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

  private static void abandonAll(SessionQueue.Batch batch, String reason, long now) {
    for (SessionTask t = batch.poll(); t != null; t = batch.poll()) {
      t.abandon(reason, now);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext c) {
    Session s = session;
    refuse(HandshakeFailure.closed(dialer, s != null)); // before the session says less of it
    if (s != null) {
      s.lost("the peer closed the connection", setup.time().nanos());
    }
    LinkOutput out = output;
    if (out != null) {
      out.discard();
    }
    c.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext c, Throwable cause) {
    Session s = session;
    Throwable reason =
        cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
    if (s == null || link == null) {
      // A dialer gets here when the acceptor refuses its certificate: by an alert behind its own
      // handshake.
      refuse(HandshakeFailure.of(cause, dialer));
    } else if (s.ended()) {
      c.close();
    } else if (reason instanceof SSLException) {
      setup.counters().drop(Drop.PROTOCOL_ERROR);
      s.lost("the peer broke TLS: " + reason.getMessage(), nanos());
    } else if (reason instanceof IOException) {
      s.lost("the connection broke: " + reason.getMessage(), nanos());
    } else {
      System.getLogger(LinkHandler.class.getName())
          .log(System.Logger.Level.ERROR, "a link failed; this is a bug in liblink", cause);
      s.fail(Status.INTERNAL, "internal error", nanos());
    }
  }
}
