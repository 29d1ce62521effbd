package io.liblink.registry.consul;

import io.liblink.registry.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What this node announces of one service, and what the agent has of it: decides which request is
 * next, one at a time. Without I/O. Used by the thread of heartbeats only.
 *
 * <p>An agent that does not know what it should know was started anew or wiped, and is told again at
 * once. Leaving is in order: not ready, a moment for watchers to see that, gone.
 */
final class Announcement {
  /** Between not being ready and being gone: who looks in between knows that nothing was lost. */
  static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** The agent is asked this often what it has, or up to twice as often. */
  static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(15);

  /** A request that is possible next. */
  enum Action {
    /** None. */
    NOTHING,
    /** Tell the agent all of it. */
    REGISTER,
    /** Tell it whether the service is ready. */
    READINESS,
    /** Tell it that the process lives. */
    BEAT,
    /** Ask it what it has. */
    LOOK,
    /** Take it back. */
    DEREGISTER,
    /** Nothing is left to do, ever. */
    GONE
  }

  private final String id;
  private final long beatNanos;
  private final Pace pace;

  /** What the agent should have; null when it should have nothing. */
  private @Nullable Instance wanted;

  /** What it has, but for readiness; null when it has nothing, or what it has is not known. */
  private @Nullable Instance registered;

  /** The word on readiness that it has; null when that is not known. */
  private @Nullable String said;

  /** Whether a request to register ever went out, so that there may be something to take back. */
  private boolean touched;

  private boolean underWay;
  private long beatAt;
  private long lookAt;
  private long retryAt;
  private long leaveAt;
  private boolean failing;
  private final List<CompletableFuture<Void>> waiting = new ArrayList<>();

  /**
   * Wants nothing yet.
   *
   * @param beatNanos between heartbeats
   */
  Announcement(String id, long beatNanos, Pace pace, long now) {
    this.id = id;
    this.beatNanos = beatNanos;
    this.pace = pace;
    this.retryAt = now;
    this.beatAt = now;
    this.lookAt = now;
    this.leaveAt = now;
  }

  String id() {
    return id;
  }

  // ---- what is wanted -----------------------------------------------------------------------

  /** Wants that from now on; null for nothing. The stage completes when the agent has it. */
  void want(@Nullable Instance instance, CompletableFuture<Void> stage, long now) {
    wanted = instance;
    retryAt = now;
    waiting.removeIf(CompletableFuture::isDone);
    waiting.add(stage);
  }

  @Nullable
  Instance wanted() {
    return wanted;
  }

  /** Those who wait for what is wanted, when there is nothing left to do; otherwise none. */
  List<CompletableFuture<Void>> settled() {
    boolean settled = !underWay && (wanted == null ? !touched : isRegistered() && isSaid());
    return settled ? takeWaiting() : List.of();
  }

  List<CompletableFuture<Void>> takeWaiting() {
    List<CompletableFuture<Void>> all = List.copyOf(waiting);
    waiting.clear();
    return all;
  }

  // ---- what is next -------------------------------------------------------------------------

  /** The request to make now. */
  Action next(long now) {
    if (underWay) {
      return Action.NOTHING;
    }
    if (wanted == null && !touched) {
      return Action.GONE;
    }
    if (retryAt - now > 0) {
      return Action.NOTHING;
    }
    if (wanted == null) {
      return leave(now);
    }
    if (!isRegistered()) {
      return Action.REGISTER;
    }
    if (!isSaid()) {
      return Action.READINESS;
    }
    if (beatAt - now <= 0) {
      return Action.BEAT;
    }
    return lookAt - now <= 0 ? Action.LOOK : Action.NOTHING;
  }

  private Action leave(long now) {
    if (registered != null && Registration.READY.equals(said)) {
      return Action.READINESS;
    }
    // Nobody has seen it ready, or everybody may know by now that it is not.
    boolean paused = !Registration.LEAVING.equals(said) || leaveAt - now <= 0;
    return paused ? Action.DEREGISTER : Action.NOTHING;
  }

  private boolean isRegistered() {
    return registered != null && wanted != null && registered.equals(wanted.withReady(true));
  }

  private boolean isSaid() {
    return word().equals(said);
  }

  /** What is to be said about readiness. */
  String word() {
    return wanted == null ? Registration.LEAVING : Registration.word(wanted.ready());
  }

  /** Nanoseconds until {@link #next} may be another. */
  long untilNext(long now) {
    if (underWay) {
      return Long.MAX_VALUE;
    }
    long at = retryAt - now;
    if (wanted == null) {
      at = Math.max(at, leaveAt - now);
    } else if (at <= 0) {
      at = Math.min(beatAt - now, lookAt - now);
    }
    return Math.max(0, at);
  }

  /** How late the heartbeat is that is next; to be asked before it goes out. */
  long late(long now) {
    return now - beatAt;
  }

  boolean isFailing() {
    return failing;
  }

  // ---- what came of it ----------------------------------------------------------------------

  void begun(Action action) {
    underWay = true;
    touched |= action == Action.REGISTER;
  }

  /** The agent took what was sent. */
  void registered(Instance sent, long now) {
    ended(now);
    registered = sent.withReady(true);
    said = null;
    beatAt = now + pace.spread(beatNanos);
    lookAt = now + pace.spread(LOOK_NANOS);
  }

  /** The agent was told that word on readiness. */
  void said(String word, long now) {
    ended(now);
    said = word;
    leaveAt = now + PAUSE_NANOS;
  }

  /** The agent took a heartbeat. */
  void beaten(long now) {
    if (failing) {
      lookAt = now; // it may have been started again meanwhile
    }
    ended(now);
    beatAt = now + beatNanos - beatNanos / 10 + pace.spread(beatNanos / 10);
  }

  /** The agent has what it should have. */
  void found(long now) {
    ended(now);
    lookAt = now + pace.spread(LOOK_NANOS);
  }

  /** The agent does not have what it should: it is told anew, or there is nothing to take back. */
  void lost(long now) {
    ended(now);
    registered = null;
    said = null;
    touched &= wanted != null;
  }

  /** The agent is to be told all of it again, though it has it. */
  void again() {
    registered = null;
  }

  /** The agent knows another word on readiness than it should. */
  void misheard(long now) {
    found(now);
    said = null;
  }

  /** The request failed, though the agent may have got it, and is to be made again. */
  void failed(Action action, long now) {
    underWay = false;
    failing = true;
    if (action == Action.REGISTER) {
      registered = null;
    }
    if (action == Action.REGISTER || action == Action.READINESS) {
      said = null;
    }
    retryAt = now + pace.afterFailure();
  }

  private void ended(long now) {
    underWay = false;
    failing = false;
    retryAt = now;
    pace.succeeded();
  }
}
