package io.liblink.rpc;

import io.liblink.cluster.Peer;
import io.liblink.message.Message;
import io.liblink.message.NodeId;
import io.liblink.routing.Candidate;
import io.liblink.routing.Candidates;
import io.liblink.routing.Explanation;
import io.liblink.routing.Route;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.telemetry.Drop;
import io.liblink.time.Timers;
import io.liblink.transport.Link;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A call from its start to its end, over all its attempts. One attempt is going on at a time, and
 * whoever ends it starts the next, so the fields need no lock; {@link #current} is read by who cancels.
 */
final class PendingCall<R> extends CompletableFuture<R> implements Route.Waiter {
  /** Attempts in all: enough to get past a few instances that just left. */
  private static final int MOST_ATTEMPTS = 5;

  private static final long FIRST_PAUSE_NANOS = 10_000_000;

  /** So long an instance may take to connect before another is tried, or a third of what is left. */
  private static final long CONNECT_PATIENCE_NANOS = 1_000_000_000;

  final Caller caller;
  final CallRequest request;
  private final Route route;
  private final Function<Message, R> decode;
  private final @Nullable Candidate only;

  /** Where items go; null when one reply is wanted. */
  final @Nullable ItemQueue items;

  private volatile @Nullable Attempt current;
  private volatile @Nullable Thread waiter;
  private int attempts;
  private volatile Ran ran = Ran.NO;
  private Set<NodeId> tried = Set.of();
  private volatile Timers.@Nullable Timer timer;

  private volatile boolean waited;

  /** What it waits for before a stream is open, for the timer. */
  private volatile Stage waitingIn = Stage.DISCOVER;

  private volatile String waitingFor = "";

  PendingCall(
      Caller caller,
      Route route,
      CallRequest request,
      Function<Message, R> decode,
      @Nullable Candidate only,
      @Nullable ItemQueue items) {
    this.caller = caller;
    this.route = route;
    this.request = request;
    this.decode = decode;
    this.only = only;
    this.items = items;
  }

  /** Starts the next attempt. */
  void next(long now) {
    if (isDone()) {
      return;
    }
    if (caller.isClosed()) {
      nodeClosed();
      return;
    }
    if (attempts > 0 && request.deadlineNanos() - now <= 0) {
      finish(LinkException.failure(
          Status.DEADLINE_EXCEEDED, Stage.SELECT, "no time is left for another attempt"));
      return;
    }
    Candidate chosen = only;
    if (chosen == null) {
      Candidates candidates = route.candidates();
      if (candidates == null) {
        awaitView();
        return;
      }
      String key = request.key();
      chosen = key == null
          ? candidates.pick(tried, now, ThreadLocalRandom.current())
          : candidates.owner(key, tried, now);
      if (chosen == null) {
        Explanation why = route.explain(candidates, now);
        finish(LinkException.failure(Status.UNAVAILABLE, why.stage(), why.text()));
        return;
      }
    }
    start(chosen, now);
  }

  private void awaitView() {
    armTimer(Stage.DISCOVER, "the registry has not answered yet");
    route.await(this);
  }

  /** The first view is here. On the registry's thread, or on the caller's. */
  @Override
  public void viewCame() {
    next(caller.time.nanos());
  }

  private void start(Candidate chosen, long now) {
    if (++attempts > 1) {
      caller.countRepeat();
    }
    Attempt attempt = new Attempt(this, chosen, attempts, now);
    current = attempt;
    Peer peer = caller.peers.of(chosen.instance().id());
    Link link = peer.link();
    if (link != null) {
      attempt.submit(link, now);
      if (peer.wantsMore()) {
        peer.connect(chosen.instance());
      }
      return;
    }
    armTimer(Stage.CONNECT, "no link to " + chosen.instance().label() + " yet");
    if (othersLeft(chosen.instance().id())) {
      long patience = Math.min(CONNECT_PATIENCE_NANOS, (request.deadlineNanos() - now) / 3);
      caller.schedule(Duration.ofNanos(Math.max(0, patience)), () -> tryElsewhere(attempt));
    }
    peer.connect(chosen.instance()).whenComplete((opened, failure) -> {
      long later = caller.time.nanos();
      if (failure == null) {
        attempt.submit(opened, later);
      } else {
        attempt.notConnected(failure, later);
      }
    });
  }

  /** An instance that is slow to connect must not cost the whole deadline while there are others. */
  private void tryElsewhere(Attempt attempt) {
    if (current == attempt
        && !isDone()
        && attempt.isConnecting()
        && attempt.claim()
        && attempt.giveUp()) {
      long now = caller.time.nanos();
      failed(
          LinkException.failure(
                  Status.UNAVAILABLE, Stage.CONNECT, "it is slow to connect; tried elsewhere")
              .instance(attempt.candidate().instance().label())
              .address(attempt.address())
              .withoutStackTrace()
              .build(),
          attempt,
          now);
    }
  }

  /** Deadlines of open streams are the session's; until then this one is needed. */
  private void armTimer(Stage stage, String doing) {
    waitingIn = stage;
    waitingFor = doing;
    if (timer == null) {
      long left = Math.max(0, request.deadlineNanos() - caller.time.nanos());
      waits();
      timer = caller.timer(Duration.ofNanos(left), () -> {
        Attempt a = current;
        if (a == null || a.giveUp()) {
          finish(LinkException.failure(
              Status.DEADLINE_EXCEEDED, waitingIn, waitingFor + " when the time was over"));
        }
      });
      stopTimerIfOver();
    }
  }

  /** Who ended the call meanwhile may not have seen the timer. */
  private void stopTimerIfOver() {
    Timers.Timer t = timer;
    if (t != null && isDone()) {
      t.cancel();
    }
  }

  // ---- ends ---------------------------------------------------------------------------------

  /** An attempt brought a reply. */
  void replied(Message reply) {
    try {
      R value = decode.apply(reply);
      if (super.complete(value)) {
        ended(Status.OK);
      } else {
        caller.counters.drop(Drop.LATE_REPLY);
      }
    } catch (Throwable e) { // whatever a codec does: the call ends, and the link is not harmed
      finish(LinkException.failure(
              Status.INTERNAL, Stage.WAIT, "the reply can't be read: " + e.getMessage())
          .cause(e)
          .ran(Ran.YES));
    }
  }

  /** An attempt failed: tries again where that is safe and makes sense, or ends. */
  void failed(LinkException failure, Attempt attempt, long now) {
    if (failure.ran().compareTo(ran) > 0) {
      ran = failure.ran();
    }
    if (mayRepeat(failure, now)) {
      repeat(attempt, now);
      return;
    }
    finish(failure.toBuilder());
  }

  /** Another attempt, elsewhere first. */
  void repeat(Attempt attempt, long now) {
    if (tried.isEmpty()) {
      tried = new HashSet<>();
    }
    boolean fresh = tried.add(attempt.candidate().instance().id());
    if (fresh && othersLeft()) {
      next(now);
    } else {
      pause(now);
    }
  }

  /**
   * Whether the call may leave an instance that stands still for another one, which it must then do. Where there
   * is no other, waiting is better: it may go on in a moment.
   *
   * @param how far the attempt came
   */
  boolean mayLeave(Attempt attempt, Ran how, long now) {
    boolean safe = how == Ran.NO || caller.isIdempotent(route, request);
    if (!safe
        || current != attempt
        || !othersLeft(attempt.candidate().instance().id())) {
      return false;
    }
    if (!mayRepeat(now)) {
      return false;
    }
    ran = how.compareTo(ran) > 0 ? how : ran;
    return true;
  }

  private boolean mayRepeat(LinkException failure, long now) {
    boolean safe = failure.ran() == Ran.NO || caller.isIdempotent(route, request);
    boolean useful = switch (failure.status()) {
      case UNAVAILABLE -> true;
      case RESOURCE_EXHAUSTED -> failure.ran() == Ran.NO && only == null && othersLeft(attemptOf());
      case UNAUTHENTICATED -> failure.stage() == Stage.CONNECT && othersLeft(attemptOf());
      default -> false;
    };
    return safe && useful && mayRepeat(now);
  }

  private boolean mayRepeat(long now) {
    return !gotItems()
        && !isDone()
        && attempts < MOST_ATTEMPTS
        && !caller.isClosed()
        && request.deadlineNanos() - now > 0
        && (isFree() || route.budget().withdraw(now));
  }

  /**
   * What never left this node and goes to another instance is nobody's second request: the budget, which bounds the
   * load that repeats add, has no say. When most instances are gone, each call comes past a few of them.
   */
  private boolean isFree() {
    Attempt a = current;
    return a != null && !a.wasSent() && othersLeft(attemptOf());
  }

  private boolean gotItems() {
    Attempt a = current;
    return a != null && a.gotItems();
  }

  private @Nullable NodeId attemptOf() {
    Attempt a = current;
    return a == null ? null : a.candidate().instance().id();
  }

  private boolean othersLeft() {
    return othersLeft(null);
  }

  /** Whether there is a candidate that was not tried, beside that one. */
  private boolean othersLeft(@Nullable NodeId beside) {
    Candidates candidates = route.candidates();
    return only == null
        && candidates != null
        && candidates.all().stream()
            .map(c -> c.instance().id())
            .anyMatch(id -> !tried.contains(id) && !id.equals(beside));
  }

  /** All were tried: a little later things may look better. */
  private void pause(long now) {
    long ceiling = FIRST_PAUSE_NANOS << Math.min(attempts, 6);
    long pause = ceiling / 2 + ThreadLocalRandom.current().nextLong(ceiling / 2);
    long left = request.deadlineNanos() - now;
    waits();
    caller.schedule(Duration.ofNanos(Math.max(0, Math.min(pause, left))), () -> {
      tried = Set.of();
      next(caller.time.nanos());
    });
  }

  /** From here on it may wait for something that is no link: {@link Caller#close} must end it. */
  void waits() {
    if (!waited) {
      waited = true;
      caller.waits(this);
      if (isDone()) {
        caller.waitsNoMore(this);
      }
    }
  }

  /** This node is closing. Any thread. */
  void nodeClosed() {
    Attempt a = current;
    boolean sent = a != null && !a.giveUp();
    finish(LinkException.failure(
            Status.UNAVAILABLE, sent ? Stage.WAIT : Stage.SEND, "this node is closed")
        .ran(sent ? Ran.MAYBE : Ran.NO));
  }

  /** Ends the call with a failure, completed by what is known of the call. */
  void finish(LinkException.Builder failure) {
    long now = caller.time.nanos();
    Attempt a = current;
    LinkException built = failure
        .attempts(attempts)
        .elapsed(Duration.ofNanos(Math.max(0, now - request.startNanos())))
        .withoutStackTrace()
        .build();
    if (ran.compareTo(built.ran()) > 0) {
      built = built.toBuilder().ran(ran).withoutStackTrace().build();
    }
    if (a != null && built.instance() == null) {
      built = built.toBuilder()
          .instance(a.candidate().instance().label())
          .address(a.address())
          .withoutStackTrace()
          .build();
    }
    if (super.completeExceptionally(built)) {
      ended(built.status());
    }
  }

  /**
   * Waits for the end, or for an interrupt. Without a time of its own, because a timer for each wait
   * would cost more than the call: the deadline of the call ends it.
   */
  void park() {
    waiter = Thread.currentThread();
    while (!isDone() && !Thread.currentThread().isInterrupted()) {
      LockSupport.park(this);
    }
  }

  private void ended(Status status) {
    caller.countEnd(status);
    Thread w = waiter;
    if (w != null) {
      Attempt a = current;
      if (a == null) {
        LockSupport.unpark(w);
      } else {
        a.unpark(w);
      }
    }
    Timers.Timer t = timer;
    if (t != null) {
      t.cancel();
    }
    if (waited) {
      caller.waitsNoMore(this);
      route.forget(this);
    }
  }

  /** Cancels the work, too. */
  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    return givenUp(super.cancel(mayInterruptIfRunning));
  }

  /** For who has it, such as {@link #completeOnTimeout}: cancels the work. */
  @Override
  public boolean complete(R value) {
    return givenUp(super.complete(value));
  }

  /** For who has it, such as {@link #orTimeout}: cancels the work. */
  @Override
  public boolean completeExceptionally(Throwable thrown) {
    return givenUp(super.completeExceptionally(thrown));
  }

  private boolean givenUp(boolean now) {
    if (now) {
      ended(Status.CANCELLED);
      Attempt a = current;
      if (a != null) {
        a.cancel();
      }
    }
    return now;
  }
}
