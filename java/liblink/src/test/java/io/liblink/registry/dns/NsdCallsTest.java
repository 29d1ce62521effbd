package io.liblink.registry.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.Node;
import io.liblink.NodeOptions;
import io.liblink.RemoteService;
import io.liblink.Service;
import io.liblink.Trait;
import io.liblink.identity.key.ClusterKey;
import io.liblink.registry.Await;
import io.liblink.testing.ServerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real nodes that find each other by a real DNS server, and call each other while it fails. */
class NsdCallsTest {
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final List<AutoCloseable> open = new ArrayList<>();
  private final String key = ClusterKey.generate().text();

  @AfterEach
  void end() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private <T extends AutoCloseable> T using(T it) {
    open.add(it);
    return it;
  }

  private static String records(int... ports) {
    StringBuilder s = new StringBuilder("host A 127.0.0.1\n");
    for (int port : ports) {
      s.append("_pricing._tcp SRV 0 1 ").append(port).append(" host\n");
    }
    return s.toString();
  }

  private NodeOptions options(String name, NsdServer server) {
    return NodeOptions.cluster("shop")
        .name(name)
        .key(key)
        .registry("dns://" + server.authority() + "/example.test?every=1s");
  }

  private Node serving(String name, NsdServer server, int port) {
    Node node = using(Node.join(options(name, server).bind("127.0.0.1:" + port)));
    node.serve(Service.named("pricing").method("who", String.class, r -> name, Trait.IDEMPOTENT));
    return node;
  }

  private static void note(String event, Duration took) {
    System.getLogger("figures")
        .log(System.Logger.Level.INFO, "noticed in {0} ms: {1}", took.toMillis(), event);
  }

  /** Calls one after the other until it is closed. */
  private static final class Calls implements AutoCloseable {
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final AtomicLong done = new AtomicLong();
    private final Set<String> heard = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private volatile boolean over;

    private Calls(Node node) {
      RemoteService pricing = node.service("pricing");
      pricing.awaitReady(2, Duration.ofSeconds(20));
      thread = new Thread(() -> {
        while (!over) {
          try {
            heard.add(pricing.call("who", "", String.class));
            done.incrementAndGet();
          } catch (RuntimeException e) {
            failures.add(e);
          }
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      });
      thread.start();
    }

    private void more(int calls) {
      long target = done.get() + failures.size() + calls;
      Await.until("calls go on", done::get, () -> done.get() + failures.size() >= target);
    }

    private Duration awaitFrom(String node) {
      heard.clear();
      return Await.within(Await.LONG, "a call to " + node, () -> heard, () -> heard.contains(node));
    }

    @Override
    public void close() throws InterruptedException {
      over = true;
      thread.join(10_000);
    }
  }

  @Test
  void callsGoOnWhileDnsIsKilledPausedAndEmptied() {
    int first = ServerProcess.freePort();
    int second = ServerProcess.freePort();
    int third = ServerProcess.freePort();
    NsdServer server = using(NsdServer.start(records(first, second)));
    Node leaving = serving("first", server, first);
    serving("second", server, second);
    Calls calls = using(new Calls(using(Node.join(options("caller", server)))));
    calls.more(50);

    server.kill();
    calls.more(200);
    server.restart();

    server.process().pause();
    calls.more(200);
    server.process().resume();

    server.change("unrelated A 127.0.0.1\n");
    calls.more(200);

    serving("third", server, third);
    server.change(records(second, third));
    note("a record more", calls.awaitFrom("third"));
    leaving.close();
    calls.more(100);
    assertThat(calls.failures).isEmpty();
    assertThat(calls.done).hasPositiveValue();
  }

  @Test
  void aNodeStartsWhileDnsIsDown() {
    int port = ServerProcess.freePort();
    NsdServer server = using(NsdServer.start(records(port)));
    server.kill();
    serving("first", server, port);
    Node caller = using(Node.join(options("caller", server)));
    RemoteService pricing = caller.service("pricing");
    assertThat(org.assertj.core.api.Assertions.catchThrowable(
            () -> pricing.call("who", "", String.class)))
        .hasMessageContaining("can't be reached");
    server.restart();
    pricing.awaitReady(1, Duration.ofSeconds(20));
    assertThat(pricing.call("who", "", String.class)).isEqualTo("first");
  }
}
