package io.liblink.bench.peers;

import io.liblink.bench.reference.Reference;
import io.liblink.bench.reference.ReferencePipeline;
import io.liblink.bench.reference.ReferencePubSub;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Every peer by its name, in the order of the tables: the reference first. */
public final class Peers {
  private final Map<String, Supplier<Peer>> calls = new LinkedHashMap<>();
  private final Map<String, Supplier<PubSub>> pubSubs = new LinkedHashMap<>();
  private final Map<String, Supplier<Pipeline>> pipelines = new LinkedHashMap<>();
  private final Map<String, Supplier<Pipeline>> spools = new LinkedHashMap<>();

  /** All of them. */
  public Peers() {
    calls.put("reference", Reference::new);
    calls.put("liblink", () -> new LiblinkPeer(false));
    calls.put("liblink-ordinary", () -> new LiblinkPeer(true));
    calls.put("grpc", () -> new GrpcPeer(false));
    calls.put("grpc-direct", () -> new GrpcPeer(true));
    calls.put("jeromq", JeromqPeer::new);
    calls.put("rsocket", RsocketPeer::new);
    calls.put("nats", NatsPeer::new);

    pubSubs.put("reference", ReferencePubSub::new);
    pubSubs.put("liblink", () -> new LiblinkPubSub(false));
    pubSubs.put("liblink-ordinary", () -> new LiblinkPubSub(true));
    pubSubs.put("grpc", () -> new GrpcPubSub(false));
    pubSubs.put("grpc-direct", () -> new GrpcPubSub(true));
    pubSubs.put("jeromq", JeromqPubSub::new);
    pubSubs.put("rsocket", RsocketPubSub::new);
    pubSubs.put("nats", NatsPubSub::new);

    pipelines.put("reference", ReferencePipeline::new);
    pipelines.put("liblink", () -> new LiblinkPipeline(false, false));
    pipelines.put("liblink-ordinary", () -> new LiblinkPipeline(true, false));
    pipelines.put("grpc", () -> new GrpcPipeline(false));
    pipelines.put("grpc-direct", () -> new GrpcPipeline(true));
    pipelines.put("jeromq", () -> new JeromqPipeline(true));
    pipelines.put("jeromq-push", () -> new JeromqPipeline(false));
    pipelines.put("rsocket", RsocketPipeline::new);
    pipelines.put("nats", NatsPipeline::new);
    pipelines.put("nats-jetstream", NatsJetStream::new);

    spools.put("liblink", () -> new LiblinkPipeline(false, true));
    spools.put("liblink-ordinary", () -> new LiblinkPipeline(true, true));
  }

  /** All names. */
  public Set<String> names() {
    Set<String> all = new LinkedHashSet<>();
    for (Pattern pattern : Pattern.values()) {
      all.addAll(names(pattern));
    }
    return all;
  }

  /** The names of those that take part in a pattern, in order. */
  public Set<String> names(Pattern pattern) {
    return switch (pattern) {
      case CALL -> calls.keySet();
      case PUBSUB -> pubSubs.keySet();
      case PIPELINE -> pipelines.keySet();
      case SPOOL -> spools.keySet();
    };
  }

  /** Fails when there is no peer of that name. */
  public void require(String name) {
    if (!names().contains(name)) {
      throw new IllegalArgumentException(
          "no peer '" + name + "'; there are " + String.join(", ", names()));
    }
  }

  /** Makes the peer of that name. */
  public Peer call(String name) {
    return make(calls, name);
  }

  /** Makes the publish-subscribe of the peer of that name. */
  public PubSub pubSub(String name) {
    return make(pubSubs, name);
  }

  /** Makes the pipeline of the peer of that name, with or without a spool. */
  public Pipeline pipeline(Pattern pattern, String name) {
    return make(pattern == Pattern.SPOOL ? spools : pipelines, name);
  }

  private <T> T make(Map<String, Supplier<T>> all, String name) {
    require(name);
    Supplier<T> peer = all.get(name);
    if (peer == null) {
      throw new IllegalArgumentException("peer '" + name + "' takes no part in this");
    }
    return peer.get();
  }
}
