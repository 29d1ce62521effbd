package io.liblink.registry.consul;

import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.registry.View.Skipped;
import java.util.List;
import java.util.Set;

/**
 * What one datacenter says of one service.
 *
 * @param instances those of this cluster, ready or not
 * @param silent those of them that are not ready for their silence only
 * @param skipped what else stands under the name
 */
record Health(List<Instance> instances, Set<NodeId> silent, List<Skipped> skipped) {
  /** Nothing known. */
  static final Health NONE = new Health(List.of(), Set.of(), List.of());

  /** Copies the collections. */
  Health {
    instances = List.copyOf(instances);
    silent = Set.copyOf(silent);
    skipped = List.copyOf(skipped);
  }
}
