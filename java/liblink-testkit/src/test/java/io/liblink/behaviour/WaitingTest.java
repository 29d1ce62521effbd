package io.liblink.behaviour;

import static io.liblink.behaviour.Calls.failure;
import static io.liblink.behaviour.Calls.get;
import static io.liblink.behaviour.Calls.pass;
import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.Node;
import io.liblink.RemoteService;
import io.liblink.Service;
import io.liblink.message.Message;
import io.liblink.status.Stage;
import io.liblink.testkit.Fault;
import io.liblink.testkit.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who waits for something is told when it is there, whatever others do. */
class WaitingTest {
  private final TestCluster cluster = TestCluster.of("a", "b", "c");

  @AfterEach
  void end() {
    cluster.close();
  }

  @Test
  void whoGivesUpWaitingForTheRegistryDoesNotSpoilItForOthers() {
    cluster.node("b").serve(Service.named("echo").method("say", r -> r.message()));
    TestCluster.Injected lost = cluster.inject(Fault.registryLost(), "a");
    RemoteService echo = cluster.node("a").service("echo").timeout(Duration.ofSeconds(20));
    CompletableFuture<String> patient = echo.callAsync("say", "hi", String.class);
    RemoteService hasty = echo.timeout(Duration.ofMillis(10));
    assertThat(failure(hasty::instances).stage()).isEqualTo(Stage.DISCOVER);
    assertThat(failure(() -> hasty.call("say", "hi", String.class)).stage())
        .isEqualTo(Stage.DISCOVER);
    lost.close();
    assertThat(get(patient)).isEqualTo("hi");
    assertThat(echo.instances()).hasSize(1);
  }

  /** As many as there are threads where these are bounded: all of them wait for a reply. */
  @Test
  void repliesReachTheirCallersWhenEveryWorkerIsACaller() {
    int calls = 128;
    Node b = cluster.node("b");
    CountDownLatch all = new CountDownLatch(calls);
    CountDownLatch release = new CountDownLatch(1);
    cluster.node("c").serve(Service.named("inner").method("meet", r -> {
      all.countDown();
      pass(release);
      return r.message();
    }));
    b.serve(Service.named("outer")
        .method("ask", r -> b.service("inner").call("meet", Message.empty())));
    b.service("inner").awaitReady(1, Duration.ofSeconds(10));
    RemoteService outer = cluster.node("a").service("outer").timeout(Duration.ofSeconds(20));
    List<CompletableFuture<Message>> pending = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      pending.add(outer.callAsync("ask", Message.empty()));
    }
    pass(all);
    TestCluster.Injected stalled = cluster.inject(Fault.stall(), "b", "c");
    release.countDown();
    Calls.awaitNothingInFlight(cluster.node("c"));
    stalled.close(); // now all replies come at once
    pending.forEach(Calls::get);
  }
}
