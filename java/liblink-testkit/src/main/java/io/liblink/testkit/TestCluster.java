package io.liblink.testkit;

import io.liblink.Node;
import io.liblink.NodeOptions;
import io.liblink.identity.key.ClusterKey;
import io.liblink.message.Names;
import io.liblink.testkit.network.Network;
import io.liblink.testkit.network.Ways;
import io.liblink.testkit.registry.TestRegistry;
import io.liblink.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * Several nodes in one JVM: real ones, that talk over real TLS on the loopback address with a key of
 * their own, and find each other through a registry in memory. The bytes between them pass through
 * the cluster's hands, so that {@link #inject} can delay, hold back, refuse or cut them, and all live
 * by one {@link TestClock}. Nothing of it is seen outside: clusters can be used side by side.
 *
 * <pre>{@code
 * try (TestCluster cluster = TestCluster.of("shop", "pricing")) {
 *   cluster.node("pricing").serve(Service.named("pricing").method(…));
 *   cluster.inject(Fault.cut(), "shop", "pricing");
 *   cluster.node("shop").service("pricing").call(…);
 * }
 * }</pre>
 *
 * <p>Needs no test framework. Thread-safe. A node's calls to itself are not subject to faults.
 */
public final class TestCluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final long LOOK_NANOS = 1_000_000;

  /** A fault that is in force until it is closed. */
  public interface Injected extends AutoCloseable {
    /** Heals it. Idempotent. */
    @Override
    void close();
  }

  private final TestClock clock;
  private final String key = ClusterKey.generate().text();
  private final Faults faults = new Faults();
  private final Network network;
  private final boolean direct;
  private final TestRegistry registry;
  private final String name;
  private final List<UnaryOperator<NodeOptions>> options;
  private final Map<String, List<UnaryOperator<NodeOptions>>> optionsOf;

  /** Guarded by itself. */
  private final Map<String, Node> nodes = new LinkedHashMap<>();

  private TestCluster(Builder b) {
    this.name = b.name;
    this.clock = b.clock;
    this.options = List.copyOf(b.options);
    this.optionsOf = Map.copyOf(b.optionsOf);
    this.network = new Network(clock, faults::between);
    this.direct = b.direct;
    this.registry = new TestRegistry(b.direct ? Ways.direct() : network, faults::registryIsLostTo);
  }

  /** A cluster of nodes with those names, under default options and a clock that runs. */
  public static TestCluster of(String... nodes) {
    return builder().start(nodes);
  }

  /** To say more about a cluster before it starts. */
  public static Builder builder() {
    return new Builder();
  }

  // ---- nodes --------------------------------------------------------------------------------

  /**
   * The node of that name.
   *
   * @throws IllegalArgumentException when it was never started
   */
  public Node node(String name) {
    synchronized (nodes) {
      Node node = nodes.get(name);
      if (node == null) {
        throw new IllegalArgumentException(
            "there is no node '" + name + "' in this cluster, only " + nodes.keySet());
      }
      return node;
    }
  }

  /**
   * Starts one more node, or one of that name again, which is a new run of it; the one before is
   * then closed at once, if it is not closed yet.
   */
  public Node start(String name) {
    Node node = Node.join(optionsOf(name));
    Node before;
    synchronized (nodes) {
      before = nodes.put(name, node);
    }
    if (before != null) {
      before.close(Duration.ZERO);
    }
    return node;
  }

  /**
   * The options that the node of that name is started with: to join by other means, or to join what
   * should be refused.
   */
  public NodeOptions optionsOf(String name) {
    NodeOptions o = NodeOptions.cluster(this.name)
        .name(name)
        .key(key)
        .registry(registry.uri())
        .bind("127.0.0.1:0")
        .time(clock);
    for (UnaryOperator<NodeOptions> change : options) {
      o = change.apply(o);
    }
    for (UnaryOperator<NodeOptions> change : optionsOf.getOrDefault(name, List.of())) {
      o = change.apply(o);
    }
    return o;
  }

  /** The cluster key that all nodes share unless their options say otherwise. */
  public String key() {
    return key;
  }

  /** Where its nodes find each other, as for {@link NodeOptions#registry}. */
  public String registryUri() {
    return registry.uri();
  }

  /** The clock of all nodes. */
  public TestClock clock() {
    return clock;
  }

  // ---- faults -------------------------------------------------------------------------------

  /**
   * Injects a fault; it is in force when this returns. Several add up.
   *
   * @param where no name: everywhere. One: on every connection of that node, to its registry for
   *     {@link Fault.RegistryLost}. Two: on connections between those two, whoever dialed
   * @return heals it when closed; a {@link Fault.Cut} is over at once
   */
  public Injected inject(Fault fault, String... where) {
    Faults.Placed placed = new Faults.Placed(fault, List.of(where));
    if (where.length > 2) {
      throw new IllegalArgumentException("a fault is between two nodes, not " + placed.nodes());
    }
    if (direct && !(fault instanceof Fault.RegistryLost)) {
      throw new IllegalStateException(
          "the nodes of this cluster are connected directly, so nothing can be done to what is"
              + " between them: leave Builder.direct() off");
    }
    if (fault instanceof Fault.Cut) {
      network.cut(placed::isBetween);
      return () -> {};
    }
    faults.add(placed);
    refresh();
    return () -> {
      faults.remove(placed);
      refresh();
    };
  }

  /** Heals every fault. */
  public void heal() {
    faults.clear();
    refresh();
  }

  private void refresh() {
    network.refresh();
    registry.refresh();
  }

  /** How many connections are open, counted in the middle; {@code where} as in {@link #inject}. */
  public int connections(String... where) {
    return network.connections(between(where));
  }

  /** How many connections were ever made, refused ones included; {@code where} as in {@link #inject}. */
  public long dials(String... where) {
    return network.dials(between(where));
  }

  /** What nodes have asked of the registry since the cluster started, and what they were told. */
  public RegistryUse registryUse() {
    return new RegistryUse(registry.requests(), registry.views(), registry.watches());
  }

  private static BiPredicate<String, String> between(String... where) {
    return new Faults.Placed(Fault.cut(), List.of(where))::isBetween;
  }

  // ---- waiting ------------------------------------------------------------------------------

  /**
   * Waits, for at most 20 s of real time, until something holds.
   *
   * @param what in words, for the failure
   * @throws AssertionError when it does not hold in time
   */
  public static void await(String what, BooleanSupplier condition) {
    TimeSource real = TimeSource.system();
    long end = real.nanos() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (end - real.nanos() <= 0 || Thread.currentThread().isInterrupted()) {
        throw new AssertionError("not within " + PATIENCE.toSeconds() + " s: " + what);
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  // ---- end ----------------------------------------------------------------------------------

  /** Heals, closes all nodes at once (without drain), and then what is between them. Idempotent. */
  @Override
  public void close() {
    heal();
    List<Node> all;
    synchronized (nodes) {
      all = new ArrayList<>(nodes.values());
    }
    registry.close(); // first, or each would be told of everyone's end
    all.forEach(n -> n.close(Duration.ZERO));
    network.close();
  }

  /** What a cluster is like. Not thread-safe. */
  public static final class Builder {
    private String name = "test";
    private TestClock clock = TestClock.running();
    private boolean direct;
    private final List<UnaryOperator<NodeOptions>> options = new ArrayList<>();
    private final Map<String, List<UnaryOperator<NodeOptions>>> optionsOf = new HashMap<>();

    private Builder() {}

    /** The name of the cluster. Default {@code test}. */
    public Builder name(String name) {
      this.name = Names.cluster(name);
      return this;
    }

    /** The clock of all nodes. Default: one that runs. */
    public Builder clock(TestClock clock) {
      this.clock = clock;
      return this;
    }

    /**
     * Connects the nodes directly instead of through the cluster's hands: for clusters of hundreds of
     * nodes, where each connection through the middle takes two more. Then there are no faults but
     * {@link Fault.RegistryLost}, and {@link TestCluster#connections} sees nothing.
     */
    public Builder direct() {
      this.direct = true;
      return this;
    }

    /** Changes the options of every node. */
    public Builder options(UnaryOperator<NodeOptions> change) {
      options.add(change);
      return this;
    }

    /** Changes the options of one node, after those of all. */
    public Builder options(String node, UnaryOperator<NodeOptions> change) {
      optionsOf.computeIfAbsent(node, k -> new ArrayList<>()).add(change);
      return this;
    }

    /** Starts the cluster with nodes of those names; others may be started later. */
    public TestCluster start(String... nodes) {
      TestCluster cluster = new TestCluster(this);
      try {
        for (String node : nodes) {
          cluster.start(node);
        }
      } catch (RuntimeException e) {
        cluster.close();
        throw e;
      }
      return cluster;
    }
  }
}
