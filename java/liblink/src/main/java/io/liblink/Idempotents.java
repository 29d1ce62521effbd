package io.liblink;

import io.liblink.registry.Endpoint;
import io.liblink.registry.Instance;
import io.liblink.registry.View;
import io.liblink.routing.Route;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which methods are idempotent, by what their instances announce: those that every instance of the
 * newest view says it of. Computed once per view. Asked only
 * when a call has failed. Thread-safe; bounded by the routes, and goes with them.
 */
final class Idempotents {
  private record Known(@Nullable View view, Set<String> methods) {}

  private final Map<Route, Known> byRoute = Collections.synchronizedMap(new WeakHashMap<>());

  boolean isIdempotent(Route route, String method) {
    View view = route.view();
    Known known = byRoute.get(route);
    if (known == null || known.view() != view) {
      known = new Known(view, view == null ? Set.of() : methodsOf(view));
      byRoute.put(route, known);
    }
    return !known.methods().isEmpty() && known.methods().contains(method);
  }

  private static Set<String> methodsOf(View view) {
    Set<String> all = null;
    for (Instance instance : view.instances()) {
      Set<String> its = instance.endpoints().stream()
          .filter(Endpoint::idempotent)
          .map(Endpoint::name)
          .collect(Collectors.toSet());
      if (all == null) {
        all = its;
      } else {
        all.retainAll(its);
      }
    }
    return all == null ? Set.of() : all;
  }
}
