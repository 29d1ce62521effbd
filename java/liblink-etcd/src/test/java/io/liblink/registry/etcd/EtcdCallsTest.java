package io.liblink.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.Node;
import io.liblink.NodeOptions;
import io.liblink.RemoteService;
import io.liblink.Service;
import io.liblink.Trait;
import io.liblink.identity.key.ClusterKey;
import io.liblink.registry.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real nodes that call each other all the while, and not one call may fail. */
class EtcdCallsTest {
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

  private Node join(String name, String uri) {
    return using(Node.join(NodeOptions.cluster("shop").name(name).key(key).registry(uri)));
  }

  private Node serving(String name, String uri) {
    Node node = join(name, uri);
    node.serve(Service.named("pricing").method("who", String.class, r -> name, Trait.IDEMPOTENT));
    return node;
  }

  /** Calls one after the other until it is closed. */
  private static final class Calls implements AutoCloseable {
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final AtomicLong done = new AtomicLong();
    private final Thread thread;
    private volatile boolean over;

    private Calls(Node node) {
      RemoteService pricing = node.service("pricing");
      pricing.awaitReady(1, java.time.Duration.ofSeconds(20));
      thread = new Thread(() -> {
        while (!over) {
          try {
            pricing.call("who", "", String.class);
            done.incrementAndGet();
          } catch (RuntimeException e) {
            failures.add(e);
          }
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      });
      thread.start();
    }

    /** As many more calls as that, whatever happened so far. */
    private void more(int calls) {
      long target = done.get() + failures.size() + calls;
      Await.until("calls go on", done::get, () -> done.get() + failures.size() >= target);
    }

    private void assertThatNoneFailed() {
      assertThat(failures).isEmpty();
      assertThat(done).hasPositiveValue();
    }

    @Override
    public void close() throws InterruptedException {
      over = true;
      thread.join(10_000);
    }
  }

  @Test
  void callsGoOnWhileEtcdIsKilledPausedAndWiped() {
    EtcdServer server = using(EtcdServer.start());
    serving("first", server.uri());
    serving("second", server.uri());
    Calls calls = using(new Calls(join("caller", server.uri())));
    calls.more(100);

    server.kill();
    calls.more(100);
    server.restart();
    calls.more(100);

    server.process().pause();
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(5)); // longer than the leases live
    server.process().resume();
    calls.more(100);
    Await.until(
        "both again",
        () -> server.keys("/"),
        () -> server.keys("/liblink/shop/pricing/").size() == 2);

    server.wipe();
    calls.more(100);
    server.restart();
    Await.until(
        "both again",
        () -> server.keys("/"),
        () -> server.keys("/liblink/shop/pricing/").size() == 2);
    calls.more(100);
    calls.assertThatNoneFailed();
  }

  @Test
  void callsGoOnWhileMembersOfEtcdAreLostAndInstancesComeAndGo() {
    List<EtcdServer> members = EtcdServer.cluster(3);
    members.forEach(this::using);
    members.forEach(EtcdServer::awaitWell);
    String uri = "etcd://"
        + members.stream().map(EtcdServer::address).collect(Collectors.joining(","))
        + "?ttl=5s";
    Node old = serving("first", uri);
    Calls calls = using(new Calls(join("caller", uri)));
    calls.more(50);
    for (EtcdServer member : members) {
      member.kill();
      Node next = serving("next", uri);
      calls.more(50);
      old.close();
      calls.more(50);
      old = next;
      member.restart();
    }
    calls.more(50);
    calls.assertThatNoneFailed();
  }
}
