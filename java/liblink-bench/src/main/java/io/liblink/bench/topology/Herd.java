package io.liblink.bench.topology;

import io.liblink.Node;
import io.liblink.NodeOptions;
import io.liblink.RemoteService;
import io.liblink.Served;
import io.liblink.Service;
import io.liblink.Trait;
import io.liblink.testkit.TestCluster;
import io.liblink.time.TimeSource;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * A process with many real nodes that serve one service. Some announce it to Consul themselves, as all would in
 * earnest; the others are entered into its catalog by hand, because a thousand heartbeats are more than one
 * agent on one small machine can take. The first serves another service as well, as its only instance.
 */
final class Herd {
  static final String MANY = "pricing";
  private static final String CLUSTER = "scale";
  static final String SINGLE = "lonely";
  private static final long HALF_PERIOD_NANOS = 1_000_000_000;

  /** For those that are entered by hand: what they are is known through its registry. */
  private final TestCluster cluster = TestCluster.builder()
      .name(CLUSTER)
      .direct()
      .options(o -> o.time(TimeSource.system()))
      .start();

  private final List<Served> served = new ArrayList<>();
  private volatile int flapping;

  private Herd() {}

  /** Arguments: the registry, how many nodes, how many of them announce. Commands: {@code flap N}, any. */
  public static void main(String[] args) throws Exception {
    Herd herd = new Herd();
    long start = System.nanoTime();
    herd.start(args[0], Integer.parseInt(args[1]), Integer.parseInt(args[2]));
    System.out.printf(
        Locale.ROOT,
        "ready %.1f %d %s%n",
        (System.nanoTime() - start) / 1e9,
        ManagementFactory.getThreadMXBean().getThreadCount(),
        herd.cluster.key());
    Thread flapper = new Thread(herd::flap, "flapper");
    flapper.setDaemon(true);
    flapper.start();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.startsWith("flap ")) {
        herd.flapping = Integer.parseInt(line.substring(5));
      }
      System.out.println("ok "
          + ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos());
    }
    Runtime.getRuntime().halt(0);
  }

  static NodeOptions options(String registry, String key, String name) {
    return NodeOptions.cluster(CLUSTER).name(name).key(key).registry(registry).bind("127.0.0.1:0");
  }

  private void start(String registry, int count, int announcing) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<Served>> starting = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      starting.add(threads.submit(() -> {
        String name = "node-" + number;
        Node node = number < announcing
            ? Node.join(options(registry, cluster.key(), name).meta("zone", zone(number)))
            : cluster.start(name);
        if (number == 0) {
          node.serve(service(SINGLE));
        }
        return node.serve(service(MANY));
      }));
    }
    for (Future<Served> one : starting) {
      served.add(one.get());
    }
    threads.shutdown();
    if (count > announcing) {
      RemoteService others = cluster.start("onlooker").service(MANY);
      others.awaitReady(count - announcing, Duration.ofSeconds(60));
      new Catalog(registry.replace("consul://", "http://"), CLUSTER).put(others.instances());
    }
  }

  static String zone(int number) {
    return "zone-" + number % 3;
  }

  private static Service service(String name) {
    return Service.named(name)
        .version("1.2.3")
        .method("quote", r -> r.message(), Trait.IDEMPOTENT, Trait.NON_BLOCKING);
  }

  /** The first of them become not ready and ready again, each for a second, not all at the same moment. */
  private void flap() {
    ExecutorService threads = Executors.newCachedThreadPool();
    boolean ready = false;
    int flapped = 0;
    while (true) {
      int count = flapping;
      for (int i = count; i < flapped; i++) {
        served.get(i).ready(true);
      }
      flapped = count;
      long pause = HALF_PERIOD_NANOS / Math.max(1, count);
      for (int i = 0; i < count; i++) {
        Served one = served.get(i);
        boolean now = ready;
        threads.execute(() -> one.ready(now));
        LockSupport.parkNanos(pause);
      }
      if (count == 0) {
        LockSupport.parkNanos(pause / 10);
      }
      ready = !ready;
    }
  }
}
