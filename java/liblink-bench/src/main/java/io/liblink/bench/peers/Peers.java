package io.liblink.bench.peers;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Every peer by its name, in the order of the tables: the reference first. */
public final class Peers {
  private final Map<String, Supplier<Peer>> byName = new LinkedHashMap<>();

  /** All of them. */
  public Peers() {
    byName.put("reference", io.liblink.bench.reference.Reference::new);
    byName.put("liblink", () -> new LiblinkPeer(false));
    byName.put("liblink-ordinary", () -> new LiblinkPeer(true));
    byName.put("grpc", () -> new GrpcPeer(false));
    byName.put("grpc-direct", () -> new GrpcPeer(true));
    byName.put("jeromq", JeromqPeer::new);
    byName.put("rsocket", RsocketPeer::new);
    byName.put("nats", NatsPeer::new);
  }

  /** The names, in order. */
  public Set<String> names() {
    return byName.keySet();
  }

  /** Makes the peer of that name. */
  public Peer make(String name) {
    Supplier<Peer> peer = byName.get(name);
    if (peer == null) {
      throw new IllegalArgumentException(
          "no peer '" + name + "'; there are " + String.join(", ", names()));
    }
    return peer.get();
  }
}
