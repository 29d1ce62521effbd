package io.liblink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.liblink.identity.key.ClusterKey;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.topology.Routing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopologyTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir
  Path directory;

  private final List<Node> nodes = new ArrayList<>();
  private NodeOptions options;

  @BeforeEach
  void prepare() {
    options = NodeOptions.cluster("shop")
        .key(ClusterKey.generate().text())
        .registry("local:" + directory);
  }

  @AfterEach
  void close() {
    nodes.forEach(n -> n.close(Duration.ZERO));
  }

  private Node join(NodeOptions o) {
    Node node = Node.join(o);
    nodes.add(node);
    return node;
  }

  /** A service that says who answers. */
  private static Service who(String node) {
    return Service.named("who").method("am-i", r -> io.liblink.message.Message.text(node));
  }

  @Test
  void twoServicesOfOneNameInDifferentGroupsDoNotMeet() {
    join(options.name("eu-1")).serve(who("eu-1").groups("eu"));
    join(options.name("us-1")).serve(who("us-1").groups("us"));
    RemoteService eu = join(options.name("a").groups("eu", "test")).service("who");
    RemoteService us = join(options.name("b").groups("us")).service("who");
    RemoteService none = join(options.name("c")).service("who");

    eu.awaitReady(1, LONG);
    us.awaitReady(1, LONG);
    for (int i = 0; i < 20; i++) {
      assertThat(eu.call("am-i", "", String.class)).isEqualTo("eu-1");
      assertThat(us.call("am-i", "", String.class)).isEqualTo("us-1");
    }
    await(() -> none.explain().instances().size() == 2);
    LinkException refused = failure(none);
    assertThat(refused.status()).isEqualTo(Status.UNAVAILABLE);
    assertThat(refused.stage()).isEqualTo(Stage.AUTHORIZE);
    assertThat(refused.problem())
        .contains("2 selected, 0 allowed")
        .contains("the view of local:" + directory + " is up to date")
        .contains("is for nodes of the group eu only, and this node is in no group")
        .isEqualTo(none.explain().summary());
  }

  @Test
  void theServingNodeLooksAtItsCallersItself() {
    Node server = join(options.name("server"));
    server.serve(who("server").callers("node matches `^till-` and zone == eu"));
    RemoteService till = join(options.name("till-1").meta("zone", "eu")).service("who");
    RemoteService web = join(options.name("web-1").meta("zone", "eu")).service("who");
    till.awaitReady(1, LONG);
    web.awaitReady(1, LONG);

    assertThat(till.call("am-i", "", String.class)).isEqualTo("server");
    LinkException refused = failure(web);
    assertThat(refused.status()).isEqualTo(Status.PERMISSION_DENIED);
    assertThat(refused.stage()).isEqualTo(Stage.AUTHORIZE);
    assertThat(refused.ran()).isEqualTo(Ran.NO);
    assertThat(refused.problem())
        .contains("the service 'who' is for callers with")
        .contains("web-1");
    assertThat(server.counters().get("drop.caller_refused")).isEqualTo(1);
  }

  @Test
  void aKeyBelongsToOneInstanceForAllCallersAndToTheNextOneWhenThatIsGone() {
    Map<String, Served> served = new HashMap<>();
    for (String n : List.of("n1", "n2", "n3")) {
      served.put(n, join(options.name(n)).serve(who(n)));
    }
    RemoteService a = join(options.name("a")).service("who");
    RemoteService b = join(options.name("b")).service("who");
    a.awaitReady(3, LONG);
    b.awaitReady(3, LONG);
    Map<String, String> owners = new HashMap<>();
    for (int i = 0; i < 30; i++) {
      String key = "customer-" + i;
      String owner = a.sticky(key).call("am-i", "", String.class);
      owners.put(key, owner);
      assertThat(b.sticky(key).call("am-i", "", String.class)).isEqualTo(owner);
    }
    assertThat(owners.values()).contains("n1", "n2", "n3");
    served.get("n2").close();
    owners.forEach((key, owner) -> {
      String now = a.sticky(key).call("am-i", "", String.class);
      assertThat(now.equals(owner)).as(key).isEqualTo(!owner.equals("n2"));
    });
  }

  @Test
  void metadataThatChangesWhileRunningMovesTheTraffic() {
    Served one = join(options.name("n1")).serve(who("n1").meta("zone", "eu"));
    join(options.name("n2")).serve(who("n2").meta("zone", "us"));
    Node caller = join(options
        .name("caller")
        .meta("zone", "eu")
        .routing("who", Routing.defaults().preferSame("zone")));
    RemoteService who = caller.service("who");
    who.awaitReady(2, LONG);
    assertThat(who.call("am-i", "", String.class)).isEqualTo("n1");

    one.meta("zone", "asia");
    caller.meta("zone", "us");
    await(() -> who.explain().instances().stream()
        .anyMatch(p -> "asia".equals(p.instance().metadata().get("zone"))));
    for (int i = 0; i < 20; i++) {
      assertThat(who.call("am-i", "", String.class)).isEqualTo("n2");
    }
    one.meta("zone", null);
    assertThat(one.instance().metadata()).doesNotContainKey("zone");
  }

  @Test
  void theCalleeLearnsWhatTheCallerBecame() {
    join(options.name("server")).serve(who("server").callers("tier == gold"));
    Node caller = join(options.name("caller").meta("tier", "tin"));
    RemoteService who = caller.service("who");
    who.awaitReady(1, LONG);
    assertThat(failure(who).status()).isEqualTo(Status.PERMISSION_DENIED);
    caller.meta("tier", "gold");
    await(() -> {
      try {
        return who.call("am-i", "", String.class).equals("server");
      } catch (LinkException e) {
        return false;
      }
    });
  }

  @Test
  void theExplanationGoesAllTheWayToTheLink() {
    join(options.name("n1")).serve(who("n1").meta("zone", "eu"));
    join(options.name("n2")).serve(who("n2").meta("zone", "us"));
    join(options.name("n3")).serve(who("n3").meta("zone", "eu").notReady());
    RemoteService who = join(options.name("caller")).service("who").where("zone == eu");
    await(() -> who.explain().instances().size() == 3);
    assertThat(who.call("am-i", "", String.class)).isEqualTo("n1");

    Explanation e = who.explain();
    assertThat(e.source()).startsWith("local:");
    assertThat(e.problem()).isEmpty();
    Map<String, Explanation.Place> places = new HashMap<>();
    e.instances().forEach(p -> places.put(p.instance().node(), p));
    assertThat(places.get("n1").step()).isEqualTo(Explanation.Step.CONNECTED);
    assertThat(places.get("n1").link()).contains(":");
    assertThat(places.get("n2").step()).isEqualTo(Explanation.Step.READY);
    assertThat(places.get("n2").reason()).contains("fails zone == \"eu\" (zone is \"us\")");
    assertThat(places.get("n3").step()).isEqualTo(Explanation.Step.DISCOVERED);
    assertThat(e.summary()).startsWith("3 instances of 'who' discovered, 2 ready, 1 selected");
  }

  private static LinkException failure(RemoteService who) {
    return catchThrowableOfType(LinkException.class, () -> who.call("am-i", "", String.class));
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + LONG.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited in vain").isLessThan(end);
      LockSupport.parkNanos(5_000_000);
    }
  }
}
