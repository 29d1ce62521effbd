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
 * @param weight its share of the traffic, relative to others': 1 unless somebody said otherwise; 0 for none while others are there
 * @param datacenter where the registry says it is; empty when it does not know of such things
 * @param note why it is not ready, in words, when the registry knows; otherwise empty
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
    List<Endpoint> endpoints,
    int weight,
    String datacenter,
    String note) {
  /** The most that a weight may be. */
  public static final int MOST_WEIGHT = 65_535;

  /** Copies the collections. */
  public Instance {
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("an instance of '" + service + "' without an address");
    }
    addresses = List.copyOf(addresses);
    metadata = Map.copyOf(metadata);
    endpoints = List.copyOf(endpoints);
    if (weight < 0 || weight > MOST_WEIGHT) {
      throw new IllegalArgumentException(
          "a weight is a number from 0 to " + MOST_WEIGHT + ", not " + weight);
    }
  }

  /** One of weight 1, with no datacenter. */
  public Instance(
      String service,
      String node,
      NodeId id,
      List<Address> addresses,
      String version,
      Map<String, String> metadata,
      boolean ready,
      long startedMillis,
      List<Endpoint> endpoints) {
    this(
        service,
        node,
        id,
        addresses,
        version,
        metadata,
        ready,
        startedMillis,
        endpoints,
        1,
        "",
        "");
  }

  /** {@code node@id}, with the first eight digits of the id: how messages name an instance. */
  public String label() {
    return node + "@" + id.shortText();
  }

  /** The same with another readiness, and no note on it. */
  public Instance withReady(boolean ready) {
    return with(addresses, metadata, ready, weight, "");
  }

  /** The same with another weight. */
  public Instance withWeight(int weight) {
    return with(addresses, metadata, ready, weight, note);
  }

  /** The same, to be reached elsewhere. */
  public Instance withAddresses(List<Address> addresses) {
    return with(addresses, metadata, ready, weight, note);
  }

  /** The same with other metadata. */
  public Instance withMetadata(Map<String, String> metadata) {
    return with(addresses, metadata, ready, weight, note);
  }

  private Instance with(
      List<Address> addresses,
      Map<String, String> metadata,
      boolean ready,
      int weight,
      String note) {
    return new Instance(
        service,
        node,
        id,
        addresses,
        version,
        metadata,
        ready,
        startedMillis,
        endpoints,
        weight,
        datacenter,
        note);
  }
}
