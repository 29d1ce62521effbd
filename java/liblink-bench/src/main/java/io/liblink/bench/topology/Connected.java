package io.liblink.bench.topology;

import io.liblink.Answer;
import io.liblink.Node;
import io.liblink.NodeOptions;
import io.liblink.RemoteService;
import io.liblink.Service;
import io.liblink.Trait;
import io.liblink.bench.topology.Figures.How;
import io.liblink.bench.topology.Model.Kind;
import io.liblink.message.Message;
import io.liblink.message.NodeId;
import io.liblink.testkit.RegistryUse;
import io.liblink.testkit.TestCluster;
import io.liblink.time.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/**
 * A model as real nodes in this process: each serves, watches what it calls, dials whom it chooses and calls
 * them. Links, calls and what is asked of the registry are counted by the nodes and the testkit. Not thread-safe.
 */
final class Connected implements AutoCloseable {
  /** What happens where the system is slow. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final int IN_FLIGHT = 32;

  /** Calls by which a node meets every instance that it keeps to: of 20 one is missed once in a million. */
  private static final int OPENING = 300;

  /** From 8 requests in flight to one instance on, some go to another zone. */
  private static final int OPENING_IN_FLIGHT = 4;

  private final Model model;
  private final TestCluster cluster;
  private final List<Node> nodes = new ArrayList<>();

  /** Handles of each node, in the order of the services that it calls. */
  private final List<List<RemoteService>> handles = new ArrayList<>();

  private final AtomicLongArray calls;
  private final RegistryUse started;

  /** Starts the nodes and has each see what it will call. */
  Connected(Model model) {
    this.model = model;
    this.calls = new AtomicLongArray(model.nodes());
    TestCluster.Builder builder = TestCluster.builder()
        .direct()
        .options(o -> o.time(TimeSource.system())
            .routing(model.routing())
            .limits(l -> l.handshakes(256).links(20_000)));
    for (int n = 0; n < model.nodes(); n++) {
      String zone = Model.zone(n);
      builder.options(Model.node(n), (NodeOptions o) -> o.meta("zone", zone));
    }
    this.cluster = builder.start();
    try {
      IntStream.range(0, model.nodes()).forEach(this::serve);
      IntStream.range(0, model.nodes()).forEach(this::watch);
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
    this.started = cluster.registryUse();
  }

  private void serve(int number) {
    Node node = cluster.start(Model.node(number));
    nodes.add(node);
    node.serve(Service.named(Model.service(model.serves().get(number)))
        .method(
            "hit",
            r -> {
              calls.incrementAndGet(number);
              return Message.empty();
            },
            Trait.NON_BLOCKING,
            Trait.IDEMPOTENT)
        .method("hello", r -> Message.empty(), Trait.NON_BLOCKING, Trait.IDEMPOTENT));
  }

  private void watch(int number) {
    List<RemoteService> own = new ArrayList<>();
    for (int service : model.calls().get(number)) {
      RemoteService handle =
          nodes.get(number).service(Model.service(service)).timeout(PATIENCE).idempotent();
      handle.awaitReady(model.instances(service).size(), PATIENCE);
      // Nobody has a link to itself in a mesh.
      own.add(
          model.kind() == Kind.MESH
              ? handle.where("node != \"" + Model.node(number) + "\"")
              : handle);
    }
    handles.add(own);
  }

  /** The ids that the nodes have. */
  List<NodeId> ids() {
    return nodes.stream().map(Node::id).toList();
  }

  /** What the registry was asked while all started. */
  RegistryUse started() {
    return started;
  }

  /** What it was asked until now. */
  RegistryUse registryUse() {
    return cluster.registryUse();
  }

  /**
   * Has one node after the other open the links that it uses: when two dial each other at the same moment there
   * are two links for a while. Calls until then do not count.
   */
  void open() {
    for (List<RemoteService> own : handles) {
      for (RemoteService handle : own) {
        if (model.kind() == Kind.MESH) {
          meet(handle);
        } else {
          hit(Collections.nCopies(OPENING, handle), OPENING_IN_FLIGHT);
        }
      }
    }
    for (int n = 0; n < model.nodes(); n++) {
      calls.set(n, 0);
    }
  }

  private static void meet(RemoteService others) {
    for (Answer<Message> answer : others.survey("hello", Message.empty(), Message.class)) {
      if (answer.failure() != null) {
        throw answer.failure();
      }
    }
  }

  /** Each node calls so often, equally often each of its services, all nodes in turns. */
  Figures call(int callsPerNode) {
    int rounds = callsPerNode / model.calls().get(0).size();
    List<RemoteService> all = handles.stream().flatMap(List::stream).toList();
    for (int round = 0; round < rounds; round++) {
      hit(all, IN_FLIGHT);
    }
    return figures();
  }

  private static void hit(List<RemoteService> each, int inFlight) {
    ArrayDeque<CompletableFuture<Message>> under = new ArrayDeque<>();
    for (RemoteService handle : each) {
      under.add(handle.callAsync("hit", Message.empty()));
      if (under.size() >= inFlight) {
        under.remove().join();
      }
    }
    under.forEach(CompletableFuture::join);
  }

  private Figures figures() {
    long ends = 0;
    int most = 0;
    for (Node node : nodes) {
      int links = links(node);
      ends += links;
      most = Math.max(most, links);
    }
    long[] called = IntStream.range(0, model.nodes()).mapToLong(calls::get).toArray();
    return Figures.of(model, How.CONNECTED, ends / 2, most, called);
  }

  private static int links(Node node) {
    var counters = node.counters();
    return (int)
        (counters.getOrDefault("links.opened", 0L) - counters.getOrDefault("links.closed", 0L));
  }

  @Override
  public void close() {
    cluster.close();
  }
}
