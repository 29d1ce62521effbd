package io.liblink.rpc;

import io.liblink.cluster.Directory;
import io.liblink.registry.View;
import io.liblink.routing.Candidates;
import io.liblink.routing.InstanceStates;
import io.liblink.routing.RetryBudget;
import io.liblink.routing.Selector;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The way to a service under one selector and target: the candidates of its newest view. Shared by
 * all handles that ask for the same. Thread-safe.
 */
public final class Route {
  private final String service;
  private final @Nullable Selector selector;
  private final @Nullable String to;
  private final Directory.Watched watched;
  private final InstanceStates states;
  private final RetryBudget budget;
  private final CopyOnWriteArrayList<Runnable> onChange = new CopyOnWriteArrayList<>();

  /** Calls that wait for the first view. */
  private final Set<PendingCall<?>> waiting = ConcurrentHashMap.newKeySet();

  private volatile @Nullable Candidates candidates;

  Route(
      String service,
      @Nullable Selector selector,
      @Nullable String to,
      Directory.Watched watched,
      InstanceStates states,
      RetryBudget budget) {
    this.service = service;
    this.selector = selector;
    this.to = to;
    this.watched = watched;
    this.states = states;
    this.budget = budget;
    watched.listen(this::update);
  }

  private void update() {
    synchronized (this) { // the last to come in sees the newest view
      View view = watched.view();
      if (view == null) {
        return;
      }
      states.update(view);
      candidates = Candidates.of(service, view, selector, to, states);
    }
    onChange.forEach(Runnable::run);
    for (PendingCall<?> call : waiting) {
      goOn(call);
    }
  }

  /** Has the call go on with the first view, once; it is forgotten when it ends before. */
  void await(PendingCall<?> call) {
    waiting.add(call);
    if (candidates != null) {
      goOn(call);
    } else if (call.isDone()) {
      forget(call);
    }
  }

  private void goOn(PendingCall<?> call) {
    if (waiting.remove(call)) {
      call.viewCame();
    }
  }

  void forget(PendingCall<?> call) {
    waiting.remove(call);
  }

  /** Who may be called now; null before the first view. */
  public @Nullable Candidates candidates() {
    return candidates;
  }

  /** The newest view; null before the first. */
  public @Nullable View view() {
    return watched.view();
  }

  /** The name of the service. */
  public String service() {
    return service;
  }

  /** What instances are selected by; null for all. */
  public @Nullable Selector selector() {
    return selector;
  }

  /** The one instance wanted; null for any. */
  public @Nullable String to() {
    return to;
  }

  RetryBudget budget() {
    return budget;
  }

  /** Runs something after every change, on the registry's thread, until it is removed. */
  public void onChange(Runnable listener) {
    onChange.add(listener);
  }

  /** No longer. */
  public void removeListener(Runnable listener) {
    onChange.remove(listener);
  }
}
