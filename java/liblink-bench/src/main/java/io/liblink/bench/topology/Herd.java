package io.liblink.bench.topology;

import io.liblink.Node;
import io.liblink.NodeOptions;
import io.liblink.Served;
import io.liblink.Service;
import io.liblink.Trait;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * A process with many real nodes, each with its own registry, that all announce one service. The first announces
 * another as well, of which it is the only instance.
 */
final class Herd {
  static final String MANY = "pricing";
  static final String SINGLE = "lonely";
  private static final long HALF_PERIOD_NANOS = 1_000_000_000;

  private final List<Served> served = new ArrayList<>();
  private volatile int flapping;

  private Herd() {}

  /** Arguments: the registry, the cluster key, how many nodes. Commands: {@code flap N}, {@code cpu}. */
  public static void main(String[] args) throws Exception {
    Herd herd = new Herd();
    long start = System.nanoTime();
    herd.start(args[0], args[1], Integer.parseInt(args[2]));
    System.out.printf(
        Locale.ROOT,
        "ready %.1f %d%n",
        (System.nanoTime() - start) / 1e9,
        ManagementFactory.getThreadMXBean().getThreadCount());
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
    return NodeOptions.cluster("scale").name(name).key(key).registry(registry).bind("127.0.0.1:0");
  }

  private void start(String registry, String key, int count) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<Served>> starting = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      starting.add(threads.submit(() -> {
        Node node =
            Node.join(options(registry, key, "node-" + number).meta("zone", "zone-" + number % 3));
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
    while (true) {
      int count = flapping;
      long pause = HALF_PERIOD_NANOS / Math.max(1, count);
      for (int i = 0; i < count; i++) {
        Served one = served.get(i);
        boolean now = ready || flapping == 0;
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
