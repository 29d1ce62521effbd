package io.liblink.routing;

import io.liblink.registry.Instance;

/**
 * An instance that may get the request.
 *
 * @param instance what was announced
 * @param state its live numbers, shared by all snapshots of the service
 * @param hash of its id, for keys that belong to instances
 */
public record Candidate(Instance instance, InstanceState state, long hash) {
  /** Hashes its id. */
  public Candidate(Instance instance, InstanceState state) {
    this(instance, state, Rendezvous.hash(instance.id()));
  }
}
