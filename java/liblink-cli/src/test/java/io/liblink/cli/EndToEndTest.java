package io.liblink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.Node;
import io.liblink.Request;
import io.liblink.Service;
import io.liblink.Trait;
import io.liblink.cli.child.TemporaryCluster;
import io.liblink.message.Message;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands against real nodes, over real TLS on loopback. */
@Timeout(60)
class EndToEndTest {
  private static TemporaryCluster cluster;
  private static Node eu;
  private static Node us;
  private static final CountDownLatch NEVER = new CountDownLatch(1);

  @BeforeAll
  static void start() throws IOException {
    cluster = TemporaryCluster.create("test");
    eu = Node.join(cluster.options("eu-1"));
    us = Node.join(cluster.options("us-1"));
    eu.serve(pricing("eu", 100));
    us.serve(pricing("us", 120));
    Node ready = Node.join(cluster.options("ready"));
    ready.service("pricing").awaitReady(2, Duration.ofSeconds(10));
    ready.close();
  }

  @AfterAll
  static void stop() {
    NEVER.countDown();
    eu.close();
    us.close();
    cluster.close();
  }

  /** What somebody wants to know the price of. */
  record Item(String sku) {}

  /** The price. */
  record Price(String sku, int cents) {}

  private static Service pricing(String zone, int cents) {
    return Service.named("pricing")
        .version("2")
        .meta("zone", zone)
        .method("quote", Item.class, item -> new Price(item.sku(), cents), Trait.IDEMPOTENT)
        .method("echo", Request::message)
        .method("bytes", r -> Message.of(new byte[] {(byte) 0xff, 0, 1}))
        .method("headers", r -> Message.text(r.message().headers().toString()))
        .method("refuse", r -> {
          throw new LinkException(Status.NOT_FOUND, "no such price");
        })
        .method("never", r -> {
          NEVER.await(30, TimeUnit.SECONDS);
          return Message.empty();
        })
        .stream("count", String.class, (n, sink) -> {
      for (int i = 1; i <= Integer.parseInt(n); i++) {
        sink.send("item " + i);
      }
    });
  }

