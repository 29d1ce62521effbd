package io.liblink.routing;

import io.liblink.cluster.Directory;
import io.liblink.registry.View;
import io.liblink.time.TimeSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All routes of a node. Thread-safe. Bounded by {@value #MOST}: a program asks for few; one that makes
 * up selectors per call gets an error that says so instead of a leak.
 */
public final class Routes {
  private static final int MOST = 10_000;

  private record Key(
      String service, @Nullable Selector selector, @Nullable String to, RoutingPlan plan) {}

  private record Shared(InstanceStates states, RetryBudget budget) {}

  private final Directory directory;
  private final TimeSource time;
  private final Function<String, RoutingPlan> rules;
  private final ConcurrentHashMap<Key, Route> routes = new ConcurrentHashMap<>();
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
        new Directory.Watched(),
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
    routes.values().forEach(Route::update);
  }

  /** The route to a service; watching begins with the first. */
  public Route to(String service, @Nullable Selector selector, @Nullable String instance) {
    return to(service, selector, instance, rules.apply(service));
  }

  /** The route to a service under rules of its own. */
  public Route to(
      String service, @Nullable Selector selector, @Nullable String instance, RoutingPlan plan) {
    Key key = new Key(service, selector, instance, plan);
    Route known = routes.get(key);
    if (known != null) {
      return known;
    }
    if (routes.size() >= MOST) {
      throw new IllegalStateException(
          "more than " + MOST + " different selections are in use: keep handles instead of making a"
              + " selector for each call");
    }
    Shared shared = services.computeIfAbsent(
        service,
        s -> new Shared(
            new InstanceStates(ThreadLocalRandom::current), new RetryBudget(time.nanos())));
    Directory.Watched watched = directory.service(service);
    return routes.computeIfAbsent(
        key,
        k -> new Route(
            service, selector, instance, watched, shared.states(), shared.budget(), plan, time));
  }
}
