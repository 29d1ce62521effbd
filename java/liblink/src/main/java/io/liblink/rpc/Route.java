package io.liblink.rpc;

import io.liblink.cluster.Directory;
import io.liblink.registry.View;
import io.liblink.routing.Candidates;
import io.liblink.routing.InstanceStates;
import io.liblink.routing.RetryBudget;
import io.liblink.routing.Selector;
import java.util.concurrent.CompletableFuture;
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

  private void update(View view) {
    states.update(view);
    candidates = Candidates.of(service, view, selector, to, states);
    onChange.forEach(Runnable::run);
  }

  /** Who may be called now; null before the first view. */
  public @Nullable Candidates candidates() {
    return candidates;
  }

  /** Completes with the first view. */
  public CompletableFuture<View> firstView() {
    return watched.first();
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
