package io.liblink.cli.command;

import static java.util.Objects.requireNonNullElse;

import java.util.List;

/**
 * The links of a node as it tells them. A node of another version may leave out what this one does not
 * know, and say more.
 *
 * @param node who tells
 * @param id this run of it
 * @param links its links
 * @param leftOut how many more there are
 */
record EdgeFacts(String node, String id, List<Edge> links, int leftOut) {
  EdgeFacts {
    node = requireNonNullElse(node, "?");
    id = requireNonNullElse(id, "");
    links = requireNonNullElse(links, List.of());
  }

  /** Streams for one target. */
  record Requests(String target, long sent, long received) {}

  /** One link, as one of its ends sees it; {@code node} and {@code id} are the other one. */
  record Edge(
      String node,
      String id,
      String identity,
      boolean dialed,
      String address,
      String local,
      String agent,
      long ageMillis,
      boolean open,
      long rttMicros,
      String tls,
      String cipher,
      int ownStreams,
      int peerStreams,
      long requestsSent,
      long requestsReceived,
      long itemsSent,
      long itemsReceived,
      List<Requests> requests) {
    Edge {
      node = requireNonNullElse(node, "?");
      id = requireNonNullElse(id, "");
      identity = requireNonNullElse(identity, "");
      address = requireNonNullElse(address, "");
      local = requireNonNullElse(local, "");
      agent = requireNonNullElse(agent, "");
      tls = requireNonNullElse(tls, "");
      cipher = requireNonNullElse(cipher, "");
      requests = requireNonNullElse(requests, List.of());
    }
  }
}
