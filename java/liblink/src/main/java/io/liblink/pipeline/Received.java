package io.liblink.pipeline;

import io.liblink.delivery.ItemId;
import io.liblink.identity.Identity;
import io.liblink.message.Message;
import io.liblink.pipeline.WorkFailure.Answer;
import io.liblink.session.Session;
import io.liblink.session.SessionTask;
import io.liblink.telemetry.Drop;
import io.liblink.wire.TraceContext;
import io.liblink.work.CurrentWork;
import io.liblink.work.Replies;
import io.liblink.work.Running;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * An item that came, from its MESSAGE to its ACK. The event loop of its stream owns it until it is
 * handed over, and gets it back as a task once there is an answer; the first answer counts. {@link
 * Running} decides whether the worker begins with it, or it was given up before.
 */
public final class Received extends SessionTask implements CurrentWork.Context {
  private static final VarHandle ANSWER;

  static {
    try {
      ANSWER = MethodHandles.lookup().findVarHandle(Received.class, "answer", Answer.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final WorkStream stream;
  final long number;
  private final Message message;
  private final int attempt;
  private final TraceContext trace;
  private final long deadlineNanos;
  private final Running running = new Running();

  /** The same item, come again while this one was with a worker. Guarded by the queue's lock. */
  final List<Received> followers;

  /** Once, through ANSWER. */
  private volatile @Nullable Answer answer;

  // Of the stream's list by deadline; on its event loop.
  @Nullable
  Received before;

  @Nullable
  Received after;

  Received(
      WorkStream stream,
      long number,
      Message message,
      int attempt,
      TraceContext trace,
      long deadlineNanos) {
    this.stream = stream;
    this.number = number;
    this.message = message;
    this.attempt = attempt;
    this.trace = trace;
    this.deadlineNanos = deadlineNanos;
    this.followers = stream.queue().remembers() ? new ArrayList<>(0) : List.of();
  }

  // ---- what workers see, any thread ---------------------------------------------------------

  /** The id of the item. */
  public ItemId id() {
    return new ItemId(stream.producer(), number);
  }

  /** 1 for the first. */
  public int attempt() {
    return attempt;
  }

  /** As it was pushed. */
  public Message message() {
    return message;
  }

  /** Who pushed it. */
  public Identity producer() {
    return stream.link().identity();
  }

  /** Whether nobody waits for it any more. */
  public boolean cancelled() {
    return answer != null || stream.isOver();
  }

  @Override
  public long deadlineNanos() {
    return deadlineNanos;
  }

  /** What is left of its time. */
  public long remainingNanos() {
    return deadlineNanos == Long.MAX_VALUE
        ? Long.MAX_VALUE
        : Math.max(0, deadlineNanos - stream.queue().now());
  }

  @Override
  public TraceContext trace() {
    return trace;
  }

  // ---- being worked on ----------------------------------------------------------------------

  /**
   * Runs the worker on this thread, unless the item was given up before.
   *
   * @param collector for its answer, when that comes before this returns; null on an event loop
   * @return null when it is over; otherwise it is not over before this is
   */
  @Nullable
  CompletionStage<?> execute(@Nullable Replies collector) {
    if (!running.begin()) {
      stream.queue().drop(Drop.ITEM_EXPIRED);
      return null;
    }
    CurrentWork.Context outer = CurrentWork.swap(this);
    CompletionStage<?> later = null;
    try {
      later = stream.queue().work().run(this);
    } catch (Throwable e) {
      answer(WorkFailure.of(e, this), collector);
      return null;
    } finally {
      running.end();
      CurrentWork.swap(outer);
    }
    if (later instanceof CompletableFuture<?> known && known.isDone()) {
      Throwable failure = known.handle((value, thrown) -> thrown).join();
      answer(failure == null ? Answer.DONE : WorkFailure.of(failure, this), collector);
      return null;
    }
    if (later == null) {
      answer(Answer.DONE, collector);
    }
    return later;
  }

  /** It ended later. Any thread. */
  void ended(@Nullable Throwable failure) {
    answer(failure == null ? Answer.DONE : WorkFailure.of(failure, this), null);
  }

  /** The worker's answer. Any thread; the first answer counts. */
  private void answer(Answer given, @Nullable Replies collector) {
    stream.queue().answered(this, given);
    if (!ANSWER.compareAndSet(this, null, given)) {
      stream.queue().drop(Drop.ACK_UNWANTED);
      return;
    }
    if (collector != null && collector.isHere()) {
      collector.add(this);
    } else if (stream.queue().nonBlocking()) {
      stream.settle(this);
    } else {
      stream.link().submit(this);
      stream.wake();
    }
  }

  /** The answer of somebody else than the worker, on the event loop; false when there was one. */
  boolean decide(Answer given) {
    return ANSWER.compareAndSet(this, null, given);
  }

  /** Another delivery of it was worked on, with that answer. Any thread. */
  void follow(Answer given) {
    if (running.giveUp() && decide(given)) {
      stream.link().submit(this);
      stream.wake();
    }
  }

  /** It will not be worked on; false when a worker began with it. */
  boolean giveUp() {
    boolean never = running.giveUp();
    if (never) {
      stream.queue().gaveUp(this);
    }
    return never;
  }

  /** A worker that is with it is interrupted. */
  void interrupt() {
    running.interrupt();
  }

  @Nullable
  Answer answer() {
    return answer;
  }

  @Override
  public void run(Session session, long now) {
    stream.settle(this);
  }

  @Override
  public void abandon(String reason, long now) {
    stream.queue().drop(Drop.ACK_UNWANTED);
  }
}
