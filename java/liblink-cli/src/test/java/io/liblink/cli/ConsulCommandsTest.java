package io.liblink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.Node;
import io.liblink.NodeOptions;
import io.liblink.Request;
import io.liblink.Service;
import io.liblink.cli.child.TemporaryCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the commands show of a real Consul. */
@Timeout(180)
class ConsulCommandsTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir
  static Path directory;

  private static TemporaryCluster cluster;
  private static RealConsul consul;
  private static Node one;
  private static Node two;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    consul = RealConsul.start(directory);
    cluster = TemporaryCluster.create("consul");
    one = Node.join(options("one"));
    two = Node.join(options("two"));
    one.serve(pricing().meta("zone", "eu").version("2").weight(5));
    two.serve(pricing().meta("zone", "us"));
    consul.send(
        "PUT",
        "/v1/agent/service/register",
        "{\"ID\": \"legacy\", \"Name\": \"pricing\", \"Port\": 80}");
    try (Node ready = Node.join(options("ready"))) {
      ready.service("pricing").awaitReady(2, LONG);
    }
  }

  private static NodeOptions options(String name) {
    return cluster.options(name).registry(consul.uri());
  }

  private static Service pricing() {
    return Service.named("pricing").method("quote", Request::message);
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      one.close(Duration.ZERO);
      two.close(Duration.ZERO);
      cluster.close();
    }
    if (consul != null) {
      consul.close();
    }
  }

  private static Run at(String registry, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of(
        "--cluster",
        cluster.name(),
        "--registry",
        registry,
        "--key-file",
        cluster.keyFile().toString()));
    return Run.of(all.toArray(new String[0]));
  }

  private static Run run(String... words) {
    return at(consul.uri(), words);
  }

  @Test
  void listingsShowWhatConsulKnows() {
    Run ls = run("ls");
    Run info = run("info", "pricing");

    assertThat(ls.exit()).as(ls.err()).isZero();
    assertThat(ls.out()).containsPattern("pricing +2/2 +2 +dc1 +1, 5 +quote +one, two\n");
    assertThat(ls.err())
        .contains("skipped for pricing: legacy on ")
        .contains("it was not announced by liblink")
        .contains(consul.uri() + ", up to date");
    assertThat(run("ls", "-j").out())
        .contains("\"datacenters\":[\"dc1\"],\"weights\":[1,5]")
        .contains("\"source\":\"" + consul.uri() + "\"")
        .contains("\"reason\":\"it was not announced by liblink\"");
    assertThat(info.out())
        .startsWith("pricing: 2 instances, 2 ready, in " + consul.uri() + ", up to date\n")
        .contains("  datacenter  dc1\n")
        .contains("  weight      5\n")
        .contains("skipped\n  legacy on ");
  }

  @Test
  void whatIsNoInstanceIsTheReasonWhenThereIsNone() throws Exception {
    consul.send(
        "PUT", "/v1/agent/service/register", "{\"ID\": \"w\", \"Name\": \"web\", \"Port\": 80}");

    Run explained = run("explain", "web");
    assertThat(explained.exit()).isEqualTo(78);
    assertThat(explained.out()).contains("w on ").contains("it was not announced by liblink");
    assertThat(run("info", "web").err()).contains("it was not announced by liblink");
    assertThat(run("call", "web/x").err()).contains("it was not announced by liblink");
  }

  @Test
  void maintenanceIsWhyAnInstanceIsNotReady() throws Exception {
    String id = "pricing-" + two.id();
    String path = "/v1/agent/service/maintenance/" + id + "?reason=new+disk&enable=";
    consul.send("PUT", path + "true", "");
    try {
      Run run = run("explain", "pricing/quote", "--to", "two");
      assertThat(run.exit()).as(run.out()).isEqualTo(78);
      assertThat(run.out())
          .containsPattern("two@[0-9a-f]{8} +not ready +dc1 .*new disk")
          .containsPattern("one@[0-9a-f]{8} +not selected +dc1 ");
      assertThat(run("info", "pricing").out()).contains("not ready: in maintenance: new disk");
      assertThat(run("ls").err()).containsPattern("not ready for pricing: two@.*new disk");
    } finally {
      consul.send("PUT", path + "false", "");
    }
  }

  @Test
  void checkTriesItOutAndSaysWhatIsWrong() {
    Run good = run("check");
    Run nobody = at("consul://127.0.0.1:1", "check");
    Run wrong = at("etcd" + consul.uri().substring("consul".length()), "check");

    assertThat(good.exit()).as(good.out()).isZero();
    assertThat(good.out()).contains("ok      registry  announced, found and called in ");
    assertThat(nobody.exit()).isEqualTo(1);
    assertThat(nobody.out())
        .contains("FAILED  registry  consul://127.0.0.1:1: nobody listens at 127.0.0.1:1")
        .contains("'consul agent' starts an agent")
        .contains("ok      reachable");
    assertThat(wrong.exit()).isEqualTo(1);
    assertThat(wrong.out()).contains("needs etcd 3.4 or newer");
  }

  @Test
  void aRegistryThatIsAwayIsTheReason() {
    Run ls = at("consul://127.0.0.1:1", "ls");
    Run explain = at("consul://127.0.0.1:1", "explain", "pricing");

    assertThat(ls.exit()).isEqualTo(78);
    assertThat(ls.err()).contains("nobody listens at 127.0.0.1:1");
    assertThat(explain.exit()).isEqualTo(78);
    assertThat(explain.out()).contains("old: nobody listens at 127.0.0.1:1");
  }

  @Test
  void edgesAndExplainReachThroughIt() {
    one.service("pricing").to("two").call("quote", io.liblink.message.Message.text("x"));

    assertThat(run("edges").out())
        .containsPattern("one@[0-9a-f]{8} +two@[0-9a-f]{8} .*pricing/quote 1");
    assertThat(run("explain", "pricing", "--from", "one", "--to", "two").out())
        .containsPattern("two@[0-9a-f]{8} +connected ");
  }
}
