package io.liblink.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.junit.jupiter.api.Test;

/** Before the registry has answered for the first time. */
class DiscoveryTest {
  @Test
  void whoGivesUpWaitingForTheRegistryDoesNotEndTheWaitOfOthers() {
    try (TestCluster cluster = TestCluster.of("shop", "pricing")) {
      cluster.node("pricing").serve(Service.named("echo").method("say", r -> r.message()));
      Node shop = cluster.node("shop");
      CompletableFuture<String> patient;
      try (TestCluster.Injected lost = cluster.inject(Fault.registryLost(), "shop")) {
        RemoteService echo = shop.service("echo");
        RemoteService hurried = echo.timeout(Duration.ofMillis(50));
        patient = echo.timeout(Duration.ofSeconds(60)).callAsync("say", "hi", String.class);
        assertThatThrownBy(hurried::instances).isInstanceOfSatisfying(LinkException.class, e -> {
          assertThat(e.status()).isEqualTo(Status.UNAVAILABLE);
          assertThat(e.stage()).isEqualTo(Stage.DISCOVER);
          assertThat(e.problem()).contains("registry");
        });
      }
      assertThat(patient.orTimeout(20, java.util.concurrent.TimeUnit.SECONDS).join())
          .isEqualTo("hi");
    }
  }
}
