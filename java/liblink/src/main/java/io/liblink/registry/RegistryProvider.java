package io.liblink.registry;

import io.liblink.message.Address;
import io.liblink.message.NodeId;
import io.liblink.time.TimeSource;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Makes registries of one URI scheme. Found by {@link java.util.ServiceLoader}, so a registry is
 * added by putting its jar beside liblink.
 */
public interface RegistryProvider {
  /** The scheme, without the colon: {@code local}, {@code static}, {@code consul}. */
  String scheme();

  /**
   * Makes the registry for one node. Does not block and does not need the registry to be up.
   *
   * @param uri the whole text, scheme included. Text and not {@link java.net.URI}, which refuses
   *     {@code local:} and host lists with IPv6 zones
   * @throws IllegalArgumentException when the URI is wrong, saying what is right
   */
  Registry open(String uri, Context context);

  /**
   * What a registry may need of its node.
   *
   * @param cluster the cluster joined
   * @param node the name of the node
   * @param id the run of the node
   * @param time the node's clock
   * @param probe asks a peer at an address who it is and what it serves
   */
  record Context(String cluster, String node, NodeId id, TimeSource time, Probe probe) {}

  /** Asks a peer directly: how registries without a server of their own learn of services. */
  @FunctionalInterface
  interface Probe {
    /**
     * Connects, authenticates and asks for what the peer serves.
     *
     * @return the instances of that node as it says them, though its addresses may not be reachable
     *     from here and {@code address} was; exceptionally a {@link io.liblink.status.LinkException}
     */
    CompletionStage<List<Instance>> ask(Address address);
  }
}
