package io.liblink.session;

import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.telemetry.Counters;
import io.liblink.telemetry.Drop;
import io.liblink.wire.AckFrame;
import io.liblink.wire.CancelFrame;
import io.liblink.wire.CloseFrame;
import io.liblink.wire.CreditFrame;
import io.liblink.wire.EncodedMessage;
import io.liblink.wire.FrameOutput;
import io.liblink.wire.GoAwayFrame;
import io.liblink.wire.HelloFrame;
import io.liblink.wire.MessageFrame;
import io.liblink.wire.OpenFrame;
import io.liblink.wire.PingFrame;
import io.liblink.wire.Protocol;
import io.liblink.wire.ProtocolException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One link's life ({@code spec/protocol.md} §4 to §8): HELLO, streams, fragments and their credit,
 * signs of life, GOAWAY, end. Bytes and times go in, events and bytes come out; there is no I/O, no
 * clock and no thread in it, so that scripted conversations and simulations can drive it.
 *
 * <p>Owned by one thread: every method, and every event, runs there.
 */
public final class Session {
  private enum State {
    NEW,
    AWAIT_HELLO,
    OPEN,
    ENDED
  }

  private final boolean dialer;
  private final HelloFrame mine;
  private final SessionLimits limits;
  private final FrameOutput out;
  private final SessionEvents events;
  private final Counters counters;
  private final StreamTable streams = new StreamTable();
  private final Traffic traffic = new Traffic();
  private final Incoming incoming;
  private final Outgoing outgoing;
  private final Liveness liveness;
  private @Nullable DeadlineWheel deadlines;
  private State state = State.NEW;
  private @Nullable HelloFrame peer;
  private int nextId;

  /** The highest number that the peer opened. */
  private int lastOpened;

  /** The highest of those that were taken; what comes after this side's GOAWAY is not. */
  private int lastTaken;

  private int peerTook = Integer.MAX_VALUE;
  private int peerStreams;
  private boolean draining;
  private boolean peerDraining;
  private long lastStreamAt;

  /** A session that has not started; {@code mine} is what it will say of itself. */
  public Session(
      boolean dialer,
      HelloFrame mine,
      SessionLimits limits,
      FrameOutput out,
      SessionEvents events,
      Counters counters) {
    this.dialer = dialer;
    this.mine = mine;
    this.limits = limits;
    this.out = out;
    this.events = events;
    this.counters = counters;
    this.nextId = dialer ? 1 : 2;
    this.incoming = new Incoming(this, counters, mine.window());
    this.outgoing = new Outgoing(this, out);
    this.liveness = new Liveness(limits);
  }

  // ---- life ---------------------------------------------------------------------------------

  /** The connection is authenticated. The acceptor speaks first. */
  public void start(long now) {
    state = State.AWAIT_HELLO;
    liveness.heard(now);
    lastStreamAt = now;
    if (!dialer) {
      mine.encode(out);
    }
  }

  /** Instead of {@link #start}, by an acceptor that takes no more links: says so, and is over. */
  public void turnAway(String reason, long now) {
    state = State.AWAIT_HELLO;
    fail(Status.RESOURCE_EXHAUSTED, reason, now);
  }

  /** Bytes came. Consumes all of them. */
  public void receive(ByteBuffer in, long now) {
    if (state == State.ENDED) {
      in.position(in.limit());
      return;
    }
    liveness.heard(now);
    try {
      incoming.reader.read(in, now);
    } catch (ProtocolException e) {
      counters.drop(Drop.PROTOCOL_ERROR);
      fail(e.status(), String.valueOf(e.getMessage()), now);
    } catch (SessionRefused e) {
      fail(e.status(), String.valueOf(e.getMessage()), now);
    }
    if (state == State.ENDED) {
      in.position(in.limit());
    }
  }

  /** Time went by: deadlines, signs of life, idleness. To be called about every {@link #tickNanos}. */
  public void tick(long now) {
    if (state == State.ENDED || state == State.NEW) {
      return;
    }
    DeadlineWheel wheel = deadlines;
    if (wheel != null) {
      wheel.advance(now);
    }
    boolean owed = wheel != null && !wheel.isEmpty() && ownStreams() > 0;
    switch (liveness.check(now, owed)) {
      case ASK -> new PingFrame(liveness.asked(now)).encodePing(out);
      case DEAD -> {
        counters.drop(Drop.KEEPALIVE);
        lost("no sign of life for " + liveness.silenceText(now), now);
      }
      case STILL -> {
        counters.named("links.still").increment();
        ownOpen().forEach(s -> s.onStill(now));
      }
      case YET_STILL -> ownOpen().forEach(s -> s.onStill(now));
      case ALIVE -> idle(now);
    }
  }

  private void idle(long now) {
    if (dialer && streams.size() == 0 && now - lastStreamAt >= limits.idleNanos()) {
      lastStreamAt = now;
      events.onIdle(now);
    }
  }

  private List<Stream> ownOpen() {
    return streams.all().stream().filter(s -> s.isOpen() && !isPeers(s.id)).toList();
  }

