package io.liblink.testkit.registry;

import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.registry.Registry;
import io.liblink.registry.RegistryProvider;
import io.liblink.testkit.network.Network;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * What all nodes of a test cluster announce, in memory. Every node sees the others at addresses of
 * the {@link Network}. One thread does all the work.
 */
public final class TestRegistry implements AutoCloseable {
  private static final AtomicLong NUMBERS = new AtomicLong();

  private final String uri = "test:" + NUMBERS.incrementAndGet();
  private final Network network;
  private final Predicate<String> lost;
  private final ExecutorService thread;

  // The thread's own.
  private final Map<NodeId, Map<String, Instance>> announced = new LinkedHashMap<>();
  private final List<Member> members = new ArrayList<>();

  /**
   * An empty one.
   *
   * @param lost which nodes can't reach it now
   */
  public TestRegistry(Network network, Predicate<String> lost) {
    this.network = network;
    this.lost = lost;
    this.thread =
        new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
          Thread t = new Thread(task, "liblink-test-registry");
          t.setDaemon(true);
          return t;
        });
    TestRegistryProvider.opened(uri, this);
  }

  /** What nodes are given to find it. */
  public String uri() {
    return uri;
  }

  /** Which nodes it is lost to has changed. */
  public void refresh() {
    execute(this::tellAll);
  }

  Registry join(RegistryProvider.Context context) {
    Member member = new Member(this, context);
    execute(() -> members.add(member));
    return member;
  }

  /** Closes without telling anybody. */
  @Override
  public void close() {
    TestRegistryProvider.closed(uri);
    thread.shutdownNow();
  }

  void execute(Runnable task) {
    try {
      thread.execute(task);
    } catch (RejectedExecutionException e) {
      // The cluster is closed: nobody is told any more.
    }
  }

  // ---- on the thread ------------------------------------------------------------------------

  boolean isLostTo(String node) {
    return lost.test(node);
  }

  void put(Instance instance) {
    announced
        .computeIfAbsent(instance.id(), k -> new LinkedHashMap<>())
        .put(instance.service(), instance);
  }

  void take(NodeId id, String service) {
    Map<String, Instance> its = announced.get(id);
    if (its != null) {
      its.remove(service);
    }
  }

  void leave(NodeId id) {
    announced.remove(id);
    members.removeIf(m -> m.id().equals(id));
    network.forget(id);
  }

  /** A change is done when everybody who can be told knows of it: tests need not wait for more. */
  void tellAll() {
    List<CompletableFuture<Void>> made = new ArrayList<>();
    List.copyOf(members).forEach(m -> m.catchUp(made));
    members.forEach(Member::tell);
    made.forEach(done -> done.complete(null));
  }

  Set<String> services() {
    Set<String> names = new TreeSet<>();
    announced.values().forEach(its -> names.addAll(its.keySet()));
    return names;
  }

  /** The instances of a service as that node reaches them. */
  List<Instance> seenBy(String node, NodeId id, String service) {
    return announced.values().stream()
        .filter(its -> its.containsKey(service))
        .map(its -> its.get(service))
        .sorted(Comparator.comparing(Instance::node).thenComparing(Instance::startedMillis))
        .map(i -> i.id().equals(id) ? i : through(node, i))
        .toList();
  }

  private Instance through(String node, Instance i) {
    return new Instance(
        i.service(),
        i.node(),
        i.id(),
        i.addresses().stream().map(a -> network.way(node, i.node(), i.id(), a)).toList(),
        i.version(),
        i.metadata(),
        i.ready(),
        i.startedMillis(),
        i.endpoints());
  }
}
