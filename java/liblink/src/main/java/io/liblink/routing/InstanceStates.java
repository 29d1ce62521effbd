package io.liblink.routing;

import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.registry.View;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The states of all instances of one service, and the bound on how many of them are ejected: never
 * more than half of the ready ones, so that the last instance stays in however it fails.
 *
 * <p>An ejected instance gets one probe after a back-off of 1 s, which doubles with every failed probe
 * up to 60 s, each time less a random part of up to half (so that many callers do not probe a
 * recovering instance together). The first sign of life returns it and resets the back-off.
 *
 * <p>Thread-safe. Bounded by the view.
 */
public final class InstanceStates {
  private static final long FIRST_BACKOFF_NANOS = 1_000_000_000L;
  private static final long MAX_BACKOFF_NANOS = 60_000_000_000L;

  private final ConcurrentHashMap<NodeId, InstanceState> byId = new ConcurrentHashMap<>();
  private final Supplier<? extends RandomGenerator> random;

  /** Guards ejection and return; held for a few instructions, never on the way of a good call. */
  private final ReentrantLock lock = new ReentrantLock();

  /** An hour: the longest slow start that makes sense. */
  static final long MOST_YOUNG_NANOS = 3_600_000_000_000L;

  private volatile int ready; // written under lock

  /** Whether there was a view before. */
  private volatile boolean seen;

  private final AtomicInteger ejected = new AtomicInteger(); // changed under lock

  /**
   * @param random asked on the calling thread, for the jitter; {@code ThreadLocalRandom::current}
   *     outside tests
   */
  public InstanceStates(Supplier<? extends RandomGenerator> random) {
    this.random = random;
  }

  /** The state of that instance, made when it is new. */
  public InstanceState of(NodeId id) {
    InstanceState known = byId.get(id);
    return known != null ? known : byId.computeIfAbsent(id, key -> new InstanceState(this, key));
  }

  /**
   * Forgets instances that are gone, greets those that are new, and counts the ready ones. To be called
   * with every new view.
   *
   * <p>An instance is new when its announcement says that it started less than {@link
   * #MOST_YOUNG_NANOS} ago, or when it was not in the views before. The clocks of two machines may
   * differ: what claims to start in the future has just started.
   */
  public void update(View view, long nowNanos, long wallMillis) {
    boolean first = !seen;
    seen = true;
    for (Instance instance : view.instances()) {
      byId.computeIfAbsent(instance.id(), id -> greet(instance, first, nowNanos, wallMillis));
    }
    forgetOthers(view);
  }

  private InstanceState greet(Instance instance, boolean first, long nowNanos, long wallMillis) {
    InstanceState state = new InstanceState(this, instance.id());
    long age = Math.max(0, wallMillis - instance.startedMillis()) * 1_000_000;
    state.young = !first || age < MOST_YOUNG_NANOS;
    state.joinedNanos = nowNanos - (age < MOST_YOUNG_NANOS ? age : 0);
    return state;
  }

  private void forgetOthers(View view) {
    Set<NodeId> present = new HashSet<>();
    Set<NodeId> wanting = new HashSet<>();
    for (Instance instance : view.instances()) {
      present.add(instance.id());
      if (instance.ready()) {
        wanting.add(instance.id());
      }
    }
    lock.lock();
    try {
      ready = wanting.size();
      byId.entrySet().removeIf(entry -> {
        if (present.contains(entry.getKey())) {
          setReady(entry.getValue(), wanting.contains(entry.getKey()));
          return false;
        }
        forget(entry.getValue());
        return true;
      });
    } finally {
      lock.unlock();
    }
  }

  /**
   * Under the lock. One that is not ready gets no requests: to eject it would say nothing, and would use up what may be
   * ejected of the others.
   */
  private void setReady(InstanceState state, boolean isReady) {
    state.ready = isReady;
    if (!isReady && state.ejected()) {
      ejected.decrementAndGet();
      state.clearEjected();
    }
  }

  /** How many instances are ejected now. */
  public int ejected() {
    return ejected.get();
  }

  /** Ejects, or after a failed probe ejects for longer; does nothing at the bound. */
  void eject(InstanceState state, long nowNanos) {
    if (state.ejected() ? !state.probing : !another()) {
      return; // stragglers of the same outage, or at the bound: without the lock
    }
    lock.lock();
    try {
      if (state.removed || !state.ready || (state.ejected() ? !state.probing : !another())) {
        return;
      }
      if (!state.ejected()) {
        ejected.incrementAndGet();
      }
      long backoff = backoffNanos(state.ejections);
      state.setEjected(
          state.ejections + 1, false, nowNanos + backoff - random.get().nextLong(backoff / 2 + 1));
    } finally {
      lock.unlock();
    }
  }

  /** Ejects one that stands still, or goes on doing so, until that time; the back-off stays as it is. */
  void ejectStill(InstanceState state, long nextProbeNanos) {
    lock.lock();
    try {
      if (state.removed || !state.ready || !(state.ejected() || another())) {
        return;
      }
      if (!state.ejected()) {
        ejected.incrementAndGet();
      }
      state.setEjected(state.ejections, true, nextProbeNanos);
    } finally {
      lock.unlock();
    }
  }

  void restore(InstanceState state) {
    lock.lock();
    try {
      if (state.ejected()) {
        ejected.decrementAndGet();
        state.clearEjected();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The back-off before jitter, after that many ejections in a row. */
  static long backoffNanos(int ejections) {
    return ejections >= 6
        ? MAX_BACKOFF_NANOS
        : Math.min(MAX_BACKOFF_NANOS, FIRST_BACKOFF_NANOS << ejections);
  }

  private boolean another() {
    return (ejected.get() + 1) * 2 <= ready;
  }

  /** Under the lock: late ends of its requests must not count any more. */
  private void forget(InstanceState state) {
    if (state.ejected()) {
      ejected.decrementAndGet();
      state.clearEjected();
    }
    state.removed = true;
  }
}