  /**
   * How often {@link #tick} should be called: often while streams are open, else seldom.
   *
   * @param busy whether something waits that is no stream yet
   */
  public long tickNanos(boolean busy) {
    return busy || streams.size() > 0 ? DeadlineWheel.TICK_NANOS : liveness.checkNanos();
  }

  /** Takes no new streams, finishes those it has. Idempotent. */
  public void drain(String reason) {
    if (state == State.OPEN && !draining) {
      draining = true;
      new GoAwayFrame(lastTaken, Status.UNAVAILABLE, reason).encode(out);
    }
  }

  /** Tells the streams that the link closes with the last of them. */
  public void tellDraining(long now) {
    for (Stream s : streams.all()) {
      if (s.isOpen()) {
        s.onDraining(now);
      }
    }
  }

  /** Ends the session from this side, telling the peer why. */
  public void fail(Status status, String reason, long now) {
    if (state != State.ENDED) {
      if (state != State.NEW) {
        new GoAwayFrame(lastTaken, status, reason).encode(out);
      }
      end(status, reason, now);
    }
  }

  /** The connection is gone. */
  public void lost(String reason, long now) {
    if (state != State.ENDED) {
      end(Status.UNAVAILABLE, reason, now);
    }
  }

  private void end(Status status, String reason, long now) {
    state = State.ENDED;
    for (Stream s : streams.all()) {
      if (!s.isOpen()) {
        continue; // ended by what another one did when it heard of the end
      }
      Ran ran = !isPeers(s.id) && s.id > peerTook ? Ran.NO : Ran.MAYBE;
      forget(s, now);
      s.onLost(reason, ran, now);
    }
    events.onEnd(status, reason, now);
  }

  // ---- what is known ------------------------------------------------------------------------

  /** Whether streams may be opened: HELLO is over, nobody drains, numbers are left. */
  public boolean takesStreams() {
    return state == State.OPEN && !draining && !peerDraining && nextId > 0;
  }

  /** Whether it ended. */
  public boolean ended() {
    return state == State.ENDED;
  }

  /** Whether the peer owes replies and has given no sign of life for a while, though it was asked. */
  public boolean isStill() {
    return liveness.isStill();
  }

  /** What the peer said of itself; null before its HELLO. */
  public @Nullable HelloFrame peer() {
    return peer;
  }

  /** Streams that this side opened and that are open now. */
  public int ownStreams() {
    return streams.size() - peerStreams;
  }

  /** Streams open now, of both sides. */
  public int streams() {
    return streams.size();
  }

  /** What it has carried so far. */
  public Carried carried() {
    return traffic.carried();
  }

  /** What unfinished messages that come in may grow to, in bytes. */
  long heldBytes() {
    return incoming.held();
  }

  /** The smallest round trip measured by PING, in nanoseconds; 0 before the first. */
  public long roundTripNanos() {
    return liveness.roundTripNanos();
  }

  /** Whether fragments wait for credit or for the output. */
  public boolean hasTransfers() {
    return !outgoing.transfers.isEmpty();
  }

  // ---- streams: sending ---------------------------------------------------------------------

  /** Opens a stream; {@link #takesStreams} must hold. */
  public void open(Stream stream, OpenFrame frame) {
    stream.id = nextId;
    nextId += 2; // negative when the numbers are used up: the owner then takes another link
    streams.add(stream);
    traffic.opened(frame.target().toString());
    frame.encode(stream.id, out);
    outgoing.sent(stream, frame.content(), false);
  }

  /** Sends an item; after the one before it, if that is still on its way. The stream must be open. */
  public void send(Stream stream, MessageFrame frame) {
    traffic.sent++;
    outgoing.send(stream, frame);
  }

  /** Sends an item that was encoded once for many; the stream must not be {@link Stream#isSending}. */
  public void send(Stream stream, EncodedMessage message) {
    traffic.sent++;
    message.encode(stream.id, out);
  }

  /** Accepting side: ends the stream; it leaves the session, at once or with its last fragment. */
  public void close(Stream stream, CloseFrame frame, long now) {
    outgoing.close(stream, frame, now);
  }

  /** Opening side: nothing more is wanted of the stream; it leaves the session. */
  public void cancel(Stream stream, Status reason, long now) {
    if (state == State.OPEN) {
      new CancelFrame(reason).encode(stream.id, out);
    }
    forget(stream, now);
  }

  /** Lets the other side send that many more items. */
  public void credit(Stream stream, long items) {
    new CreditFrame(items).encodeItems(stream.id, out);
  }

  /** Settles an item. */
  public void ack(Stream stream, AckFrame ack) {
    ack.encode(stream.id, out);
  }

  /** Has {@link Stream#onDeadline} called at that time, once; replaces an earlier one. */
  public void setDeadline(Stream stream, long deadlineNanos, long now) {
    DeadlineWheel wheel = deadlines;
    if (wheel == null) {
      wheel = deadlines = new DeadlineWheel(now);
    }
    wheel.add(stream, deadlineNanos);
  }

  /** Sends fragments while there is credit and the output takes more. */
  public void sendFragments(BooleanSupplier outputTakesMore, long now) {
    outgoing.sendFragments(outputTakesMore, now);
  }

