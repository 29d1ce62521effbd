package io.liblink.routing;

import io.liblink.registry.Instance;

/**
 * An instance that may get the request.
 *
 * @param instance what was announced
 * @param state its live numbers, shared by all snapshots of the service
 */
public record Candidate(Instance instance, InstanceState state) {
  /** Of its id, for keys that belong to instances and for subsets. */
  long hash() {
    return state.hash();
  }
}
