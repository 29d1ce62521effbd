package io.liblink.routing;

import io.liblink.cluster.Directory;
import io.liblink.registry.View;
import io.liblink.time.TimeSource;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All routes of a node, each for as long as somebody holds it. Thread-safe. Bounded by {@value #MOST} at
 * a time: a program asks for few; one that makes up selectors and keeps all handles gets an error that
 * says so.
 */
public final class Routes {
  private static final int MOST = 10_000;

  private record Key(
      String service, @Nullable Selector selector, @Nullable String to, RoutingPlan plan) {}

  /** Knows what it stood for when its route is gone. */
  private static final class Reference extends WeakReference<Route> {
    private final Key key;

    Reference(Key key, Route route, ReferenceQueue<Route> gone) {
      super(route, gone);
      this.key = key;
    }
  }

  private record Shared(InstanceStates states, RetryBudget budget) {}

  private final Directory directory;
  private final TimeSource time;
  private final Function<String, RoutingPlan> rules;
  private final ConcurrentHashMap<Key, Reference> routes = new ConcurrentHashMap<>();
  private final ReferenceQueue<Route> gone = new ReferenceQueue<>();
  private final ConcurrentHashMap<String, Shared> services = new ConcurrentHashMap<>();

  /**
   * No routes yet.
   *
   * @param rules those of a service by its name, unless a handle brings its own
   */
  public Routes(Directory directory, TimeSource time, Function<String, RoutingPlan> rules) {
    this.directory = directory;
    this.time = time;
    this.rules = rules;
  }

  /** A route that watches nothing: for calls to an instance that is known already. */
  public Route detached(String service) {
    return new Route(
        service,
        null,
        null,
        null,
        new InstanceStates(ThreadLocalRandom::current),
        new RetryBudget(time.nanos()),
        rules.apply(service),
        time);
  }

  /**
   * Who may be called by that view under that selection, without a route that stays.
   *
   * @param view of the service, as the directory knows it, or the registry when the directory does not
   */
  public Candidates glance(
      String service, View view, @Nullable Selector selector, @Nullable String instance) {
    Shared known = services.get(service);
    InstanceStates states =
        known == null ? new InstanceStates(ThreadLocalRandom::current) : known.states();
    if (known == null) {
      states.update(view, time.nanos(), time.wallMillis());
    }
    return Candidates.of(service, view, selector, instance, states, rules.apply(service));
  }

  /** Has every route choose again: this node has changed. */
  public void refresh() {
    for (Reference reference : routes.values()) {
      Route route = reference.get();
      if (route != null) {
        route.viewChanged();
      }
    }
  }

  /** The route to a service; watching begins with the first. */
  public Route to(String service, @Nullable Selector selector, @Nullable String instance) {
    return to(service, selector, instance, rules.apply(service));
  }

  /** The route to a service under rules of its own. */
  public Route to(
      String service, @Nullable Selector selector, @Nullable String instance, RoutingPlan plan) {
    Key key = new Key(service, selector, instance, plan);
    Reference known = routes.get(key);
    Route route = known == null ? null : known.get();
    return route != null ? route : make(key);
  }

  private Route make(Key key) {
    forgetThoseGone();
    if (routes.size() >= MOST) {
      throw new IllegalStateException("more than " + MOST
          + " different selections are in use: keep few handles instead of one for each selector");
    }
    Shared shared = services.computeIfAbsent(
        key.service(),
        s -> new Shared(
            new InstanceStates(ThreadLocalRandom::current), new RetryBudget(time.nanos())));
    Route made = new Route(
        key.service(),
        key.selector(),
        key.to(),
        directory.service(key.service()),
        shared.states(),
        shared.budget(),
        key.plan(),
        time);
    while (true) {
      Reference there = routes.putIfAbsent(key, new Reference(key, made, gone));
      if (there == null) {
        made.look();
        return made;
      }
      Route route = there.get();
      if (route != null) {
        return route;
      }
      routes.remove(key, there);
    }
  }

  private void forgetThoseGone() {
    for (java.lang.ref.Reference<? extends Route> r = gone.poll(); r != null; r = gone.poll()) {
      Reference reference = (Reference) r;
      routes.remove(reference.key, reference);
    }
  }
}
