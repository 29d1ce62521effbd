package io.liblink.registry;

import io.liblink.message.Address;
import io.liblink.message.NodeId;
import java.util.List;
import java.util.Map;

/**
 * One node's announcement of one service. A claim, not a proof: who the instance is, its certificate
 * says.
 *
 * @param service the service announced
 * @param node the name of the node
 * @param id the run of the node
 * @param addresses where it says it can be reached, in order of preference, never empty
 * @param version the version of the service, empty when none was given
 * @param metadata what selectors look at; unmodifiable
 * @param ready whether it wants traffic
 * @param startedMillis when the node started, since 1970
 * @param endpoints what the service holds; empty when the registry can't tell
 */
public record Instance(
    String service,
    String node,
    NodeId id,
    List<Address> addresses,
    String version,
    Map<String, String> metadata,
    boolean ready,
    long startedMillis,
    List<Endpoint> endpoints) {
  /** Copies the collections. */
  public Instance {
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("an instance of '" + service + "' without an address");
    }
    addresses = List.copyOf(addresses);
    metadata = Map.copyOf(metadata);
    endpoints = List.copyOf(endpoints);
  }

  /** {@code node@id}, with the first eight digits of the id: how messages name an instance. */
  public String label() {
    return node + "@" + id.shortText();
  }

  /** The same with another readiness. */
  public Instance withReady(boolean ready) {
    return new Instance(
        service, node, id, addresses, version, metadata, ready, startedMillis, endpoints);
  }
}