  /** Takes the stream out of the session. */
  void forget(Stream stream, long now) {
    streams.remove(stream);
    if (isPeers(stream.id)) {
      peerStreams--;
    }
    stream.id = 0;
    lastStreamAt = now;
    outgoing.drop(stream);
    if (stream.assembly != null) {
      incoming.release(stream);
    }
    DeadlineWheel wheel = deadlines;
    if (wheel != null) {
      wheel.remove(stream);
    }
  }

  // ---- streams: receiving, called by Incoming -----------------------------------------------

  boolean isPeers(int id) {
    return ((id & 1) == 1) != dialer;
  }

  void item(Stream stream, MessageFrame frame, long now) {
    traffic.received++;
    stream.onMessage(frame, now);
  }

  @Nullable
  Stream stream(int id) {
    return streams.get(id);
  }

  SessionLimits limits() {
    return limits;
  }

  void requireOpen(int type) {
    if (state != State.OPEN) {
      throw new ProtocolException(
          Status.FAILED_PRECONDITION, "§2.2", Protocol.nameOf(type) + " before HELLO");
    }
  }

  /** A stream that is not in the table: one that ended is fine, one that never was is not. */
  void requireKnown(int id, int type) {
    int last = isPeers(id) ? lastOpened : nextId - 2;
    if (id == 0 || Integer.compareUnsigned(id, last) > 0) {
      throw new ProtocolException(
          Status.FAILED_PRECONDITION,
          "§6.5",
          Protocol.nameOf(type) + " on stream " + Integer.toUnsignedString(id)
              + ", which was never opened");
    }
  }

  void hello(HelloFrame frame, long now) {
    if (state != State.AWAIT_HELLO) {
      throw new ProtocolException(Status.FAILED_PRECONDITION, "§2.2", "a second HELLO");
    }
    events.onHello(frame, now);
    peer = frame;
    state = State.OPEN;
    outgoing.transfers.start(frame.window());
    if (dialer) {
      mine.encode(out);
    }
    events.onReady(now);
  }

  void pong(PingFrame frame, long now) {
    long roundTrip = liveness.answered(frame.opaque(), now);
    if (roundTrip > 0) {
      incoming.window.roundTrip(roundTrip);
    }
  }

  void ping(PingFrame frame) {
    frame.encodePong(out);
  }

  /** A PING to learn the round trip, while large messages come in. */
  void measure(long now) {
    if (liveness.mayMeasure(now)) {
      new PingFrame(liveness.asked(now)).encodePing(out);
    }
  }

  /** The peer takes no streams after the last that it names: those did not run. */
  void goAway(GoAwayFrame frame, long now) {
    peerDraining = true;
    peerTook = Math.min(peerTook, frame.lastStream());
    events.onGoAway(frame, now);
    if (frame.status() != Status.UNAVAILABLE && state != State.ENDED) {
      end(frame.status(), "the peer closed the link: " + frame.printableReason(), now);
      return;
    }
    for (Stream s : ownOpen()) {
      if (s.id > peerTook) {
        forget(s, now);
        s.onLost("the peer is draining: " + frame.printableReason(), Ran.NO, now);
      }
    }
  }

  void grant(long bytes) {
    new CreditFrame(bytes).encodeBytes(out);
  }

  void granted(long bytes) {
    outgoing.transfers.credit(bytes);
  }

  /** Numbers a stream of the peer; false when it was refused, and told so. */
  boolean admit(int id) {
    if (!isPeers(id) || Integer.compareUnsigned(id, lastOpened) <= 0) {
      throw new ProtocolException(
          Status.FAILED_PRECONDITION,
          "§6.1",
          "OPEN of stream " + Integer.toUnsignedString(id) + " out of order");
    }
    lastOpened = id;
    if (draining) {
      refuse(id, Drop.DRAINING, Status.UNAVAILABLE, "the node is draining");
      return false;
    }
    lastTaken = id;
    if (peerStreams >= limits.streams()) {
      refuse(
          id,
          Drop.TOO_MANY_STREAMS,
          Status.RESOURCE_EXHAUSTED,
          "more than " + limits.streams() + " streams open on this link");
      return false;
    }
    return true;
  }

  void refuse(int id, Drop drop, Status status, String problem) {
    counters.drop(drop);
    CloseFrame.failure(status, Stage.SEND, Ran.NO, problem).encode(id, out);
  }

  void register(Stream stream, int id) {
    stream.id = id;
    streams.add(stream);
    peerStreams++;
  }

  void opened(int id, OpenFrame frame, long now) {
    Stream stream = events.onOpen(frame, now);
    traffic.taken(frame.target().toString(), stream);
    register(stream, id);
    stream.onOpened(this, now);
  }

  /** The whole request of a stream that came in fragments: its handler takes the number over. */
  void assembled(Arriving placeholder, OpenFrame frame, long now) {
    int id = placeholder.id;
    forget(placeholder, now);
    opened(id, frame.later((now - placeholder.since()) / 1_000_000), now);
    Stream stream = streams.get(id);
    if (stream != null && placeholder.credit() > 0) {
      stream.onCredit(placeholder.credit(), now);
    }
  }
}
