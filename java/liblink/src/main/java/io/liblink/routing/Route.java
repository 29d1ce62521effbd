package io.liblink.routing;

import io.liblink.cluster.Watched;
import io.liblink.registry.Filter;
import io.liblink.registry.View;
import io.liblink.time.TimeSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The way to a service under one selector and target: the candidates of its newest view. Shared by
 * all handles that ask for the same; held by these, and by calls, subscriptions and producers on their
 * way, and by nobody else. Thread-safe.
 */
public final class Route implements Watched.Onlooker {
  /** Who waits for the first view of the service. */
  public interface Waiter {
    /** It is there. On the registry's thread, or on that of {@link Route#await}. */
    void viewCame();

    /** Whether it waits no more. */
    boolean isDone();
  }

  private final String service;
  private final @Nullable Selector selector;
  private final @Nullable String to;
  private final @Nullable Watched watched;
  private final InstanceStates states;
  private final RetryBudget budget;
  private final RoutingPlan plan;
  private final TimeSource time;
  private final CopyOnWriteArrayList<Runnable> onChange = new CopyOnWriteArrayList<>();

  /** What waits for the first view. */
  private final Set<Waiter> waiting = ConcurrentHashMap.newKeySet();

  private volatile @Nullable Candidates candidates;

  private volatile boolean needsAll;

  /** Whether somebody has asked for candidates. */
  private volatile boolean using;

  Route(
      String service,
      @Nullable Selector selector,
      @Nullable String to,
      @Nullable Watched watched,
      InstanceStates states,
      RetryBudget budget,
      RoutingPlan plan,
      TimeSource time) {
    this.service = service;
    this.selector = selector;
    this.to = to;
    this.watched = watched;
    this.states = states;
    this.budget = budget;
    this.plan = plan;
    this.time = time;
  }

  /** Looks at the service from now on. Once. */
  void look() {
    if (watched != null) {
      watched.add(this);
    }
  }

  /** A new view, or the rules changed. */
  @Override
  public void viewChanged() {
    synchronized (this) { // the last to come in sees the newest view
      View view = view();
      if (view == null) {
        return;
      }
      if (!hasAll(view)) {
        candidates = null; // all will come, once this is used
        return;
      }
      states.update(view, time.nanos(), time.wallMillis());
      candidates = Candidates.of(service, view, selector, to, states, plan);
    }
    onChange.forEach(Runnable::run);
    for (Waiter waiter : waiting) {
      goOn(waiter);
    }
  }

  /** Whether the registry has left out none of those that may be selected. */
  private boolean hasAll(View view) {
    Filter filter = filter();
    return view.onlyFor().isEmpty()
        || (filter != null && view.onlyFor().contains(filter.toString()));
  }

  @Override
  public boolean isUsing() {
    return using;
  }

  /** A target may be anywhere, whatever its metadata. */
  @Override
  public @Nullable Filter filter() {
    return to == null && !needsAll ? selector : null;
  }

  /** Somebody has to know of an instance that is not selected whether it is there all the same. */
  public void needAll() {
    needsAll = true;
    use();
  }

  private void use() {
    using = true;
    if (watched != null) {
      watched.reconsider();
    }
  }

  /** Has the waiter go on with the first view, once; it is forgotten when it ends before. */
  public void await(Waiter waiter) {
    waiting.add(waiter);
    if (candidates != null) {
      goOn(waiter);
    } else if (waiter.isDone()) {
      forget(waiter);
    }
  }

  private void goOn(Waiter waiter) {
    if (waiting.remove(waiter)) {
      waiter.viewCame();
    }
  }

  /** It waits no more. */
  public void forget(Waiter waiter) {
    waiting.remove(waiter);
  }

  /** Who may be called now; null before the first view. */
  public @Nullable Candidates candidates() {
    if (!using) {
      use();
    }
    return candidates;
  }

  /** Why those are the candidates, and by which registry. */
  public Explanation explain(Candidates found, long nowNanos) {
    Explanation explanation = found.explain(nowNanos);
    return watched == null ? explanation : explanation.from(watched.source());
  }

  /** The newest view; null before the first. */
  public @Nullable View view() {
    return watched == null ? null : watched.view();
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

  /** The rules by which it chooses. */
  public RoutingPlan plan() {
    return plan;
  }

  /** What repeats of calls to the service are paid from. */
  public RetryBudget budget() {
    return budget;
  }

  /** Runs something after every change, on the registry's thread, until it is removed. */
  public void onChange(Runnable listener) {
    use();
    onChange.add(listener);
  }

  /** No longer. */
  public void removeListener(Runnable listener) {
    onChange.remove(listener);
  }
}
