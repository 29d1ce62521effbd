package io.liblink.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.registry.Await;
import io.liblink.registry.Instance;
import io.liblink.registry.View;
import io.liblink.registry.Views;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is in a real etcd, by whomever. Leases live for 2 s. */
class EtcdKeysTest {
  private final List<AutoCloseable> open = new ArrayList<>();

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

  private Member join(String node, String uri) {
    return using(Member.join(node, uri));
  }

  private static void note(String event, Duration took) {
    System.getLogger("figures")
        .log(System.Logger.Level.INFO, "noticed in {0} ms: {1}", took.toMillis(), event);
  }

  @Test
  void keysThatAnOperatorRemovedAreWrittenAgain() {
    EtcdServer server = using(EtcdServer.start());
    Member a = join("a", server.uri());
    Instance announced = a.announce("pricing");
    a.announce("billing");
    Views seen = join("b", server.uri()).watch("pricing");
    seen.await(announced);

    server.deleteAll("/liblink/");
    note(
        "keys removed by hand, written again",
        Await.within(
            Await.LONG,
            "both keys",
            () -> server.keys("/"),
            () -> server.keys("/liblink/").size() == 2));
    assertThat(seen.instances()).as("and nobody was missed").containsExactly(announced);
    assertThat(seen.all()).filteredOn(v -> !v.instances().isEmpty()).hasSize(1);
  }

  @Test
  void valuesThatAnOperatorOverwroteAreWrittenAgain() {
    EtcdServer server = using(EtcdServer.start());
    Member a = join("a", server.uri());
    Instance announced = a.announce("pricing");
    Views seen = join("b", server.uri()).watch("pricing");
    seen.await(announced);

    server.put("/liblink/shop/pricing/" + a.context.id(), "nonsense");
    seen.await("nobody", v -> v.instances().isEmpty() && v.skipped().size() == 1);
    seen.await(announced);
  }

  @Test
  void foreignKeysAreSkippedWithAReason() {
    EtcdServer server = using(EtcdServer.start());
    server.put("/liblink/shop/pricing/hello", "world");
    server.put("/liblink/shop/pricing/00000000000000000000000000000001", "{}");
    Member a = join("a", server.uri());
    Instance announced = a.announce("pricing");
    Member b = join("b", server.uri());
    Views seen = b.watch("pricing");

    View view = seen.await(announced);
    assertThat(view.skipped()).hasSize(2);
    assertThat(view.skipped())
        .anyMatch(s -> s.what().endsWith("/hello") && s.reason().contains("id of a node"))
        .anyMatch(s -> s.what().endsWith("01") && s.reason().contains("format is missing"));
    seen.await("well", v -> v.problem().isEmpty());
    Await.until(
        "the operator is told", b.registry::problem, () -> b.registry.problem().contains("2 keys"));
    assertThat(Await.get(b.registry.services())).containsExactly("pricing");
  }

  @Test
  void severalThousandNodesAreReadInPages() {
    EtcdServer server = using(EtcdServer.start());
    server.putAll(
        IntStream.range(0, 1203)
            .mapToObj("/liblink/shop/pricing/%032x"::formatted)
            .toList(),
        "x");
    server.putAll(
        List.of("/liblink/shop/pricing/\u00fe\u00ff", "/liblink/shop/pricing/\u00ff"), "x");
    Member a = join("a", server.uri());
    Instance announced = a.announce("pricing");
    Views seen = join("b", server.uri()).watch("pricing");
    seen.await("it among so many", v -> v.instances().equals(List.of(announced)));
    seen.await("what was skipped is bounded", v -> v.skipped().size() == View.MOST_SKIPPED);
    Await.get(a.registry.announce(announced.withReady(false)));
    seen.await(announced.withReady(false));
  }

  @Test
  void closingLeavesNothingInEtcd() {
    EtcdServer server = using(EtcdServer.start());
    Member a = join("a", server.uri());
    a.announce("pricing");
    a.announce("billing");
    join("b", server.uri()).watch("pricing").await(a.instance("pricing"));
    assertThat(server.keys("/liblink/")).hasSize(2);

    a.close();
    assertThat(server.keys("/liblink/")).isEmpty();
    assertThat(server.metric("etcd_debugging_lease_revoked_total")
            + server.metric("etcd_debugging_server_lease_expired_total"))
        .isPositive();
  }

  @Test
  void watchesThatNobodyWantsAreClosedAtTheServer() throws Exception {
    EtcdServer server = using(EtcdServer.start());
    Member b = join("b", server.uri());
    var watch = b.registry.watch("pricing", v -> {});
    var second = b.registry.watch("pricing", v -> {});
    Await.until(
        "one watch, however many callers",
        () -> server.metric("etcd_debugging_mvcc_watcher_total"),
        () -> server.metric("etcd_debugging_mvcc_watcher_total") == 1);
    watch.close();
    second.close();
    b.registry.watch("billing", v -> {});
    Await.until(
        "the other one",
        () -> server.metric("etcd_debugging_mvcc_watcher_total"),
        () -> server.metric("etcd_debugging_mvcc_watcher_total") == 1);
    b.close();
    Await.until(
        "none",
        () -> server.metric("etcd_debugging_mvcc_watcher_total"),
        () -> server.metric("etcd_debugging_mvcc_watcher_total") == 0);
  }

  @Test
  void closingWhileEtcdIsDownDoesNotHang() {
    EtcdServer server = using(EtcdServer.start());
    Member a = join("a", server.uri());
    a.announce("pricing");
    server.process().pause();
    CompletableFuture<Void> closed = CompletableFuture.runAsync(a::close);
    Await.get(closed);
    server.process().resume();
    Await.until(
        "the lease runs out",
        () -> server.keys("/"),
        () -> server.keys("/liblink/").isEmpty());
  }

  @Test
  void valuesFarTooLargeNeitherFillTheMemoryNorHideTheGoodOnes() {
    EtcdServer server = using(EtcdServer.start());
    String megabyte = "x".repeat(1 << 20);
    for (int i = 0; i < 20; i++) {
      server.put("/liblink/shop/pricing/%032x".formatted(i), megabyte);
    }
    Instance announced = join("a", server.uri()).announce("pricing");
    Views seen = join("b", server.uri()).watch("pricing");
    View view = seen.await(announced);
    assertThat(view.skipped()).hasSize(20).allMatch(s -> s.reason().contains("has more than"));
    seen.await("well", v -> v.problem().isEmpty());
  }
}
