package io.liblink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.Node;
import io.liblink.RemoteService;
import io.liblink.Request;
import io.liblink.Served;
import io.liblink.Service;
import io.liblink.Trait;
import io.liblink.cli.child.TemporaryCluster;
import io.liblink.message.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who reaches whom, why, and who is connected to whom: against real nodes. */
@Timeout(60)
class TopologyCommandsTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private static TemporaryCluster cluster;
  private static final List<Node> NODES = new ArrayList<>();
  private static Node web;

  @BeforeAll
  static void start() throws IOException {
    cluster = TemporaryCluster.create("topology");
    node("eu-1").serve(who("eu-1").meta("zone", "eu").version("1"));
    node("us-1").serve(who("us-1").meta("zone", "us").version("2").weight(3));
    node("vip-1").serve(who("vip-1").meta("zone", "eu").groups("vip"));
    Served tired = node("tired-1").serve(who("tired-1").meta("zone", "eu"));
    tired.ready(false);
    node("till")
        .serve(
            Service.named("till").callers("zone == eu").method("open", r -> Message.text("open")));
    web = node("web-1");
    web.serve(Service.named("web").method("get", Request::message).topic("log", String.class));
    RemoteService who = web.service("who");
    who.awaitReady(2, LONG);
    for (int i = 0; i < 40; i++) {
      who.call("am-i", "", String.class);
    }
    try (Node ready = Node.join(cluster.options("ready"))) {
      ready.service("till").awaitReady(1, LONG);
      ready.service("web").awaitReady(1, LONG);
    }
  }

  private static Node node(String name) {
    Node node = Node.join(cluster.options(name));
    NODES.add(node);
    return node;
  }

  private static Service who(String name) {
    return Service.named("who").method("am-i", r -> Message.text(name), Trait.IDEMPOTENT);
  }

  @AfterAll
  static void stop() {
    NODES.forEach(n -> n.close(Duration.ZERO));
    cluster.close();
  }

  private static Run run(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of(cluster.words()));
    return Run.of(all.toArray(new String[0]));
  }

  @Test
  void explainSaysOfEveryInstanceHowFarItComes() {
    Run run = run("explain", "who");

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out())
        .startsWith("who: 2 of 4 instances get requests of this command\n")
        .contains("discovered  4")
        .contains("ready       3")
        .contains("selected    3")
        .contains("allowed     2")
        .contains("balanced    2")
        .contains("connected   2")
        .contains("view        " + cluster.registry() + ", up to date")
        .containsPattern("eu-1@[0-9a-f]{8} +connected +1 +0 ")
        .containsPattern("us-1@[0-9a-f]{8} +connected +3 +0 ")
        .containsPattern("vip-1@[0-9a-f]{8} +not allowed .*is for nodes of the group vip only")
        .containsPattern("tired-1@[0-9a-f]{8} +not ready ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "who --where zone==mars | 78 | fails zone == \"mars\"",
        "who --to nobody | 78 | is not 'nobody'",
        "who --to tired-1 | 78 | is not ready",
        "who/am-i --to us-1 | 0 | connected",
        "who/am-l | 76 | has no 'am-l'",
        "whoo | 78 | no instance is known",
        "who --group vip --to vip-1 | 0 | connected",
        "who --from web-1 | 0 | requests of web-1@",
        "who --from web-1 --to vip-1 | 78 | and this node is in no group",
        "till | 78 | refuses this node: it is for callers with zone == eu only",
        "till/open --node-meta zone=eu | 0 | connected",
        "who/nothing --from web-1 | 76 | no endpoint",
        "never-used --from web-1 | 78 | no instance is known to web-1@",
      })
  void theExitCodeSaysWhetherAnyGetsTheRequest(String line, int exit, String words) {
    List<String> all = new ArrayList<>(List.of("explain"));
    all.addAll(List.of(line.split(" ")));
    Run run = run(all.toArray(new String[0]));
    all.add("-j");
    Run json = run(all.toArray(new String[0]));

    assertThat(run.exit()).as(run.out() + run.err()).isEqualTo(exit);
    assertThat(run.out()).contains(words);
    assertThat(json.exit()).isEqualTo(exit);
    assertThat(json.out().lines()).hasSize(1);
    assertThat(json.out())
        .startsWith("{\"target\":\"")
        .contains("\"code\":" + (exit == 0 ? 0 : exit - 64))
        .contains("\"steps\":{\"discovered\":");
  }

  @Test
  void whatWasProbablyMeantIsSaid() {
    assertThat(run("explain", "whoo").err()).contains("did you mean 'who'?");
    assertThat(run("explain", "who/am-l").err()).contains("did you mean 'am-i'?");
  }

  @Test
  void anotherNodeTellsItsOwnLatencyAndLinks() {
    Run run = run("explain", "who", "--from", web.id().shortText());

    assertThat(run.out())
        .startsWith("who: 2 of 4 instances get requests of web-1@" + web.id().shortText())
        .contains("LATENCY")
        .containsPattern("eu-1@[0-9a-f]{8} +connected .*(µs|ms)  127.0.0.1:[0-9]+");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "explain | 2 | needs SERVICE",
        "explain who/ | 2 | names no endpoint",
        "explain /x | 2 | names no endpoint",
        "explain Who | 2 | not a service name",
        "explain who/a/b | 2 | not an endpoint name",
        "explain who --where zone= | 2 | column",
        "explain who --from web-1 --where zone= | 67 | column",
        "explain who --from nobody | 78 | no node 'nobody' can be asked",
        "explain who --from web-1 --group vip | 2 | --group and --from exclude each other",
        "explain who --from web-1 --subset 2 | 2 | --subset and --from exclude each other",
        "explain who --sticky x | 2 | no option --sticky",
        "edges who | 2 | can't do anything with 'who'",
        "call who/am-i --failover zone= | 2 | column",
        "call who/am-i --split 50=zone= | 2 | column",
        "serve x --echo --weight 65536 | 2 | --weight",
        "serve x --echo --callers zone= | 2 | column",
        "serve x --echo --group A | 2 | --group",
        "serve x --echo --node-meta zone | 2 | --node-meta",
        "ls --registry zookeeper://z | 2 | consul, consuls, dns, etcd, etcds, local, static",
        "ls --registry nonsense | 2 | etcd:",
      })
  void mistakesAreSaid(String line, int exit, String words) {
    List<String> all = new ArrayList<>(List.of(line.split(" ")));
    if (!all.contains("--registry")) {
      all.addAll(List.of(cluster.words()));
    } else {
      all.addAll(List.of("--key-file", cluster.keyFile().toString()));
    }
    Run run = Run.of(all.toArray(new String[0]));

    assertThat(run.exit()).as(run.err()).isEqualTo(exit);
    assertThat(run.err()).contains(words).doesNotContain("should not have happened");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void edgesShowsEachLinkOnce() {
    Run run = run("edges");
    Run json = run("edges", "-j");

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out().lines().filter(l -> l.startsWith("web-1@")).toList())
        .hasSize(2)
        .allMatch(l -> l.contains("TLSv1.3 ") && l.contains("who/am-i "))
        .anyMatch(l -> l.contains("eu-1@"))
        .anyMatch(l -> l.contains("us-1@"));
    assertThat(run.out()).doesNotContain("cli-");
    assertThat(json.out().lines().filter(l -> l.startsWith("{\"from\":{\"node\":\"web-1\"")))
        .hasSize(2)
        .allMatch(l -> l.contains("\"identity\":\"spiffe://" + cluster.name() + "/node/web-1\"")
            && l.contains("\"cipher\":\"TLS_"));
  }

  @Test
  void nodesThatDoNotAnswerAreSaid() throws Exception {
    Node gone = Node.join(cluster.options("gone-1").advertise("127.0.0.1:1"));
    try {
      gone.serve(Service.named("gone").method("x", Request::message));
      web.service("gone").awaitReady(1, LONG);
      Run run = run("edges");
      Run explained = run("explain", "gone");

      assertThat(run.exit()).as(run.out() + run.err()).isEqualTo(78);
      assertThat(run.err()).containsPattern("gone-1@[0-9a-f]{8}  UNAVAILABLE: ");
      assertThat(run.out()).contains("web-1@");
      assertThat(explained.exit()).as(explained.out() + explained.err()).isEqualTo(78);
      assertThat(explained.out())
          .containsPattern("gone-1@[0-9a-f]{8} +unreachable .*can't be reached: no connection: ");
    } finally {
      gone.close(Duration.ZERO);
    }
  }

  @Test
  void listingsShowWhatIsForOthers() {
    assertThat(run("ls").out())
        .containsPattern("who +3/4 +1, 2 +1, 3 +vip +am-i +eu-1, tired-1, us-1, vip-1\n");
    assertThat(run("ls").err())
        .containsPattern("not ready for who: tired-1@")
        .contains("up to date");
    assertThat(run("ls", "--where", "zone == eu", "-j").out())
        .contains("\"ready\":2,\"total\":3")
        .contains("\"groups\":[\"vip\"]");
    assertThat(run("info", "who").out())
        .startsWith("who: 4 instances, 3 ready, in " + cluster.registry() + ", up to date\n")
        .contains("  weight      3\n")
        .contains("  groups      vip\n");
  }

  @Test
  void callersAreWhoTheySayByTheirOptions() {
    Run stranger = run("call", "till/open");

    assertThat(stranger.exit()).isEqualTo(71);
    assertThat(stranger.err()).contains("is for callers with zone == eu only");
    assertThat(run("call", "till/open", "--node-meta", "zone=eu").out()).isEqualTo("open\n");
    assertThat(run("call", "who/am-i", "--to", "vip-1").err()).contains("the group vip only");
    assertThat(run("call", "who/am-i", "--to", "vip-1", "--group", "vip").out())
        .isEqualTo("vip-1\n");
    assertThat(run("survey", "who/am-i", "--group", "vip", "-q").out().lines()).hasSize(3);
    assertThat(run("survey", "who/am-i", "-q").out().lines()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--prefer-same zone --node-meta zone=us",
        "--failover zone==us --failover zone==eu",
        "--split 100=zone==us",
        "--split 0=zone==eu",
      })
  void rulesChooseTheInstance(String options) {
    List<String> words = new ArrayList<>(List.of("call", "who/am-i", "-n", "12", "-q"));
    words.addAll(List.of(options.split(" ")));

    assertThat(run(words.toArray(new String[0])).out().lines().collect(Collectors.toSet()))
        .containsExactly("us-1");
  }

  @Test
  void aKeyAlwaysComesToTheSame() {
    for (String key : List.of("a", "b", "c")) {
      assertThat(run("call", "who/am-i", "-n", "5", "--sticky", key, "-q")
              .out()
              .lines()
              .collect(Collectors.toSet()))
          .hasSize(1);
    }
    assertThat(run("call", "who/am-i", "-n", "8", "--subset", "1", "-q")
            .out()
            .lines()
            .collect(Collectors.toSet()))
        .hasSize(1);
  }
}
