package io.liblink;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.identity.key.ClusterKey;
import io.liblink.status.LinkException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What callers notice of an instance that leaves in good order: nothing. */
class GracefulCloseTest {
  private static final int CALLERS = 8;
  private static final int CALLS_AFTERWARDS = 2000;

  @TempDir
  Path directory;

  private final String key = ClusterKey.generate().text();

  private NodeOptions options(String name) {
    return NodeOptions.cluster("shop")
        .name(name)
        .key(key)
        .registry("local:" + directory)
        .timeouts(t -> t.drain(Duration.ofSeconds(20)));
  }

  private static Service pricing() {
    return Service.named("pricing").method("echo", request -> request.message());
  }

  @Test
  void noCallFailsWhenANodeCloses() throws InterruptedException {
    try (Node leaving = Node.join(options("leaving"));
        Node staying = Node.join(options("staying"));
        Node client = Node.join(options("client"))) {
      leaving.serve(pricing());
      staying.serve(pricing());
      assertThat(failuresWhile(client, leaving::close)).isEmpty();
    }
  }

  @Test
  void noCallFailsWhenAServiceCloses() throws InterruptedException {
    try (Node leaving = Node.join(options("leaving"));
        Node staying = Node.join(options("staying"));
        Node client = Node.join(options("client"))) {
      Served served = leaving.serve(pricing());
      staying.serve(pricing());
      assertThat(failuresWhile(client, served::close)).isEmpty();
    }
  }

  /** Calls as fast as it goes before, during and after the event; it must not take the drain time. */
  private static Queue<String> failuresWhile(Node client, Runnable event)
      throws InterruptedException {
    RemoteService pricing = client.service("pricing");
    pricing.awaitReady(2, Duration.ofSeconds(10));
    Queue<String> failures = new ConcurrentLinkedQueue<>();
    AtomicInteger calls = new AtomicInteger();
    AtomicInteger stopAt = new AtomicInteger(Integer.MAX_VALUE);
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      Thread caller = new Thread(() -> {
        while (calls.incrementAndGet() < stopAt.get()) {
          try {
            pricing.call("echo", "x", String.class);
          } catch (LinkException e) {
            failures.add(String.valueOf(e.getMessage()));
          }
        }
      });
      caller.start();
      callers.add(caller);
    }
    while (calls.get() < CALLS_AFTERWARDS) {
      Thread.onSpinWait();
    }
    long start = System.nanoTime();
    event.run();
    long took = System.nanoTime() - start;
    stopAt.set(calls.get() + CALLS_AFTERWARDS);
    for (Thread caller : callers) {
      caller.join();
    }
    assertThat(Duration.ofNanos(took)).isLessThan(Duration.ofSeconds(15));
    return failures;
  }
}
