package io.liblink.rpc;

import io.liblink.cluster.Failures;
import io.liblink.routing.Candidate;
import io.liblink.routing.Outcome;
import io.liblink.session.Session;
import io.liblink.session.Stream;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.telemetry.Drop;
import io.liblink.transport.Link;
import io.liblink.wire.CloseFrame;
import io.liblink.wire.Contents;
import io.liblink.wire.MessageFrame;
import io.liblink.wire.OpenFrame;
import io.liblink.wire.ProtocolException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a call: the stream on the link. Made on the caller's thread, then handed to the event
 * loop, which owns it from there on.
 */
final class Attempt extends Stream {
  private static final int UNDECIDED = 0;
  private static final int SENT = 1;
  private static final int GIVEN_UP = 2;
  private static final VarHandle FATE;

  static {
    try {
      FATE = MethodHandles.lookup().findVarHandle(Attempt.class, "fate", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Payloads below this are bounded by the number of streams alone. */
  private static final int COUNTED_BYTES = 4096;

  private static final Duration ROOM_POLL = Duration.ofMillis(1);

  private final PendingCall<?> call;
  private final Candidate candidate;
  private final int number;
  private final long startNanos;
  private volatile @Nullable Link link;

  /** Whether it was sent or given up: one of both, for good. Through FATE. */
  @SuppressWarnings("unused")
  private volatile int fate;

  private int reserved;
  private boolean over;

  /** Guarded by this. */
  private boolean claimed;

  private boolean gotItems;
  private long allowed;
  private long nextSequence = 1;
  private @Nullable Session session;

  Attempt(PendingCall<?> call, Candidate candidate, int number, long now) {
    this.call = call;
    this.candidate = candidate;
    this.number = number;
    this.startNanos = now;
    candidate.state().begin();
  }

  Candidate candidate() {
    return candidate;
  }

  /** Whether items were handed to the caller: then nothing may be repeated. */
  boolean gotItems() {
    return gotItems;
  }

  /** Whether it was sent, or may have been. Any thread. */
  boolean wasSent() {
    return fate == SENT;
  }

  /** Whether it has no link yet. Any thread. */
  boolean isConnecting() {
    return link == null;
  }

  /**
   * Who ends the wait for a link decides what comes next: the failure of the connection, or the call
   * that goes elsewhere. True for the first to ask. Any thread.
   */
  synchronized boolean claim() {
    boolean first = !claimed;
    claimed = true;
    return first;
  }

  /**
   * True when it was not sent and never will be; false when it was. Who gets true must go on with the
   * call, or end it. Any thread.
   */
  boolean giveUp() {
    return FATE.compareAndSet(this, UNDECIDED, GIVEN_UP) || fate == GIVEN_UP;
  }

  /** Wakes who waits for the call; on an event loop that reads, together with others. */
  void unpark(Thread waiter) {
    Link l = link;
    if (l == null) {
      LockSupport.unpark(waiter);
    } else {
      l.unparkAfterRead(waiter);
    }
  }

  @Nullable
  String address() {
    Link l = link;
    return l == null ? candidate.instance().addresses().get(0).toString() : l.remote();
  }

  // ---- on its way to the event loop ----------------------------------------------------------

  void submit(Link to, long now) {
    if (call.isDone() || fate == GIVEN_UP) {
      end(Outcome.CANCELLED, now);
      return;
    }
    link = to;
    int size = call.request.content().payload().length;
    if (candidate.state().inFlight() > to.peer().maxStreams()) {
      noRoom("as many calls as the peer takes are in flight", now);
    } else if (size >= COUNTED_BYTES && !to.room().take(size, call.caller.sendBytes)) {
      noRoom("too much waits to be sent on the link (Limits.sendBytes)", now);
    } else {
      reserved = size >= COUNTED_BYTES ? size : 0;
      to.submit(this);
    }
  }

  /** A blocking caller waits for room; another is told at once. */
  private void noRoom(String problem, long now) {
    Link to = link;
    if (call.request.patient() && call.request.deadlineNanos() - now > 0 && to != null) {
      // Meanwhile it is not in flight: those who wait must not be what they wait for.
      candidate.state().end(Outcome.CANCELLED, 0, now);
      call.waits();
      boolean waits = call.caller.schedule(ROOM_POLL, () -> {
        candidate.state().begin();
        submit(to, call.caller.time.nanos());
      });
      if (waits) {
        return;
      }
      candidate.state().begin();
    }
    call.caller.counters.drop(Drop.SEND_BYTES);
    fail(Status.RESOURCE_EXHAUSTED, Stage.SEND, Ran.NO, problem, Outcome.CANCELLED, now);
  }

  void notConnected(Throwable failure, long now) {
    LinkException e = Failures.unwrap(failure);
    end(Outcome.of(e), now);
    if (!claim()) {
      return; // the call has gone elsewhere meanwhile
    }
    call.failed(e.toBuilder().instance(candidate.instance().label()).build(), this, now);
  }

  // ---- on the event loop ---------------------------------------------------------------------

  @Override
  public void run(Session on, long now) {
    Link to = link;
    if (call.isDone() || to == null) {
      end(Outcome.CANCELLED, now);
      return;
    }
    if (!on.takesStreams()) {
      fail(
          Status.UNAVAILABLE,
          Stage.SEND,
          Ran.NO,
          "the instance is draining",
          Outcome.CANCELLED,
          now);
      return;
    }
    if (on.ownStreams() >= to.peer().maxStreams()) {
      release();
      noRoom("as many streams as the peer takes are open", now);
      return;
    }
    long left = call.request.deadlineNanos() - now;
    if (left <= 0) {
      late(Ran.NO, Stage.SEND, now);
      return;
    }
    if (on.isStill() && leaves(Ran.NO, now)) {
      return;
    }
    session = on;
    if (!FATE.compareAndSet(this, UNDECIDED, SENT)) {
      end(Outcome.CANCELLED, now); // who gave it up has told the call
      return;
    }
    allowed = call.items == null ? -1 : call.items.firstCredit(this, to);
    // Rounded up: the callee must not give up before the caller does.
    long millis = Math.min((left + 999_999) / 1_000_000, 0xFFFF_FFFEL);
    on.open(
        this,
        new OpenFrame(
            OpenFrame.CALL,
            Math.min(number, 255),
            millis,
            call.request.trace(),
            allowed,
            call.request.target(),
            call.request.content()));
    on.setDeadline(this, call.request.deadlineNanos(), now);
  }

  @Override
  public boolean isLate(Session on, long now) {
    if (call.request.deadlineNanos() - now > 0) {
      return on.isStill() && leaves(Ran.NO, now);
    }
    late(Ran.NO, Stage.SEND, now);
    return true;
  }

  @Override
  protected void onStill(long now) {
    leaves(Ran.MAYBE, now);
  }

  /**
   * The instance stands still: others do what can be done elsewhere, and are preferred from now on. False when
   * the call has to stay.
   */
  private boolean leaves(Ran ran, long now) {
    candidate.state().still(now);
    if (!call.mayLeave(this, ran, now)) {
      return false;
    }
    Session s = session;
    if (s != null && isOpen()) {
      s.cancel(this, Status.CANCELLED, now);
    }
    end(Outcome.STILL, now);
    if (fate == SENT || claim()) {
      call.repeat(this, now);
    }
    return true;
  }

  @Override
  public void abandon(String reason, long now) {
    fail(Status.UNAVAILABLE, Stage.SEND, Ran.NO, reason, Outcome.CANCELLED, now);
  }

  @Override
  protected void onClose(CloseFrame close, long now) {
    if (close.status() == Status.OK) {
      end(Outcome.REPLIED, now);
      if (call.items != null && !gotItems && close.content().total() > 0) {
        call.items.add(Contents.message(close.content())); // a method that answers once
      }
      call.replied(Contents.message(close.content()));
      return;
    }
    String problem = new String(close.content().payload(), StandardCharsets.UTF_8);
    fail(
        close.status(),
        close.stage(),
        close.ran(),
        problem,
        Outcome.of(close.status(), close.stage()),
        now);
  }

  @Override
  protected void onItem(long sequence) {
    if (call.items == null) {
      super.onItem(sequence);
    } else if (sequence != nextSequence) {
      throw new ProtocolException(
          Status.FAILED_PRECONDITION,
          "§6.4",
          "item " + Long.toUnsignedString(sequence) + " where " + nextSequence + " was expected");
    } else if (sequence > allowed) {
      throw new ProtocolException(
          Status.RESOURCE_EXHAUSTED,
          "§6.4",
          "item " + sequence + " where credit was given for " + allowed);
    }
    nextSequence++;
  }

  @Override
  protected void onMessage(MessageFrame message, long now) {
    ItemQueue items = call.items;
    if (items != null) {
      gotItems = true;
      items.add(Contents.message(message.content()));
    }
  }

  @Override
  protected void onSent(int bytes, boolean last) {
    release();
  }

  /** Grants credit for more items. On the event loop. */
  void grant(long more) {
    Session s = session;
    if (s != null && isOpen()) {
      allowed += more;
      s.credit(this, more);
    }
  }

  @Override
  protected void onDeadline(long now) {
    Session s = session;
    if (s != null) {
      s.cancel(this, Status.DEADLINE_EXCEEDED, now);
    }
    late(Ran.MAYBE, Stage.WAIT, now);
  }

  private void late(Ran ran, Stage stage, long now) {
    long millis = (call.request.deadlineNanos() - call.request.startNanos()) / 1_000_000;
    String what = stage == Stage.SEND ? "the request could not be sent" : "no reply";
    fail(
        Status.DEADLINE_EXCEEDED,
        stage,
        ran,
        what + " within " + millis + " ms",
        ran == Ran.NO ? Outcome.CANCELLED : Outcome.LATE,
        now);
  }

  @Override
  protected void onLost(String reason, Ran ran, long now) {
    call.caller.counters.drop(Drop.LINK_LOST);
    fail(Status.UNAVAILABLE, Stage.WAIT, gotItems ? Ran.YES : ran, reason, Outcome.FAULT, now);
  }

  /** The caller lost interest. Any thread. */
  void cancel() {
    Link l = link;
    if (l != null) {
      l.execute(() -> {
        Session s = session;
        if (s != null && isOpen()) {
          long now = call.caller.time.nanos();
          s.cancel(this, Status.CANCELLED, now);
          end(Outcome.CANCELLED, now);
        }
      });
    }
  }

  private void fail(
      Status status, Stage stage, Ran ran, String problem, Outcome outcome, long now) {
    end(outcome, now);
    if (fate != SENT && !claim()) {
      return; // the call has gone elsewhere meanwhile
    }
    call.failed(
        LinkException.failure(status, stage, problem)
            .ran(ran)
            .instance(candidate.instance().label())
            .address(address())
            .withoutStackTrace()
            .build(),
        this,
        now);
  }

  private void end(Outcome outcome, long now) {
    if (!over) {
      over = true;
      release();
      candidate.state().end(outcome, now - startNanos, now);
    }
  }

  private void release() {
    Link l = link;
    if (reserved > 0 && l != null) {
      l.room().give(reserved);
      reserved = 0;
    }
  }
}
