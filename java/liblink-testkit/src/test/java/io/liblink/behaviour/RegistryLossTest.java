package io.liblink.behaviour;

import static io.liblink.behaviour.Calls.failure;
import static io.liblink.behaviour.Calls.get;
import static io.liblink.testkit.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.Node;
import io.liblink.RemoteService;
import io.liblink.Service;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.testkit.Fault;
import io.liblink.testkit.TestCluster;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The registry goes and comes back; calls go on. */
class RegistryLossTest {
  private TestCluster cluster;

  @BeforeEach
  void start() {
    cluster = TestCluster.of("a", "b");
  }

  @AfterEach
  void end() {
    cluster.close();
  }

  private static Service echo() {
    return Service.named("echo").method("say", r -> r.message());
  }

  @Test
  void whatWasKnownStaysKnown() {
    cluster.node("b").serve(echo());
    RemoteService echo = cluster.node("a").service("echo");
    echo.call("say", "hi", String.class);
    cluster.inject(Fault.registryLost());
    cluster.inject(Fault.cut());
    Calls.awaitCount(cluster.node("a"), "links.closed", 1);
    for (int i = 0; i < 10; i++) {
      assertThat(echo.call("say", "still", String.class)).isEqualTo("still");
    }
    assertThat(echo.instances()).hasSize(1);
  }

  @Test
  void aNodeStartsAndServesWithoutItAndIsFoundWhenItIsBack() {
    cluster.inject(Fault.registryLost());
    Node late = cluster.start("late");
    late.serve(echo());
    RemoteService echo = cluster.node("a").service("echo").timeout(Duration.ofSeconds(20));
    CompletableFuture<String> waiting = echo.callAsync("say", "waited", String.class);
    assertThat(waiting).isNotDone();
    cluster.heal();
    assertThat(get(waiting)).isEqualTo("waited");
    assertThat(echo.call("say", "hi", String.class)).isEqualTo("hi");
  }

  @Test
  void aLostViewSaysSoInTheFailureAndInServices() {
    RemoteService echo = cluster.node("a").service("echo");
    failure(() -> echo.call("say", "hi", String.class));
    cluster.inject(Fault.registryLost(), "a");
    await("the view says why it is old", () -> {
      LinkException e = failure(() -> echo.call("say", "hi", String.class));
      assertThat(e.status()).isEqualTo(Status.UNAVAILABLE);
      assertThat(e.stage()).isEqualTo(Stage.DISCOVER);
      return e.problem().contains("can't be reached");
    });
    assertThat(failure(() -> cluster.node("a").services()).problem()).contains("can't be reached");
    assertThat(cluster.node("b").services()).isEmpty();
  }

  @Test
  void onlyThoseThatLostItMissTheNews() {
    RemoteService ofA = cluster.node("a").service("echo");
    failure(() -> ofA.call("say", "hi", String.class));
    TestCluster.Injected lost = cluster.inject(Fault.registryLost(), "a");
    cluster.node("b").serve(echo());
    assertThat(cluster.node("b").service("echo").call("say", "hi", String.class))
        .isEqualTo("hi");
    assertThat(ofA.instances()).isEmpty();
    lost.close();
    ofA.awaitReady(1, Duration.ofSeconds(10));
    assertThat(get(ofA.callAsync("say", "hi", String.class))).isEqualTo("hi");
  }

  @Test
  void aNodeThatClosesWithoutItIsGoneWhenItIsBack() {
    cluster.node("b").serve(echo());
    RemoteService echo = cluster.node("a").service("echo");
    echo.call("say", "hi", String.class);
    cluster.inject(Fault.registryLost(), "b");
    cluster.node("b").close(Duration.ZERO);
    assertThat(echo.instances()).hasSize(1);
    assertThat(failure(() -> echo.call("say", "hi", String.class)).stage())
        .isEqualTo(Stage.CONNECT);
    cluster.heal();
    await("the news", () -> echo.instances().isEmpty());
  }
}
