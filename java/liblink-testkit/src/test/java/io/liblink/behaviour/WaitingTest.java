package io.liblink.behaviour;

import static io.liblink.behaviour.Calls.failure;
import static io.liblink.behaviour.Calls.get;
import static io.liblink.behaviour.Calls.pass;
import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.Node;
import io.liblink.RemoteService;
import io.liblink.Service;
import io.liblink.Trait;
import io.liblink.Traits;
import io.liblink.message.Message;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.testkit.Fault;
import io.liblink.testkit.TestCluster;
import io.liblink.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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

  @Test
  void aCallThatCanNotBeSentEndsAtItsDeadline() {
    cluster.node("b").serve(Service.named("sink").method("take", r -> Message.empty()));
    RemoteService sink = cluster.node("a").service("sink");
    sink.call("take", Message.empty());
    cluster.inject(Fault.stall(), "a", "b");
    List<CompletableFuture<Message>> large = new ArrayList<>();
    for (int i = 0; i < 12; i++) { // more than the sockets and the middle take
      large.add(
          sink.timeout(Duration.ofSeconds(30)).callAsync("take", Message.of(new byte[1 << 20])));
    }
    // Small ones until one can't be sent; those that were sent just get no reply.
    RemoteService hasty = sink.timeout(Duration.ofMillis(300));
    LinkException unsent = null;
    for (int round = 0; round < 30 && unsent == null; round++) {
      List<CompletableFuture<Message>> small = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        small.add(hasty.callAsync("take", Message.of(new byte[4000])));
      }
      for (CompletableFuture<Message> call : small) {
        LinkException e = failure(call);
        assertThat(e.status()).isEqualTo(Status.DEADLINE_EXCEEDED);
        unsent = e.ran() == Ran.NO ? e : unsent;
      }
    }
    assertThat(unsent).as("one that could not be sent").isNotNull();
    assertThat(unsent.stage()).isEqualTo(Stage.SEND);
    assertThat(unsent.problem()).contains("could not be sent");
    assertThat(unsent.elapsed()).isLessThan(Duration.ofSeconds(10));
    large.forEach(c -> c.cancel(true));
  }

  /**
   * A handler that answers when another link's reply comes: on the same event loop that may be in the
   * turn of the other link, and its own must not wait for its own next turn. Ticks, which would hide
   * that, are far away.
   */
  @Test
  void aReplyMadeInTheTurnOfAnotherLinkLeavesAtOnce() {
    TimeSource seldom = new TimeSource() {
      private final TimeSource system = TimeSource.system();

      @Override
      public long nanos() {
        return system.nanos();
      }

      @Override
      public long wallMillis() {
        return system.wallMillis();
      }

      @Override
      public long sleepNanos(long nanos) {
        return Math.max(nanos, Duration.ofSeconds(30).toNanos());
      }
    };
    try (TestCluster three = TestCluster.builder()
        .options("gate", o -> o.time(seldom))
        .start("gate", "echo", "c0", "c1", "c2", "c3", "c4", "c5")) {
      three.node("echo").serve(Service.named("echo").method("say", r -> r.message()));
      RemoteService echo = three.node("gate").service("echo");
      echo.awaitReady(1, Duration.ofSeconds(10));
      three
          .node("gate")
          .serve(Service.named("gate")
              .methods(Gate.class, text -> echo.callAsync("say", text, String.class)));
      for (int i = 0; i < 6; i++) { // whatever event loop their links are on
        Gate gate = three.node("c" + i).service("gate").proxy(Gate.class);
        assertThat(get(gate.say("hi").toCompletableFuture())).isEqualTo("hi");
      }
    }
  }

  /** Passes on. */
  interface Gate {
    @Traits(Trait.NON_BLOCKING)
    CompletionStage<String> say(String text);
  }
}
