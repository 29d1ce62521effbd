package io.liblink.testkit;

import static io.liblink.testkit.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.Node;
import io.liblink.RemoteService;
import io.liblink.Service;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TestClusterTest {
  private TestCluster cluster;
  private RemoteService echo;

  @BeforeEach
  void start() {
    cluster = TestCluster.of("a", "b");
    cluster.node("b").serve(Service.named("echo").method("say", r -> r.message()));
    echo = cluster.node("a").service("echo");
  }

  @AfterEach
  void end() {
    cluster.close();
  }

  private String say(String text) {
    return echo.call("say", text, String.class);
  }

  @Test
  void nodesFindEachOtherAndTalkThroughTheNetworkOfTheCluster() {
    assertThat(say("hi")).isEqualTo("hi");
    assertThat(cluster.connections("a", "b")).isEqualTo(1);
    assertThat(cluster.connections("a")).isEqualTo(1);
    assertThat(cluster.connections()).isEqualTo(1);
  }

  @Test
  void aCutBreaksWhatIsThereAndNothingElse() {
    say("hi");
    cluster.inject(Fault.cut(), "a", "b");
    await(
        "both ends noticed",
        () -> cluster.node("a").counters().get("links.closed") == 1
            && cluster.node("b").counters().get("links.closed") == 1);
    assertThat(say("again")).isEqualTo("again");
  }

  @Test
  void whatIsRefusedCanNotBeDialedUntilItIsHealed() {
    try (TestCluster.Injected refused = cluster.inject(Fault.refuse(), "b")) {
      assertThatThrownBy(() -> say("hi")).isInstanceOfSatisfying(LinkException.class, e -> {
        assertThat(e.status()).isEqualTo(Status.UNAVAILABLE);
        assertThat(e.stage()).isEqualTo(Stage.CONNECT);
      });
    }
    cluster.clock().advance(Duration.ofSeconds(10));
    assertThat(say("hi")).isEqualTo("hi");
  }

  @Test
  void whatIsStalledGoesOnWhereItStopped() {
    say("hi");
    CompletableFuture<String> waiting;
    try (TestCluster.Injected stalled = cluster.inject(Fault.stall(), "a", "b")) {
      waiting = echo.callAsync("say", "later", String.class);
      assertThat(waiting).isNotDone();
    }
    assertThat(waiting.join()).isEqualTo("later");
    assertThat(cluster.node("a").counters().get("links.opened")).isEqualTo(1);
  }

  @Test
  void aDelayIsMeasuredByTheClockOfTheCluster() {
    say("hi");
    cluster.clock().stop();
    cluster.inject(Fault.delay(Duration.ofSeconds(1)), "a", "b");
    CompletableFuture<String> slow = echo.callAsync("say", "slow", String.class);
    cluster.clock().advance(Duration.ofMillis(999));
    assertThat(slow).isNotDone();
    // Bytes are stamped as they pass the middle, so the clock moves in steps until they are
    // through.
    await("the reply", () -> {
      cluster.clock().advance(Duration.ofMillis(100));
      return slow.isDone();
    });
    assertThat(slow.join()).isEqualTo("slow");
  }

  @Test
  void faultsAreForThoseThatTheyAreFor() {
    Node c = cluster.start("c");
    say("hi");
    assertThat(c.service("echo").call("say", "hi", String.class)).isEqualTo("hi");
    cluster.inject(Fault.stall(), "a", "b");
    assertThat(c.service("echo").call("say", "still", String.class)).isEqualTo("still");
  }

  @Test
  void aNodeMayBeStartedAgain() {
    say("hi");
    Node before = cluster.node("b");
    before.close();
    Node again = cluster.start("b");
    assertThat(again).isNotSameAs(before);
    again.serve(Service.named("echo").method("say", r -> r.message()));
    assertThat(say("again")).isEqualTo("again");
  }

  @Test
  void aNodeThatDoesNotExistIsNamed() {
    assertThatThrownBy(() -> cluster.node("x"))
        .hasMessageContaining("'x'")
        .hasMessageContaining("a");
    assertThatThrownBy(() -> cluster.inject(Fault.stall(), "a", "b", "c"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void twoClustersSideBySideKnowNothingOfEachOther() {
    try (TestCluster other = TestCluster.of("a")) {
      assertThat(other.node("a").services()).isEmpty();
      assertThat(cluster.node("a").services()).containsExactly("echo");
    }
  }

  @Test
  void aClusterMayBeConnectedDirectly() {
    try (TestCluster direct = TestCluster.builder().direct().start("a", "b")) {
      direct.node("b").serve(Service.named("echo").method("say", r -> r.message()));
      RemoteService there = direct.node("a").service("echo");
      assertThat(there.call("say", "hi", String.class)).isEqualTo("hi");
      assertThat(direct.node("a").counters().get("links.opened")).isEqualTo(1);
      assertThat(direct.connections()).isZero();
      assertThat(there.instances().get(0).addresses())
          .isEqualTo(direct.node("b").addresses());
      assertThatThrownBy(() -> direct.inject(Fault.stall(), "a"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("direct()");
    }
  }

  @Test
  void whatIsAskedOfTheRegistryIsCounted() {
    say("hi");
    // A node announces what is built in beside its first service.
    RegistryUse before = cluster.registryUse();
    assertThat(before).isEqualTo(new RegistryUse(3, before.views(), 1));
    cluster.start("c").serve(Service.named("other").method("say", r -> r.message()));
    assertThat(cluster.registryUse()).isEqualTo(new RegistryUse(5, before.views(), 1));
    cluster.start("d").serve(Service.named("echo").method("say", r -> r.message()));
    assertThat(cluster.registryUse()).isEqualTo(new RegistryUse(7, before.views() + 1, 1));
    cluster.node("a").close();
    await("the end of its watch", () -> cluster.registryUse().watches() == 0);
  }

  @Test
  void weightsComeThroughTheRegistry() {
    cluster.start("heavy").serve(Service.named("echo").weight(7).method("say", r -> r.message()));
    assertThat(echo.instances())
        .anySatisfy(i -> assertThat(i.node() + i.weight()).isEqualTo("heavy7"));
  }

  @Test
  void closingTwiceIsHarmless() {
    cluster.close();
    cluster.close();
  }
}
