package io.liblink.pipeline;

import io.liblink.pipeline.WorkFailure.Answer;
import io.liblink.session.Session;
import io.liblink.session.Stream;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.transport.Link;
import io.liblink.wire.AckFrame;
import io.liblink.wire.CloseFrame;
import io.liblink.wire.Content;
import io.liblink.wire.Contents;
import io.liblink.wire.MessageFrame;
import io.liblink.wire.ProtocolException;
import io.liblink.wire.TraceContext;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A push stream on the worker's side: takes items in, and sends their ACKs and the credit for more.
 * Belongs to the event loop of its link, except for what is said otherwise.
 */
final class WorkStream extends Stream {
  private static final VarHandle QUEUED;

  static {
    try {
      QUEUED = MethodHandles.lookup().findVarHandle(WorkStream.class, "queued", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final WorkQueue queue;
  private final Link link;
  private final String producer;
  private final long itemNanos;
  private final Runnable atEndOfTurn = this::endOfTurn;
  private final ByNumber<Received> unsettled = new ByNumber<>();
  private List<Received> arrived = new ArrayList<>();
  private @Nullable Session session;
  private boolean turning;

  /** Items that may still come. */
  private long mayCome;

  /** Items settled for which no credit was given yet. */
  private long owed;

  // Unsettled items, those whose time is over first in front: all have the same time.
  private @Nullable Received first;
  private @Nullable Received last;

  /** Whether nothing can be answered any more. Read by any thread. */
  private volatile boolean over;

  /** Whether it is on its way to the event loop as a task. Through QUEUED. */
  @SuppressWarnings("unused")
  private volatile boolean queued;

  /** Items that wait for a worker. Guarded by the queue's lock. */
  final ArrayDeque<Received> waiting = new ArrayDeque<>();

  WorkStream(WorkQueue queue, Link link, String producer, long itemNanos) {
    this.queue = queue;
    this.link = link;
    this.producer = producer;
    this.itemNanos = itemNanos;
  }

  // ---- any thread ---------------------------------------------------------------------------

  WorkQueue queue() {
    return queue;
  }

  Link link() {
    return link;
  }

  /** By whom items are numbered. */
  String producer() {
    return producer;
  }

  boolean isOver() {
    return over;
  }

  /** Has it give credit, or see that the queue closes. */
  void wake() {
    if (QUEUED.compareAndSet(this, false, true)) {
      link.submit(this);
    }
  }

  /** The same, when it is not submitted here but by the caller, if this says true. */
  boolean mayWake() {
    return QUEUED.compareAndSet(this, false, true);
  }

  // ---- what comes ---------------------------------------------------------------------------

  @Override
  protected void onOpened(Session on, long now) {
    session = on;
    mayCome = queue.concurrency();
    on.credit(this, mayCome);
    queue.join(this);
  }

  @Override
  protected void onItem(long sequence) {
    if (sequence <= 0) {
      throw new ProtocolException(
          Status.FAILED_PRECONDITION,
          "§6.8",
          "item " + Long.toUnsignedString(sequence) + "; numbers are from 1 to 2^63 - 1");
    }
    if (mayCome == 0) {
      throw new ProtocolException(
          Status.RESOURCE_EXHAUSTED, "§6.8", "item " + sequence + " without credit");
    }
    if (unsettled.contains(sequence)) {
      throw new ProtocolException(
          Status.FAILED_PRECONDITION,
          "§6.8",
          "item " + sequence + " again, although it is not settled on the stream");
    }
    mayCome--;
  }

  @Override
  protected void onMessage(MessageFrame frame, long now) {
    Content content = frame.content();
    String repeat = content.headers().get(PushedItem.ATTEMPT);
    int attempt = repeat == null ? 1 : attempt(repeat);
    TraceContext sent = frame.trace();
    Received item = new Received(
        this,
        frame.sequence(),
        Contents.message(attempt == 1 ? content : withoutAttempt(content)),
        attempt,
        sent == null ? TraceContext.start() : sent,
        itemNanos == Long.MAX_VALUE ? Long.MAX_VALUE : now + itemNanos);
    unsettled.put(frame.sequence(), item);
    queue.came(attempt);
    turn();
    if (queue.isDraining()) {
      settleNow(item, new Answer(Status.UNAVAILABLE, "the queue is closing"));
    } else if (queue.nonBlocking()) {
      runHere(item);
    } else {
      append(item, now);
      arrived.add(item);
    }
  }

  private void runHere(Received item) {
    Memory.Verdict verdict = queue.verdict(item);
    if (verdict == Memory.Verdict.NEW) {
      item.execute(null);
    } else if (verdict == Memory.Verdict.DONE) {
      settleNow(item, Answer.DONE);
    }
  }

  private static int attempt(String text) {
    if (!text.matches("[1-9][0-9]{0,8}") || text.equals("1")) {
      throw new ProtocolException(
          "§6.8", "header liblink-attempt is '" + text + "'; it is a number from 2");
    }
    return Integer.parseInt(text);
  }

  private static Content withoutAttempt(Content content) {
    Map<String, String> headers = new LinkedHashMap<>(content.headers());
    headers.remove(PushedItem.ATTEMPT);
    return new Content(
        headers, content.contentType(), content.payload(), content.total(), content.pieces());
  }

  private void turn() {
    if (!turning) {
      turning = true;
      link.afterRead(atEndOfTurn);
    }
  }

  private void endOfTurn() {
    turning = false;
    if (!arrived.isEmpty()) {
      List<Received> all = arrived;
      arrived = new ArrayList<>(all.size());
      if (!over) {
        for (Received known : queue.arrived(this, all)) {
          if (known.giveUp()) {
            settleNow(known, Answer.DONE);
          }
        }
      }
    }
    giveCredit();
  }

  // ---- what goes ----------------------------------------------------------------------------

  /** The answer goes out. */
  void settle(Received item) {
    Answer answer = item.answer();
    Session s = session;
    if (answer == null || s == null || !isOpen()) {
      queue.drop(io.liblink.telemetry.Drop.ACK_UNWANTED);
      return;
    }
    unsettled.remove(item.number);
    unlink(item);
    owed++;
    s.ack(this, new AckFrame(item.number, answer.status(), answer.reason()));
    if (!queued && !turning) {
      giveCredit(); // it was on its way before the answer was, or nobody sent it
    }
  }

  private void settleNow(Received item, Answer answer) {
    if (item.decide(answer)) {
      settle(item);
    }
  }

  @Override
  public void run(Session on, long now) {
    queued = false;
    if (queue.isDraining()) {
      handBack(now);
    } else {
      giveCredit();
    }
  }

  @Override
  public void abandon(String reason, long now) {
    queued = false;
  }

  /** While the queue is crowded credit is kept back, but for one item. */
  private void giveCredit() {
    Session s = session;
    if (owed == 0 || s == null || !isOpen() || queue.isDraining()) {
      return;
    }
    long more = owed;
    if (queue.isCrowded(this)) {
      if (mayCome + unsettled.size() > 0) {
        return;
      }
      more = 1;
    }
    owed -= more;
    mayCome += more;
    s.credit(this, more);
  }

  // ---- time ---------------------------------------------------------------------------------

  private void append(Received item, long now) {
    Received before = last;
    item.before = before;
    last = item;
    if (before != null) {
      before.after = item;
      return;
    }
    first = item;
    arm(item, now);
  }

  private void arm(Received item, long now) {
    Session s = session;
    if (s != null && item.deadlineNanos() != Long.MAX_VALUE) {
      s.setDeadline(this, item.deadlineNanos(), now);
    }
  }

  private void unlink(Received item) {
    Received before = item.before;
    Received after = item.after;
    if (before != null) {
      before.after = after;
    } else if (first == item) {
      first = after;
    }
    if (after != null) {
      after.before = before;
    } else if (last == item) {
      last = before;
    }
    item.before = null;
    item.after = null;
  }

  @Override
  protected void onDeadline(long now) {
    Received item = first;
    while (item != null && item.deadlineNanos() - now <= 0) {
      expire(item);
      unlink(item); // also when its answer is on its way
      item = first;
    }
    if (item != null) {
      arm(item, now);
    }
    giveCredit();
  }

  private void expire(Received item) {
    if (item.giveUp()) {
      settleNow(item, new Answer(Status.UNAVAILABLE, "not begun when its time was over"));
    } else {
      settleNow(item, new Answer(Status.DEADLINE_EXCEEDED, "the worker took too long"));
      item.interrupt();
    }
  }

  // ---- the end ------------------------------------------------------------------------------

  /** The queue closes: what was not begun goes back, and the stream ends with the rest. */
  private void handBack(long now) {
    Session s = session;
    if (s == null || !isOpen()) {
      return;
    }
    for (Received item : unsettled.all()) {
      if (item.giveUp()) {
        settleNow(item, new Answer(Status.UNAVAILABLE, "the queue is closing"));
        queue.handedBack();
      }
    }
    if (unsettled.isEmpty() || queue.isClosed()) {
      Ran ran = unsettled.isEmpty() ? Ran.NO : Ran.MAYBE;
      s.close(
          this,
          CloseFrame.failure(Status.UNAVAILABLE, Stage.HANDLE, ran, "the queue is closed here"),
          now);
      over();
    }
  }

  @Override
  protected void onCancel(Status reason, long now) {
    over();
  }

  @Override
  protected void onLost(String reason, Ran ran, long now) {
    over();
  }

  /** Drops what was not begun; what runs goes on, for nobody. */
  private void over() {
    over = true;
    for (Received item : unsettled.all()) {
      item.giveUp();
    }
    unsettled.clear();
    first = null;
    last = null;
    arrived.clear();
    queue.leave(this);
  }
}
