package io.liblink.registry.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.registry.Await;
import io.liblink.registry.Instance;
import io.liblink.registry.View;
import io.liblink.registry.Views;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A real agent that is killed, paused, wiped and started again, and a wire to it that breaks. */
class ConsulTroubleTest {
  private static ConsulAgent agent;
  private static int clusters;

  private final String cluster = "trouble-" + clusters++;
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeAll
  static void startAgent() {
    agent = ConsulAgent.start();
  }

  @AfterAll
  static void stopAgent() {
    if (agent != null) {
      agent.close();
    }
  }

  @AfterEach
  void end() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private ConsulMember join(String node) {
    return join(agent.uri(), node);
  }

  private ConsulMember join(String uri, String node) {
    ConsulMember member = new ConsulMember(uri, cluster, node);
    open.add(member);
    return member;
  }

  private static Duration took(String what, Views seen, Predicate<View> like) {
    Duration time = seen.awaitWithin(Duration.ofSeconds(40), what, like);
    System.err.println("    " + what + ": " + time.toMillis() + " ms");
    return time;
  }

  private static boolean isReady(View view, Instance... instances) {
    return view.problem().isEmpty()
        && view.instances().size() == instances.length
        && view.instances().containsAll(List.of(instances));
  }

  private static void neverEmpty(Views seen) {
    List<View> all = seen.all();
    int first = 0;
    while (first < all.size() && all.get(first).instances().isEmpty()) {
      first++;
    }
    assertThat(all.subList(first, all.size()))
        .allSatisfy(v -> assertThat(v.instances()).anyMatch(Instance::ready));
  }

  @Test
  void aKilledAgentLeavesTheViewAndIsToldAgainWhenItIsBack() {
    ConsulMember a = join("a");
    ConsulMember b = join("b");
    Views seen = b.watch("pricing");
    a.announce(a.instance("pricing"));
    seen.await(a.instance("pricing"));

    agent.kill();
    took("killed agent noticed", seen, v -> v.problem().contains("nobody listens"));
    assertThat(seen.instances()).containsExactly(a.instance("pricing"));
    Await.until(
        "the one who announces",
        a.registry()::problem,
        () -> a.registry().problem().contains("announcing 'pricing': nobody listens"));

    agent.restart();
    agent.awaitLeader();
    took("restarted agent with its data", seen, v -> isReady(v, a.instance("pricing")));
    neverEmpty(seen);
    Await.until("well", a.registry()::problem, () -> a.registry().problem().isEmpty());
    assertThat(agent.get("/v1/health/service/pricing?passing").size()).isOne();
  }

  @Test
  void aWipedAgentIsToldAgainAndNobodyIsLostMeanwhile() {
    ConsulMember a = join("a");
    ConsulMember b = join("b");
    Views seen = b.watch("pricing");
    a.announce(a.instance("pricing"));
    seen.await(a.instance("pricing"));

    agent.kill();
    agent.wipe();
    agent.restart();
    agent.awaitLeader();
    long start = System.nanoTime();
    Await.until(
        "the wiped agent knows it again",
        () -> agent.get("/v1/health/service/pricing"),
        () -> agent.get("/v1/health/service/pricing?passing").size() == 1);
    System.err.println("    announced to a wiped agent after its leader: "
        + (System.nanoTime() - start) / 1_000_000
        + " ms");
    took("a view of the wiped agent", seen, v -> isReady(v, a.instance("pricing")));
    neverEmpty(seen);
  }

  @Test
  void aPausedAgentIsNoticedAndNobodyIsLostWhenItGoesOn() {
    String uri = agent.uri() + "?ttl=3s";
    ConsulMember a = join(uri, "a");
    ConsulMember b = join(uri, "b");
    Views seen = b.watch("pricing");
    a.announce(a.instance("pricing"));
    seen.await(a.instance("pricing"));

    agent.pause();
    try {
      took("paused agent noticed", seen, v -> v.problem().contains("does not answer"));
      assertThat(seen.instances()).containsExactly(a.instance("pricing"));
    } finally {
      agent.goOn(); // and finds all heartbeats overdue
    }
    took("paused agent goes on", seen, v -> isReady(v, a.instance("pricing")));
    neverEmpty(seen);
  }

  @Test
  void aNodeThatVanishesWithoutAWordIsLeftOutWhenItsTimeIsOver() {
    try (Wire wire = new Wire(agent.port())) {
      ConsulMember a = join("consul://127.0.0.1:" + wire.port() + "?ttl=2s", "a");
      ConsulMember c = join("c");
      Views seen = join("b").watch("pricing");
      a.announce(a.instance("pricing"));
      c.announce(c.instance("pricing"));
      seen.await(a.instance("pricing"), c.instance("pricing"));

      wire.cut();
      took(
          "a node without heartbeats, of 2 s",
          seen,
          v -> v.instances().stream()
              .anyMatch(i -> !i.ready() && i.note().contains("heartbeat stopped")));
      assertThat(seen.instances()).contains(c.instance("pricing")).hasSize(2);

      wire.mend();
      took("heartbeats again", seen, v -> isReady(v, a.instance("pricing"), c.instance("pricing")));
    }
  }

  @Test
  void aWatcherWhoseWireHangsKnowsThatItsViewGrowsOld() {
    try (Wire wire = new Wire(agent.port())) {
      ConsulMember a = join("a");
      ConsulMember b = join("consul://127.0.0.1:" + wire.port(), "b");
      Views seen = b.watch("pricing");
      a.announce(a.instance("pricing"));
      View before = seen.await(a.instance("pricing"));

      wire.hold();
      took("a wire that hangs", seen, v -> v.problem().contains("does not answer"));
      assertThat(seen.last().instances()).isEqualTo(before.instances());
      a.announce(a.instance("pricing").withReady(false));
      wire.mend();
      took("what changed meanwhile", seen, v -> isReady(v, a.instance("pricing").withReady(false)));
    }
  }

  @Test
  void startingWithoutAnAgentIsNoObstacle() {
    int port = Ports.free(1).get(0);
    ConsulMember a = join("consul://127.0.0.1:" + port, "a");
    var announced = a.registry().announce(a.instance("pricing"));
    Views seen = a.watch("pricing");
    View view = seen.await("a view with a problem", v -> !v.problem().isEmpty());
    assertThat(view.instances()).isEmpty();
    assertThat(view.problem())
        .contains("nobody listens at 127.0.0.1:" + port + ": is the Consul agent running?");
    assertThat(announced.toCompletableFuture()).isNotDone();
    assertThat(Await.failure(a.registry().services())).hasMessageContaining("nobody listens");

    try (Wire late = new Wire(agent.port(), port)) {
      Await.get(announced);
      took("an agent that starts late", seen, v -> isReady(v, a.instance("pricing")));
      a.close();
    }
  }
}
