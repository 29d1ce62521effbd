package io.liblink.transport;

import io.liblink.identity.Identity;
import io.liblink.session.Session;
import io.liblink.session.SessionEvents;
import io.liblink.session.SessionQueue;
import io.liblink.session.SessionRefused;
import io.liblink.session.SessionTask;
import io.liblink.session.Stream;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import io.liblink.telemetry.Drop;
import io.liblink.wire.GoAwayFrame;
import io.liblink.wire.HelloFrame;
import io.liblink.wire.OpenFrame;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
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

  private final LinkSetup setup;
  private final boolean dialer;
  private final BooleanSupplier full;
  private final CompletableFuture<Link> ready;
  private final Submitted submitted = new Submitted();
  private final Runnable drainTask = () -> guarded(this::drainQueue);
  private final Ticks ticks;
  private @Nullable ChannelHandlerContext context;
  private @Nullable LinkOutput output;
  private @Nullable Session session;
  private @Nullable Identity identity;
  private @Nullable Link link;
  private @Nullable ClockTimer handshakeTimer;
  private final ReadTurn turn = new ReadTurn();
  private volatile long roundTripNanos;

  private LinkHandler(
      LinkSetup setup, boolean dialer, BooleanSupplier full, CompletableFuture<Link> ready) {
    this.setup = setup;
    this.dialer = dialer;
    this.full = full;
    this.ready = ready;
    this.ticks = new Ticks(setup.time(), () -> guarded(this::tick));
  }

  /** The handler of a connection that this node made. */
  static LinkHandler dialer(LinkSetup setup, CompletableFuture<Link> ready) {
    return new LinkHandler(setup, true, () -> false, ready);
  }

  /** The handler of a connection that came; authenticated peers are told when the node is full. */
  static LinkHandler acceptor(
      LinkSetup setup, BooleanSupplier full, CompletableFuture<Link> ready) {
    return new LinkHandler(setup, false, full, ready);
  }

  SessionQueue queue() {
    return submitted.queue;
  }

  long nanos() {
    return setup.time().nanos();
  }

  long roundTripNanos() {
    return roundTripNanos;
  }

  /** On the event loop, of a link. */
  Session session() {
    return Objects.requireNonNull(session);
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
    if (!turn.isReading()
        || s == null
        || s.ended()
        || !submitted.isEmpty()
        || !c.channel().isWritable()) {
      return false;
    }
    run(task, s, turn.at());
    return true;
  }

  /** See {@link Link#unparkAfterRead}. Any thread. */
  void unparkAfterRead(Thread thread) {
    ChannelHandlerContext c = context;
    if (c != null && c.channel().eventLoop().inEventLoop() && turn.isReading()) {
      turn.unpark(thread);
    } else {
      LockSupport.unpark(thread);
    }
  }

  /** See {@link Link#afterRead}. */
  void afterRead(Runnable task) {
    turn.after(task);
  }

  /** See {@link Link#isWritable}. */
  boolean isWritable() {
    ChannelHandlerContext c = context;
    return c != null && c.channel().isWritable();
  }

  // ---- from other threads -------------------------------------------------------------------

  /** Something was added to an empty queue. Any thread. */
  void wake() {
    ChannelHandlerContext c = context;
    if (c != null && !(c.channel().eventLoop().inEventLoop() && turn.isReading())) {
      Submitted.wake(c.channel().eventLoop(), drainTask);
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
    Session s = setup.newSession(dialer, out, this);
    session = s;
    if (full.getAsBoolean()) {
      s.turnAway("the acceptor has as many links as it takes (Limits.links)", nanos());
      return;
    }
    s.start(nanos());
    out.flush();
  }

  private void stopHandshakeTimer() {
    if (handshakeTimer != null) {
      handshakeTimer.cancel();
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
    link = new Link(this, c.channel(), proved, peer, dialer);
  }

  // ---- reading ------------------------------------------------------------------------------

  @Override
  public void channelRead(ChannelHandlerContext c, Object message) {
    Session s = session;
    if (s == null || !(message instanceof ByteBuf buffer)) {
      ReferenceCountUtil.release(message);
      return;
    }
    try {
      long now = setup.time().nanos();
      turn.begin(now);
      LoopThread.turn(setup.time(), now);
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
    try {
      turn.runAfter();
      turn.end();
      drainQueue();
      turn.wakeParked(setup.events(), c.channel().eventLoop());
    } finally {
      turn.end();
      LoopThread.turn(setup.time(), 0);
    }
    c.fireChannelReadComplete();
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
    if (s.hasTransfers()) {
      s.sendFragments(this::isWritable, now);
    }
    flush();
    afterTurn(s);
  }

  private void runTasks(Session s, ChannelHandlerContext c, long now) {
    while (c.channel().isWritable()) {
      SessionTask task = submitted.next();
      if (task == null) {
        return;
      }
      run(task, s, now);
    }
  }

  /** A task that fails ends the link, and not those who wait for it without a word. */
  private void run(SessionTask task, Session s, long now) {
    try {
      task.run(s, now);
    } catch (RuntimeException | Error e) {
      task.abandon("internal error", now);
      failed(e);
    }
  }

  /** What is thrown into a timer or a queue of the event loop is lost there, and the link with it. */
  private void guarded(Runnable turn) {
    try {
      turn.run();
    } catch (RuntimeException | Error e) {
      failed(e);
    }
  }

  private void flush() {
    LinkOutput out = output;
    if (out != null) {
      out.flush();
    }
  }

  private void afterTurn(Session s) {
    if (s.ended()) {
      return;
    }
    Link l = link;
    if (l != null && l.isOpen() && !s.takesStreams()) {
      l.notOpen();
      setup.events().onDraining(l);
      s.tellDraining(nanos());
      flush();
    }
    if (l != null && !l.isOpen() && s.streams() == 0 && submitted.isEmpty()) {
      s.fail(Status.OK, "drained", setup.time().nanos());
      return;
    }
    if (ticks.areSeldom() && isBusy(s)) {
      scheduleTick(s);
    }
    if (output != null && output.unread() > MOST_UNREAD) {
      setup.counters().drop(Drop.PEER_DOES_NOT_READ);
      s.fail(Status.RESOURCE_EXHAUSTED, "the peer does not read", setup.time().nanos());
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext c) {
    if (c.channel().isWritable() && !turn.isReading()) {
      // Not from inside a write: whoever writes now must finish first.
      c.channel().eventLoop().execute(drainTask);
    }
    c.fireChannelWritabilityChanged();
  }

  private void scheduleTick(Session s) {
    ChannelHandlerContext c = context;
    if (c == null) {
      return;
    }
    boolean busy = isBusy(s);
    ticks.schedule(c.channel().eventLoop(), s.tickNanos(busy), busy);
  }

  private boolean isBusy(Session s) {
    return s.streams() > 0 || !submitted.isEmpty();
  }

  private void tick() {
    Session s = session;
    if (s != null && !s.ended()) {
      long now = setup.time().nanos();
      s.tick(now);
      roundTripNanos = s.roundTripNanos();
      drainQueue();
      if (!submitted.isEmpty()) {
        submitted.dropLate(s, now);
      }
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
      HangUp.of(c, setup.hangingUp());
    } else {
      out.discard();
    }
    ticks.stop();
    if (link == null) {
      refuse(HandshakeFailure.ended(status, reason, dialer));
    } else {
      link.notOpen();
      setup.events().onClosed(link, status, reason);
    }
    submitted.close(reason, now);
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
      // A dialer gets here when the acceptor refuses it: by an alert behind the dialer's handshake.
      refuse(HandshakeFailure.of(cause, dialer));
    } else if (s.ended()) {
      c.close();
    } else if (reason instanceof SSLException) {
      setup.counters().drop(Drop.PROTOCOL_ERROR);
      s.lost("the peer broke TLS: " + reason.getMessage(), nanos());
    } else if (reason instanceof IOException) {
      s.lost("the connection broke: " + reason.getMessage(), nanos());
    } else {
      failed(cause);
    }
  }

  private void failed(Throwable cause) {
    System.getLogger(LinkHandler.class.getName())
        .log(System.Logger.Level.ERROR, "a link failed; this is a bug in liblink", cause);
    Session s = session;
    if (s != null) {
      s.fail(Status.INTERNAL, "internal error", nanos());
    }
  }
}
