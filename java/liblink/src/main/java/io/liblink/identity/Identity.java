package io.liblink.identity;

import java.util.Set;

/**
 * Who a node proved to be by its certificate. Nothing in it comes from a message.
 *
 * @param cluster the trust domain of its SPIFFE id
 * @param node the node of its SPIFFE id
 * @param roles the roles in its certificate; unmodifiable. With {@link Trust#CLUSTER_KEY} they
 *     prevent accidents, not attacks: whoever holds the key can take any
 * @param trust what the proof rests on
 * @param issuer the name of the CA that signed, {@code liblink-ca-…}; safe to log
 */
public record Identity(String cluster, String node, Set<String> roles, Trust trust, String issuer) {
  /** Copies the roles. */
  public Identity {
    roles = Set.copyOf(roles);
  }

  /** What an identity rests on. */
  public enum Trust {
    /** The peer holds the cluster key: it can be any node with any role. */
    CLUSTER_KEY
  }

  /** {@code spiffe://cluster/node/name}. */
  public String spiffeId() {
    return "spiffe://" + cluster + "/node/" + node;
  }

  @Override
  public String toString() {
    return spiffeId();
  }
}
