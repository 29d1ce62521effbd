package io.liblink.rpc;

import io.liblink.cluster.Peers;
import io.liblink.message.Message;
import io.liblink.routing.Candidate;
import io.liblink.routing.Route;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.telemetry.Counters;
import io.liblink.telemetry.Drop;
import io.liblink.time.TimeSource;
import io.liblink.time.Timers;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The calling side of a node: what all its calls share. Thread-safe. */
public final class Caller {
  final Peers peers;
  final TimeSource time;
  private final Timers timers;
  private final BiPredicate<Route, String> idempotents;
  final Counters counters;
  final int messageBytes;
  final long sendBytes;
  private final LongAdder repeated;

  /** Calls that no link would end: they wait for a view, a link or a pause. */
  private final Set<PendingCall<?>> waiting = ConcurrentHashMap.newKeySet();

  private volatile boolean closed;
  private final LongAdder[] ended = new LongAdder[Status.values().length];

  /**
   * A caller.
   *
   * @param idempotents whether all instances of a route announce that method as idempotent
   * @param messageBytes the largest request
   * @param sendBytes payload that may wait on one link
   */
  public Caller(
      Peers peers,
      TimeSource time,
      Timers timers,
      Counters counters,
      BiPredicate<Route, String> idempotents,
      int messageBytes,
      long sendBytes) {
    this.peers = peers;
    this.time = time;
    this.timers = timers;
    this.counters = counters;
    this.idempotents = idempotents;
    this.messageBytes = messageBytes;
    this.sendBytes = sendBytes;
    this.repeated = counters.named("calls.repeated");
    for (Status s : Status.values()) {
      ended[s.code()] = counters.named("calls.ended." + s);
    }
  }

  /** Calls one instance chosen by the route; repeats where that is safe. */
  public <R> CompletableFuture<R> call(
      Route route, CallRequest request, Function<Message, R> decode) {
    PendingCall<R> call = new PendingCall<>(this, route, request, decode, null, null);
    if (checkSize(call, request)) {
      route.budget().deposit(request.startNanos());
      call.next(request.startNanos());
    }
    return call;
  }

  /**
   * Waits until a call that was made here is over, or the thread is interrupted; returns at once for
   * any other future.
   */
  public void park(CompletableFuture<?> call) {
    if (call instanceof PendingCall<?> pending) {
      pending.park();
    }
  }

  /** Calls exactly that instance, as surveys do. */
  public <R> CompletableFuture<R> call(
      Route route, Candidate instance, CallRequest request, Function<Message, R> decode) {
    PendingCall<R> call = new PendingCall<>(this, route, request, decode, instance, null);
    if (checkSize(call, request)) {
      call.next(request.startNanos());
    }
    return call;
  }

  /** Calls a method that answers with items; they go to the queue, which learns of the end, too. Completes with the end. */
  public CompletableFuture<Message> stream(Route route, CallRequest request, ItemQueue items) {
    PendingCall<Message> call = new PendingCall<>(this, route, request, m -> m, null, items);
    items.start(call);
    if (checkSize(call, request)) {
      route.budget().deposit(request.startNanos());
      call.next(request.startNanos());
    }
    return call;
  }

  private boolean checkSize(PendingCall<?> call, CallRequest request) {
    int size = request.content().payload().length;
    if (size <= messageBytes) {
      return true;
    }
    counters.drop(Drop.MESSAGE_TOO_LARGE);
    call.finish(LinkException.failure(
        Status.RESOURCE_EXHAUSTED,
        Stage.SEND,
        "a request of " + size + " bytes; at most " + messageBytes + " are sent"
            + " (Limits.messageBytes)"));
    return false;
  }

  /**
   * The node is closing: calls that wait for something end now, those on links when these end, and
   * no other is started or repeated.
   */
  public void close() {
    closed = true;
    waiting.forEach(PendingCall::nodeClosed);
  }

  /** Known at the latest when a call has failed: its first view may have come after its start. */
  boolean isIdempotent(Route route, CallRequest request) {
    if (request.idempotent()) {
      return true;
    }
    String target = request.target().toString();
    return idempotents.test(route, target.substring(target.indexOf('/') + 1));
  }

  boolean isClosed() {
    return closed;
  }

  /** Until it ended or its request is on a link, the call must hear of the end of this node. */
  void waits(PendingCall<?> call) {
    waiting.add(call);
    if (closed) {
      call.nodeClosed();
    }
  }

  void waitsNoMore(PendingCall<?> call) {
    waiting.remove(call);
  }

  /** Has a task run later; false when the node is closed and nothing runs any more. */
  boolean schedule(Duration delay, Runnable task) {
    return timer(delay, task) != null;
  }

  Timers.@Nullable Timer timer(Duration delay, Runnable task) {
    try {
      return closed ? null : timers.schedule(delay, task);
    } catch (RejectedExecutionException e) {
      return null; // the event loops have ended meanwhile
    }
  }

  void countRepeat() {
    repeated.increment();
  }

  void countEnd(Status status) {
    ended[status.code()].increment();
  }
}
