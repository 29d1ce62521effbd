package io.liblink.behaviour;

import static io.liblink.behaviour.Calls.count;
import static io.liblink.behaviour.Calls.failure;
import static io.liblink.testkit.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.Node;
import io.liblink.NodeOptions;
import io.liblink.NodeOptions.TlsProvider;
import io.liblink.RemoteService;
import io.liblink.Service;
import io.liblink.identity.key.ClusterKey;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.testkit.TestClock;
import io.liblink.testkit.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may not talk to whom, what each side is told, and how a key is exchanged while all goes on. */
class TrustTest {
  private TestCluster cluster = TestCluster.of();

  @TempDir
  Path directory;

  @AfterEach
  void end() {
    cluster.close();
  }

  private static Service echo() {
    return Service.named("echo").method("say", r -> r.message());
  }

  private static LinkException refusal(Node from) {
    LinkException e = failure(() -> from.service("echo").call("say", "let me in", String.class));
    assertThat(e.stage()).isEqualTo(Stage.CONNECT);
    assertThat(e.ran()).isEqualTo(Ran.NO);
    assertThat(e.status()).isEqualTo(Status.UNAUTHENTICATED);
    return e;
  }

  @ParameterizedTest
  @EnumSource(
      value = TlsProvider.class,
      names = {"BORINGSSL", "JDK"})
  void anotherKeyIsRefusedWithBothFingerprints(TlsProvider tls) {
    try (Node b = Node.join(cluster.optionsOf("b").tls(tls));
        Node a =
            Node.join(cluster.optionsOf("a").tls(tls).key(ClusterKey.generate().text()))) {
      b.serve(echo());
      LinkException e = refusal(a);
      assertThat(e.problem())
          .contains(a.identity().issuer())
          .contains(b.identity().issuer());
      assertThat(count(a, "drop.handshake_refused")).isPositive();
      await(
          "the other side counts it, too",
          () -> count(b, "drop.handshake_refused") + count(b, "drop.handshake_broken") > 0);
      assertThat(count(b, "links.opened")).isZero();
    }
  }

  /** The dialer accepts the acceptor, which does not accept it: the middle of a botched rotation. */
  @ParameterizedTest
  @CsvSource({"BORINGSSL,BORINGSSL", "BORINGSSL,JDK", "JDK,BORINGSSL", "JDK,JDK"})
  void whoIsRefusedByTheOtherSideAloneIsToldSo(TlsProvider dialer, TlsProvider acceptor) {
    String old = ClusterKey.generate().text();
    NodeOptions both = cluster.optionsOf("a").tls(dialer).key(old + "," + cluster.key());
    try (Node b = Node.join(cluster.optionsOf("b").tls(acceptor));
        Node a = Node.join(both)) {
      b.serve(echo());
      assertThat(refusal(a).problem()).contains("log");
      await("the acceptor counts it", () -> count(b, "drop.handshake_refused") > 0);
      assertThat(count(b, "links.opened")).isZero();
    }
  }

  @Test
  void twoClustersWithTheSameKeyRefuseEachOther() {
    NodeOptions another = NodeOptions.cluster("another")
        .name("a")
        .key(cluster.key())
        .time(cluster.clock())
        .registry(cluster.registryUri());
    try (Node b = Node.join(cluster.optionsOf("b"));
        Node a = Node.join(another)) {
      b.serve(echo());
      assertThat(refusal(a).problem()).contains("another").contains("test");
    }
  }

  @Test
  void aClockThatIsFarOffIsRefusedAndSaysSo() {
    TestClock off = TestClock.running();
    off.advance(Duration.ofDays(400));
    try (Node b = Node.join(cluster.optionsOf("b"));
        Node a = Node.join(cluster.optionsOf("a").time(off))) {
      b.serve(echo());
      assertThat(refusal(a).problem()).containsIgnoringCase("clock");
    }
  }

  // ---- rotation -----------------------------------------------------------------------------

  @Test
  void aKeyIsExchangedUnderLoadWithoutAFailedCall() throws IOException, InterruptedException {
    String before = ClusterKey.generate().text();
    String after = ClusterKey.generate().text();
    cluster.close();
    cluster = TestCluster.builder()
        .options("a", o -> o.keyFile(directory.resolve("a.key")))
        .options("b", o -> o.keyFile(directory.resolve("b.key")))
        .start();
    for (String node : List.of("a", "b")) {
      write(node, before);
      cluster.start(node).serve(Service.named("echo-" + node).method("say", r -> r.message()));
    }
    String old = cluster.node("a").identity().issuer();
    Load load = new Load(cluster.node("a").service("echo-b"), cluster.node("b").service("echo-a"));
    load.start();
    load.runs(50);
    step(load, "b", before, after);
    step(load, "a", before, after);
    step(load, "a", after, before);
    step(load, "b", after, before);
    step(load, "b", after);
    step(load, "a", after);
    load.runs(200);
    load.stop();

    assertThat(load.failures).as("of " + load.calls + " calls").isEmpty();
    assertThat(cluster.node("a").identity().issuer()).isNotEqualTo(old);
    assertThat(cluster.node("b").identity().issuer()).isNotEqualTo(old);
    try (Node late = Node.join(cluster.optionsOf("late").key(before))) {
      LinkException e =
          failure(() -> late.service("echo-b").call("say", "let me in", String.class));
      assertThat(e.status()).isEqualTo(Status.UNAUTHENTICATED);
    }
  }

  record Info(String signs, List<String> accepts) {}

  private Info info(String node) {
    return cluster.node(node).service("liblink").to(node).call("info", null, Info.class);
  }

  /** Writes a key file as it should be done, and goes on when its node goes by it. */
  private void step(Load load, String node, String... keys) throws IOException {
    write(node, String.join("\n", keys));
    List<String> wanted = new ArrayList<>();
    for (String key : keys) {
      wanted.add(ClusterKey.parse(key).text());
    }
    Info before = info(node);
    await(node + " reads its keys", () -> {
      cluster.clock().advance(Duration.ofMillis(500));
      return !info(node).equals(before);
    });
    for (int turn = 0; turn < 3; turn++) {
      cluster.clock().advance(Duration.ofMillis(2100));
      load.runs(50);
    }
    assertThat(info(node).accepts()).hasSameSizeAs(wanted);
  }

  private void write(String node, String keys) throws IOException {
    Path fresh = Files.createFile(
        directory.resolve(node + ".new"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(fresh, keys + "\n");
    Files.move(fresh, directory.resolve(node + ".key"), StandardCopyOption.REPLACE_EXISTING);
  }

  /** Calls over and over, in both directions. */
  private static final class Load {
    final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    final AtomicLong calls = new AtomicLong();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();

    Load(RemoteService... services) {
      for (RemoteService service : services) {
        RemoteService patient = service.timeout(Duration.ofDays(1));
        for (int t = 0; t < 2; t++) {
          threads.add(new Thread(() -> call(patient)));
        }
      }
    }

    private void call(RemoteService service) {
      while (!stop.get()) {
        try {
          service.call("say", "hi", String.class);
        } catch (RuntimeException e) {
          failures.add(e);
        }
        calls.incrementAndGet();
      }
    }

    void start() {
      threads.forEach(Thread::start);
    }

    void runs(int more) {
      long target = calls.get() + more;
      await("the load goes on", () -> calls.get() >= target);
    }

    void stop() throws InterruptedException {
      stop.set(true);
      for (Thread t : threads) {
        t.join(20_000);
      }
    }
  }
}
