package io.liblink.testkit.registry;

import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.registry.Registry;
import io.liblink.registry.RegistryProvider;
import io.liblink.testkit.network.Ways;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/**
 * What all nodes of a test cluster announce, in memory. Every node sees the others at the addresses
 * that {@link Ways} give. One thread does all the work.
 */
public final class TestRegistry implements AutoCloseable {
  private static final AtomicLong NUMBERS = new AtomicLong();

  private final String uri = "test:" + NUMBERS.incrementAndGet();
  private final Ways ways;
  private final Predicate<String> lost;
  private final ExecutorService thread;

  // The thread's own.
  private final Map<NodeId, Map<String, Instance>> announced = new LinkedHashMap<>();
  private final List<Member> members = new ArrayList<>();

  /** The services that were changed since watches were told last. */
  private final Set<String> changed = new HashSet<>();

  private final LongAdder requests = new LongAdder();
  private final LongAdder views = new LongAdder();
  private final AtomicInteger watches = new AtomicInteger();

  /**
   * An empty one.
   *
   * @param ways gives the addresses at which nodes see each other
   * @param lost which nodes can't reach it now
   */
  public TestRegistry(Ways ways, Predicate<String> lost) {
    this.ways = ways;
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

  /** How often nodes have asked it for something: to announce, to withdraw, to watch, to list. */
  public long requests() {
    return requests.sum();
  }

  /** How many views it has told to those who watch. */
  public long views() {
    return views.sum();
  }

  /** How many watches are open. */
  public int watches() {
    return watches.get();
  }

  void asked() {
    requests.increment();
  }

  void told() {
    views.increment();
  }

  void watched(int more) {
    watches.addAndGet(more);
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

  /** False when the cluster is closed: nobody is told any more. */
  boolean execute(Runnable task) {
    try {
      thread.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
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
    changed.add(instance.service());
  }

  void take(NodeId id, String service) {
    Map<String, Instance> its = announced.get(id);
    if (its != null) {
      its.remove(service);
      changed.add(service);
    }
  }

  void leave(NodeId id) {
    Map<String, Instance> its = announced.remove(id);
    if (its != null) {
      changed.addAll(its.keySet());
    }
    members.removeIf(m -> m.id().equals(id));
    ways.forget(id);
  }

  /** A change is done when everybody who can be told knows of it: tests need not wait for more. */
  void tellAll() {
    List<CompletableFuture<Void>> made = new ArrayList<>();
    List.copyOf(members).forEach(m -> m.catchUp(made));
    members.forEach(m -> m.tell(changed));
    changed.clear();
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
    return i.withAddresses(
        i.addresses().stream().map(a -> ways.way(node, i.node(), i.id(), a)).toList());
  }
}
