package io.liblink.bench.topology;

import io.liblink.Node;
import io.liblink.RemoteService;
import io.liblink.bench.child.Usage;
import io.liblink.message.Message;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A process with one node that joins, calls at once, and then calls at a steady rate. */
final class Watcher {
  private final AtomicLong good = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private volatile boolean calling;

  private Watcher() {}

  /** Arguments: the registry, the cluster key, the service, calls in a second. Commands: any. */
  public static void main(String[] args) throws Exception {
    Watcher watcher = new Watcher();
    long start = System.nanoTime();
    Node node = Node.join(Herd.options(args[0], args[1], "watcher"));
    long joined = System.nanoTime();
    RemoteService service = node.service(args[2]).idempotent();
    service.call("quote", Message.text("first"));
    long called = System.nanoTime();
    System.out.printf(
        Locale.ROOT,
        "ready %.0f %.0f %.2f%n",
        (joined - start) / 1e6,
        (called - start) / 1e6,
        Usage.cpuSeconds(ProcessHandle.current().pid()));
    Thread caller = new Thread(() -> watcher.call(service, Integer.parseInt(args[3])), "caller");
    caller.setDaemon(true);
    caller.start();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      watcher.calling = !line.equals("quiet");
      if (line.equals("again")) {
        System.out.println("ok " + again(args));
        continue;
      }
      long heap = line.equals("quiet") ? Footprint.now().heap() : 0;
      System.out.println("ok " + watcher.good + " " + watcher.failed + " " + heap + " "
          + service.instances().size());
    }
    Runtime.getRuntime().halt(0);
  }

  /** Milliseconds from joining to the end of the first call of another node, where all is compiled. */
  private static long again(String[] args) {
    long start = System.nanoTime();
    try (Node node = Node.join(Herd.options(args[0], args[1], "another"))) {
      node.service(args[2]).idempotent().call("quote", Message.text("first"));
      return (System.nanoTime() - start) / 1_000_000;
    }
  }

  private void call(RemoteService service, int perSecond) {
    Message request = Message.text("again");
    long next = System.nanoTime();
    while (true) {
      LockSupport.parkNanos(next - System.nanoTime());
      next += 1_000_000_000L / perSecond;
      if (calling) {
        service.callAsync("quote", request).whenComplete((reply, failure) -> {
          if (failure == null) {
            good.incrementAndGet();
          } else if (failed.incrementAndGet() < 10) {
            System.err.println(failure);
          }
        });
      }
    }
  }
}
