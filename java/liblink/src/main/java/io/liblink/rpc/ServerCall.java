package io.liblink.rpc;

import io.liblink.identity.Identity;
import io.liblink.message.Message;
import io.liblink.session.Session;
import io.liblink.session.Stream;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.telemetry.Drop;
import io.liblink.transport.Link;
import io.liblink.transport.SendRoom;
import io.liblink.wire.CloseFrame;
import io.liblink.wire.Contents;
import io.liblink.wire.OpenFrame;
import io.liblink.wire.Protocol;
import io.liblink.wire.TraceContext;
import io.liblink.work.CurrentWork;
import io.liblink.work.Job;
import io.liblink.work.Pace;
import io.liblink.work.Replies;
import io.liblink.work.Running;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A request on the serving side, from OPEN to CLOSE. The event loop owns the stream; the handler runs
 * on a worker and hands its reply over as a task. {@link Running} says whose thread to interrupt.
 */
public final class ServerCall extends Stream implements Job, CurrentWork.Context {
  private static final VarHandle LEFT;

  static {
    try {
      LEFT = MethodHandles.lookup().findVarHandle(ServerCall.class, "left", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Payloads below this are bounded by the number of streams alone. */
  private static final int COUNTED_BYTES = 4096;

  private final Dispatcher dispatcher;
  private final Link link;
  private final OpenFrame open;
  private final Method method;
  private final TraceContext trace;
  private final long deadlineNanos;
  private final @Nullable Running running;
  private final @Nullable ReplyItems items;
  private @Nullable Session session;
  private @Nullable CloseFrame reply;

  /** Set while the handler runs in a batch; others may see it late, so they ask whose it is. */
  private @Nullable Replies replies;

  /** Set on the event loop only. */
  private volatile boolean cancelled;

  private long openedAt;

  /** Whether the handler runs inside {@link #onOpened}: the time is then still the same. */
  private boolean inline = true;

  /** Whether its place among the requests in flight was given back. */
  @SuppressWarnings("UnusedVariable") // read through LEFT
  private boolean left;

  ServerCall(Dispatcher dispatcher, Link link, OpenFrame open, Method method, long now) {
    this.dispatcher = dispatcher;
    this.link = link;
    this.open = open;
    this.method = method;
    this.running = method.nonBlocking() ? null : new Running();
    TraceContext sent = open.trace();
    this.trace = sent == null ? TraceContext.start() : sent;
    this.deadlineNanos = open.remainingMillis() == Protocol.NO_DEADLINE
        ? Long.MAX_VALUE
        : now + open.remainingMillis() * 1_000_000;
    this.items = open.credit() >= 0 ? new ReplyItems(this, open.credit()) : null;
  }

  // ---- what handlers see, any thread ---------------------------------------------------------

  /** The service called. */
  public String service() {
    return method.gate().service();
  }

  /** The method called. */
  public String method() {
    return method.name();
  }

  /** The request. */
  public Message message() {
    return Contents.message(open.content());
  }

  /** Who calls. */
  public Identity caller() {
    return link.identity();
  }

  /** When the caller's time is over, by the node's clock; {@link Long#MAX_VALUE} for never. */
  @Override
  public long deadlineNanos() {
    return deadlineNanos;
  }

  /** What is left of the caller's time. */
  public long remainingNanos() {
    return deadlineNanos == Long.MAX_VALUE
        ? Long.MAX_VALUE
        : Math.max(0, deadlineNanos - dispatcher.time().nanos());
  }

  /** Whether nobody waits any more. */
  public boolean cancelled() {
    return cancelled;
  }

  /** 1 for the first attempt. */
  public int attempt() {
    return open.attempt();
  }

  /** The span that this call belongs to. */
  @Override
  public TraceContext trace() {
    return trace;
  }

  /** Where a streaming method puts its items. */
  public ReplyItems items() {
    ReplyItems i = items;
    if (i == null) {
      throw new IllegalStateException("the caller did not ask for a stream");
    }
    return i;
  }

  public Link link() {
    return link;
  }

  /** Payload that may wait on the link. */
  long sendBytes() {
    return dispatcher.sendBytes();
  }

  @Override
  public Pace pace() {
    return method.pace();
  }

  // ---- taking the request, on the event loop --------------------------------------------------

  @Override
  protected void onOpened(Session on, long now) {
    session = on;
    openedAt = now;
    if (method.nonBlocking()) {
      execute(now, null);
      inline = false;
      if (isOpen()) {
        armDeadline(on, now); // it answers later
      }
      return;
    }
    armDeadline(on, now);
    dispatcher.handOver(this);
  }

  private void armDeadline(Session on, long now) {
    if (deadlineNanos != Long.MAX_VALUE) {
      on.setDeadline(this, deadlineNanos, now);
    }
  }

  // ---- running the handler --------------------------------------------------------------------

  /** Runs the handler on this thread. A reply made before this returns goes to the collector. */
  @Override
  public void execute(long now, @Nullable Replies collector) {
    if (!method.nonBlocking()) {
      dispatcher.started(now - openedAt);
    }
    Running r = running;
    if (cancelled || deadlineNanos - now <= 0 || (r != null && !r.begin())) {
      dispatcher.counters().drop(Drop.EXPIRED_BEFORE_HANDLER);
      answer(CloseFrame.failure(
          Status.DEADLINE_EXCEEDED, Stage.HANDLE, Ran.NO, "over before the handler started"));
      return;
    }
    replies = collector;
    CurrentWork.Context outer = CurrentWork.swap(this);
    if (r != null && cancelled) {
      r.interrupt(); // between the look above and begin() there was nobody to interrupt
    }
    try {
      method.work().run(this);
    } catch (Throwable e) {
      fail(e);
    } finally {
      if (r != null) {
        r.end();
      }
      CurrentWork.swap(outer);
      replies = null;
      if (cancelled && reply == null) {
        leave(); // an answer may come later, or never: nobody waits for it
      }
    }
  }

  /** The handler's answer. Any thread; the first one counts. */
  public void reply(Message message) {
    CloseFrame close;
    try {
      checkSize(message.size());
      close = CloseFrame.ok(Contents.of(message));
      takeRoom(message.size());
    } catch (RuntimeException e) { // such as headers that no frame takes
      fail(e);
      return;
    }
    answer(close);
  }

  /** Large replies wait here, and not in memory, while the caller does not take those before. */
  private void takeRoom(int bytes) {
    if (bytes < COUNTED_BYTES) {
      return;
    }
    SendRoom room = link.room();
    long most = dispatcher.sendBytes();
    boolean taken = room.take(bytes, most);
    if (!taken && CurrentCall.get() == this && !method.nonBlocking()) {
      Replies collector = replies;
      if (collector != null) {
        collector.flush(); // what it holds is part of what waits
      }
      taken = room.await(bytes, most, this::cancelled);
    }
    if (!taken) {
      dispatcher.counters().drop(Drop.SEND_BYTES);
      throw new LinkException(
          Status.RESOURCE_EXHAUSTED,
          "the caller takes its replies too slowly: " + room.used()
              + " bytes wait to be sent to it (Limits.sendBytes)");
    }
  }

  /** Refuses an answer that is larger than this node sends or the caller takes. */
  void checkSize(int bytes) {
    long most = Math.min(dispatcher.messageBytes(), link.peer().maxMessage());
    if (bytes > most) {
      dispatcher.counters().drop(Drop.MESSAGE_TOO_LARGE);
      throw new LinkException(
          Status.RESOURCE_EXHAUSTED,
          "the answer has " + bytes + " bytes; at most " + most + " are taken");
    }
  }

  /** The handler's failure. Any thread; the first answer counts. */
  public void fail(Throwable failure) {
    answer(HandlerFailure.toClose(failure, this));
  }

  private void answer(CloseFrame close) {
    if (reply != null) {
      return; // the task is on its way already and must not be queued twice
    }
    reply = close;
    // Not when the reply is sent: a peer that does not read must not use up the others' places.
    leave();
    Replies collector = replies;
    Session s = session;
    if (collector != null && collector.isHere()) {
      collector.add(this);
    } else if (s != null && inline && link.onLoop()) {
      run(s, openedAt);
    } else { // also on the event loop: while it is with another link nothing is flushed here
      link.submit(this);
    }
  }

  /** On the event loop: the reply goes out. */
  @Override
  public void run(Session on, long now) {
    CloseFrame close = reply;
    if (close == null) {
      return;
    }
    if (!isOpen()) {
      dispatcher.counters().drop(Drop.REPLY_UNWANTED);
      onSent(close.content().payload().length, true);
      return;
    }
    on.close(this, close, now);
  }

  @Override
  public void abandon(String reason, long now) {
    dispatcher.counters().drop(Drop.REPLY_UNWANTED);
  }

  /** Gives the place among the requests in flight back, once. Any thread. */
  private void leave() {
    if (method.isCounted() && LEFT.compareAndSet(this, false, true)) {
      dispatcher.leave(method, link);
    }
  }

  @Override
  protected void onSent(int bytes, boolean last) {
    if (!last) {
      link.room().give(ReplyItems.cost(bytes));
    } else if (bytes >= COUNTED_BYTES) {
      link.room().give(bytes);
    }
  }

  // ---- the caller gives up --------------------------------------------------------------------

  @Override
  protected void onCredit(long more, long now) {
    ReplyItems i = items;
    if (i == null) {
      super.onCredit(more, now);
    } else {
      i.credit(more);
    }
  }

  @Override
  protected void onCancel(Status reason, long now) {
    stop(reason == Status.DEADLINE_EXCEEDED ? Status.DEADLINE_EXCEEDED : Status.CANCELLED);
  }

  @Override
  protected void onDeadline(long now) {
    Session s = session;
    Running r = running;
    boolean never = r != null && r.giveUp();
    stop(Status.DEADLINE_EXCEEDED);
    if (s != null && isOpen()) {
      s.close(
          this,
          never
              ? CloseFrame.failure(
                  Status.DEADLINE_EXCEEDED, Stage.HANDLE, Ran.NO, "over before the handler started")
              : CloseFrame.failure(
                  Status.DEADLINE_EXCEEDED, Stage.HANDLE, Ran.YES, "the handler took too long"),
          now);
    }
  }

  @Override
  protected void onLost(String reason, Ran ran, long now) {
    stop(Status.UNAVAILABLE);
  }

  private void stop(Status why) {
    cancelled = true;
    ReplyItems i = items;
    if (i != null) {
      i.stop(LinkException.failure(why, Stage.HANDLE, "the caller waits no more")
          .ran(Ran.YES)
          .withoutStackTrace()
          .build());
    }
    Running r = running;
    if (r == null || !r.interrupt()) {
      leave(); // no thread is busy with it: it waits for one, or will be answered by another
    }
  }
}
