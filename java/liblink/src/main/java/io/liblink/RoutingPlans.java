package io.liblink;

import io.liblink.message.NodeId;
import io.liblink.routing.RoutingPlan;
import io.liblink.topology.Routing;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The routing rules of a node, read once: for some services, and for all others. Thread-safe. */
final class RoutingPlans {
  private final RoutingPlan others;
  private final Map<String, RoutingPlan> ofServices = new HashMap<>();

  RoutingPlans(NodeOptions options, Supplier<Map<String, String>> own, NodeId self) {
    this.others = RoutingPlan.of(options.routing, own, self);
    for (Map.Entry<String, Routing> e : options.routingOf.entrySet()) {
      ofServices.put(e.getKey(), RoutingPlan.of(e.getValue(), own, self));
    }
  }

  RoutingPlan of(String service) {
    return ofServices.getOrDefault(service, others);
  }
}