  private static Run run(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of(cluster.words()));
    return Run.of(all.toArray(new String[0]));
  }

  @Test
  void aCallPrintsTheReplyAndTellsHowLongItTook() {
    Run run = run("call", "pricing/echo", "Ada");

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out()).isEqualTo("Ada\n");
    assertThat(run.err()).startsWith("answered in ");
  }

  @Test
  void jsonGoesInAndOut() {
    Run run = run("call", "pricing/quote", "{\"sku\": \"A-1\"}", "--where", "zone == \"eu\"", "-q");
    Run object = run("call", "pricing/quote", "{\"sku\": \"A-1\"}", "--to", "us-1", "-j");

    assertThat(run.out()).isEqualTo("{\"sku\":\"A-1\",\"cents\":100}\n");
    assertThat(run.err()).isEmpty();
    assertThat(object.out())
        .contains("\"status\":\"OK\"")
        .contains("\"body\":{\"sku\":\"A-1\",\"cents\":120}");
  }

  @Test
  void rawIsExactlyTheBytes() {
    assertThat(run("call", "pricing/echo", "Ada", "--raw").out()).isEqualTo("Ada");
    assertThat(run("call", "pricing/bytes", "-j").out()).contains("\"bodyBase64\":\"/wAB\"");
  }

  @Test
  void headersArrive() {
    assertThat(run("call", "pricing/headers", "-H", "Tenant=7").out()).contains("tenant=7");
  }

  @Test
  void aStreamIsPrintedItemByItem() {
    Run run = run("call", "pricing/count", "3", "--stream");

    assertThat(run.out()).isEqualTo("item 1\nitem 2\nitem 3\n");
    assertThat(run.err()).startsWith("3 items in ");
    assertThat(run("call", "pricing/count", "2", "--stream", "-j").out().lines())
        .hasSize(2);
  }

  @Test
  void repetitionIsSummedUpAndFailuresDoNotEndIt() {
    Run good = run("call", "pricing/echo", "x", "-n", "5");
    Run bad = run("call", "pricing/refuse", "-n", "3");

    assertThat(good.out()).isEqualTo("x\n".repeat(5));
    assertThat(good.err()).contains("5 calls: 5 answered; min ");
    assertThat(bad.exit()).isEqualTo(69);
    assertThat(bad.err()).contains("3 calls: 0 answered, 3 NOT_FOUND");
  }

  @ParameterizedTest
  @CsvSource({
    "pricing/refuse, 69, NOT_FOUND: no such price",
    "pricing/nothing, 76, UNIMPLEMENTED",
    "prcing/echo, 78, did you mean 'pricing'?",
    "frobnicator/echo, 78, UNAVAILABLE",
    "pricing/never, 68, DEADLINE_EXCEEDED",
  })
  void aFailureEndsWithItsStatusAndItsWords(String target, int exit, String words) {
    Run run = run("call", target, "--timeout", "400ms");
    Run json = run("call", target, "--timeout", "400ms", "--json");

    assertThat(run.exit()).as(run.err()).isEqualTo(exit);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains(words).contains("'liblink errors ");
    assertThat(json.exit()).isEqualTo(exit);
    assertThat(json.out()).startsWith("{\"status\":\"").contains("\"code\":" + (exit - 64));
    assertThat(json.err()).isEmpty();
  }

  @Test
  void aBrokenSelectorIsAUsageError() {
    Run run = run("call", "pricing/echo", "--where", "zone =");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).doesNotContain("should not have happened");
  }

  @Test
  void aSurveyAsksEverybody() {
    Run run = run("survey", "pricing/quote", "{\"sku\": \"A-1\"}");
    Run json = run("survey", "pricing/quote", "{\"sku\": \"A-1\"}", "-j");
    Run refused = run("survey", "pricing/refuse");

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out().lines())
        .anyMatch(l -> l.startsWith("eu-1@") && l.endsWith("{\"sku\":\"A-1\",\"cents\":100}"))
        .anyMatch(l -> l.startsWith("us-1@") && l.endsWith("{\"sku\":\"A-1\",\"cents\":120}"));
    assertThat(run.err()).startsWith("2 of 2 answered in ");
    assertThat(json.out().lines()).hasSize(2).allMatch(l -> l.startsWith("{\"node\":\""));
    assertThat(refused.exit()).isEqualTo(69);
    assertThat(refused.err()).contains("NOT_FOUND: no such price").contains("0 of 2 answered");
    assertThat(run("survey", "nobody/x").exit()).isEqualTo(78);
  }

  @Test
  void lsListsWhatIsThere() {
    assertThat(run("ls").out()).contains("pricing    2/2  2").contains("eu-1, us-1");
    assertThat(run("ls", "--where", "zone == \"eu\"", "-j").out())
        .contains("\"total\":1")
        .contains("\"nodes\":[\"eu-1\"]");
    assertThat(run("ls", "--where", "zone == \"mars\"").err()).contains("No services that fit");
  }

  @Test
  void infoAsksTheNodesThemselves() {
    Run run = run("info", "pricing");

    assertThat(run.exit()).isZero();
    assertThat(run.out())
        .startsWith("pricing: 2 instances, 2 ready, in local:")
        .contains("pricing/quote (idempotent)")
        .contains("metadata    zone=eu")
        .contains("node        liblink ")
        .contains("key         liblink-ca-");
    assertThat(run("info", "pricing", "-j").out().lines())
        .hasSize(2)
        .allMatch(l -> l.contains("\"facts\":{\"node\":\""));
    assertThat(run("info", "pricng").err()).contains("did you mean 'pricing'?");
    assertThat(run("info", "pricing", "--where", "zone == \"mars\"").err())
        .contains("no instance of 'pricing' fits zone == \"mars\"");
  }

  @Test
  void pingMeasuresEveryNodeOrThoseOfAService() {
    Run run = run("ping", "-n", "2");
    Run json = run("ping", "pricing", "-n", "2", "-j");

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out()).contains("eu-1@").contains("us-1@").contains("CONNECT");
    assertThat(json.out().lines()).hasSize(2).allMatch(l -> l.contains("\"answered\":2"));
    assertThat(run("ping", "nobody").exit()).isEqualTo(78);
  }

  @Test
  void checkTriesEverythingOut() {
    Run run = run("check");

    assertThat(run.exit()).as(run.out()).isZero();
    for (String check :
        List.of("java", "key", "join", "listen", "registry", "clock", "reachable")) {
      assertThat(run.out()).contains("ok      " + check + " ");
    }
    assertThat(run.out()).contains("tls ").contains("transport ").contains("other node");
    assertThat(run.err()).contains("All is well");
    assertThat(run("check", "-j").out().lines()).allMatch(l -> l.startsWith("{\"check\":\""));
  }

  @Test
  void checkFindsAnAddressThatNobodyCanReach() {
    Run run = run("check", "--advertise", "127.0.0.1:1");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out()).contains("FAILED  reachable 127.0.0.1:1").contains("--advertise");
  }

  @Test
  void checkFindsAPortThatIsTaken() {
    Run run = run("check", "--bind", eu.addresses().get(0).toString());

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out()).contains("FAILED  listen").contains("--bind");
  }

  @Test
  void anotherKeyIsRefusedWithBothFingerprints() throws IOException {
    Path strange = cluster.strangeKeyFile();
    List<String> words = new ArrayList<>(List.of("call", "pricing/echo"));
    words.addAll(List.of(cluster.words()));
    words.set(words.size() - 1, strange.toString());
    Run run = Run.of(words.toArray(new String[0]));
    Files.delete(strange);

    assertThat(run.exit()).as(run.err()).isEqualTo(80);
    assertThat(run.err().split("liblink-ca-", -1)).hasSizeGreaterThan(2);
  }

  @Test
  void aRotationWaitsForNodesThatDoNotFollow() throws IOException {
    Path copy = cluster.strangeKeyFile();
    Files.copy(cluster.keyFile(), copy, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    List<String> words = new ArrayList<>(List.of(cluster.words()));
    words.set(words.size() - 1, copy.toString());
    words.addAll(List.of("key", "rotate", "--step"));
    List<String> second = new ArrayList<>(words);
    words.add("1");
    second.add("2");
    Run one = Run.of(words.toArray(new String[0]));
    Run two = Run.of(second.toArray(new String[0]));
    Files.delete(copy);

    assertThat(one.exit()).as(one.err()).isZero();
    assertThat(two.exit()).as(two.err()).isEqualTo(1);
    assertThat(two.err())
        .contains("2 of 2 nodes are not ready for this step")
        .contains("does not accept liblink-ca-")
        .contains("--force");
  }

  @Test
  void aCommandServedAnswersAndCanCallOn() throws Exception {
    List<String> words = new ArrayList<>(List.of("serve", "greeter", "-j"));
    words.addAll(List.of(
        "-m", "hello=sed 's/^/Hello, /'", "-m", "env=env", "-m", "fail=echo broken >&2; exit 69"));
    words.addAll(List.of("--meta", "lang=en", "--name", "greeter-1", "--service-version", "3"));
    words.addAll(List.of(cluster.words()));
    Thread server = new Thread(() -> Run.of(
        Map.of("PATH", System.getenv("PATH"), "LIBLINK_KEY", "not passed on"),
        words.toArray(new String[0])));
    server.start();
    try (Node node = Node.join(cluster.options("watcher"))) {
      node.service("greeter").awaitReady(1, Duration.ofSeconds(10));
    }
    Run hello = run("call", "greeter/hello", "Ada", "-q");
    Run env = run("call", "greeter/env", "-q", "-H", "tenant=7");
    Run fail = run("call", "greeter/fail");
    Run info = run("info", "greeter");
    server.interrupt();
    server.join(10_000);

    assertThat(hello.out()).isEqualTo("Hello, Ada\n");
    assertThat(env.out().lines())
        .contains(
            "LIBLINK_CLUSTER=" + cluster.name(),
            "LIBLINK_REGISTRY=" + cluster.registry(),
            "LIBLINK_KEY_FILE=" + cluster.keyFile(),
            "LIBLINK_HEADER_TENANT=7")
        .noneMatch(l -> l.startsWith("LIBLINK_KEY="));
    assertThat(fail.exit()).isEqualTo(69);
    assertThat(fail.err()).contains("NOT_FOUND: broken");
    assertThat(info.out()).contains("greeter-1@").contains("lang=en").contains("version     3");
    assertThat(server.isAlive()).isFalse();
    assertThat(run("call", "greeter/hello", "Ada").exit()).isEqualTo(78);
  }
}
