package io.liblink.behaviour;

import static io.liblink.behaviour.Calls.count;
import static io.liblink.behaviour.Calls.failure;
import static io.liblink.behaviour.Calls.pass;
import static io.liblink.testkit.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.Node;
import io.liblink.RemoteService;
import io.liblink.Served;
import io.liblink.Service;
import io.liblink.message.Message;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.testkit.Fault;
import io.liblink.testkit.TestClock;
import io.liblink.testkit.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who gets a call: the quicker, the ready, the selected; not the slow, the full or the broken. */
class BalancingTest {
  private TestCluster cluster;
  private final CountDownLatch release = new CountDownLatch(1);

  @AfterEach
  void end() {
    release.countDown();
    cluster.close();
  }

  private static Service named(String node, AtomicInteger calls) {
    return Service.named("who").meta("zone", node.substring(0, 1)).method("are", r -> {
      calls.incrementAndGet();
      return Message.text(node);
    });
  }

  @Test
  void callsAreSpread() {
    cluster = TestCluster.of("a", "b", "c");
    AtomicInteger b = new AtomicInteger();
    AtomicInteger c = new AtomicInteger();
    cluster.node("b").serve(named("b", b));
    cluster.node("c").serve(named("c", c));
    RemoteService who = cluster.node("a").service("who");
    who.awaitReady(2, Duration.ofSeconds(10));
    List<CompletableFuture<String>> calls = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      calls.add(who.callAsync("are", "you", String.class));
    }
    calls.forEach(Calls::get);
    assertThat(b.get() + c.get()).isEqualTo(400);
    assertThat(Math.min(b.get(), c.get())).isGreaterThan(40);
  }

  /** No more than half are ever ejected: the rest of the dead ones, whom nothing is in flight to, look cheap. */
  @Test
  void noCallFailsWhenMostInstancesAreGoneAndTheRegistryDoesNotSaySo() {
    cluster = TestCluster.of("a", "b", "c", "d", "e");
    RemoteService who = cluster.node("a").service("who");
    for (String node : List.of("b", "c", "d", "e")) {
      cluster.node(node).serve(named(node, new AtomicInteger()));
    }
    who.awaitReady(4, Duration.ofSeconds(10));
    for (String node : List.of("b", "c", "d")) {
      cluster.inject(Fault.refuse(), node);
    }

    for (int i = 0; i < 3000; i++) {
      assertThat(who.call("are", "you", String.class)).isEqualTo("e");
    }
    assertThat(count(cluster.node("a"), "calls.repeated"))
        .as("more than the budget would have allowed")
        .isGreaterThan(800);
  }

  @Test
  void anInstanceThatHangsGetsNoMoreThanItsShareOfWaitingCalls() {
    cluster = TestCluster.of("a", "b", "c");
    AtomicInteger slow = new AtomicInteger();
    AtomicInteger quick = new AtomicInteger();
    cluster.node("b").serve(Service.named("who").method("are", r -> {
      slow.incrementAndGet();
      pass(release);
      return Message.text("b");
    }));
    cluster.node("c").serve(named("c", quick));
    RemoteService who = cluster.node("a").service("who").timeout(Duration.ofMinutes(1));
    who.awaitReady(2, Duration.ofSeconds(10));
    List<CompletableFuture<String>> calls = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      int hanging = slow.get();
      CompletableFuture<String> call = who.callAsync("are", "you", String.class);
      calls.add(call);
      await("it is answered, or hangs", () -> call.isDone() || slow.get() > hanging);
    }
    await(
        "all but the hanging are done",
        () -> calls.stream().filter(c -> !c.isDone()).count() == slow.get());
    assertThat(slow.get()).isLessThan(20);
    assertThat(quick.get()).isGreaterThan(280);
  }

  @Test
  void fiveFailuresInARowEjectAndASuccessfulProbeReturns() {
    cluster = TestCluster.builder().clock(TestClock.stopped()).start("a", "b", "c");
    AtomicInteger b = new AtomicInteger();
    AtomicInteger c = new AtomicInteger();
    cluster.node("b").serve(named("b", b));
    cluster.node("c").serve(named("c", c));
    RemoteService who = cluster.node("a").service("who");
    who.awaitReady(2, Duration.ofSeconds(10));
    TestCluster.Injected refused = cluster.inject(Fault.refuse(), "a", "b");
    for (int i = 0; i < 60; i++) {
      assertThat(who.call("are", "you", String.class)).isEqualTo("c");
    }
    assertThat(count(cluster.node("a"), "calls.repeated"))
        .as("attempts that went to the broken one")
        .isEqualTo(5);
    for (int i = 0; i < 100; i++) {
      who.call("are", "you", String.class);
    }
    assertThat(count(cluster.node("a"), "calls.repeated")).isEqualTo(5);

    refused.close();
    cluster.clock().advance(Duration.ofSeconds(1));
    await("the probe brings it back", () -> {
      who.call("are", "you", String.class);
      return b.get() > 0;
    });
    int before = b.get();
    for (int i = 0; i < 100; i++) {
      who.call("are", "you", String.class);
    }
    assertThat(b.get() - before).isGreaterThan(10);
  }

  @Test
  void readinessMovesCallsAwayAndBack() {
    cluster = TestCluster.of("a", "b", "c");
    AtomicInteger b = new AtomicInteger();
    Served served = cluster.node("b").serve(named("b", b));
    RemoteService who = cluster.node("a").service("who");
    assertThat(who.call("are", "you", String.class)).isEqualTo("b");

    served.ready(false);
    LinkException e = failure(() -> who.call("are", "you", String.class));
    assertThat(e.status()).isEqualTo(Status.UNAVAILABLE);
    assertThat(e.stage()).isEqualTo(Stage.SELECT);
    assertThat(e.problem()).contains("ready");
    assertThat(who.instances()).hasSize(1);

    AtomicInteger c = new AtomicInteger();
    cluster.node("c").serve(named("c", c).notReady()).ready(true);
    for (int i = 0; i < 20; i++) {
      assertThat(who.call("are", "you", String.class)).isEqualTo("c");
    }
    served.ready(true);
    await("calls come back", () -> who.call("are", "you", String.class).equals("b"));
  }

  @Test
  void awaitReadySaysWhatIsThereWhenItGivesUp() {
    cluster = TestCluster.of("a", "b");
    cluster.node("b").serve(named("b", new AtomicInteger()).notReady());
    LinkException e =
        failure(() -> cluster.node("a").service("who").awaitReady(1, Duration.ofMillis(50)));
    assertThat(e.status()).isEqualTo(Status.DEADLINE_EXCEEDED);
    assertThat(e.problem()).contains("'who'").contains("ready");
  }

  @Test
  void whereAndToChooseInstances() {
    cluster = TestCluster.of("a", "b", "c");
    for (String node : List.of("b", "c")) {
      cluster.node(node).serve(named(node, new AtomicInteger()));
    }
    Node a = cluster.node("a");
    RemoteService who = a.service("who");
    for (int i = 0; i < 10; i++) {
      assertThat(who.where("zone == 'c'").call("are", "you", String.class)).isEqualTo("c");
      assertThat(who.to("b").call("are", "you", String.class)).isEqualTo("b");
      String id = cluster.node("c").id().toString();
      assertThat(who.to(id).call("are", "you", String.class)).isEqualTo("c");
      assertThat(who.to(id.substring(0, 8)).call("are", "you", String.class)).isEqualTo("c");
    }
    LinkException none = failure(() -> who.where("zone == 'x'").call("are", "you", String.class));
    assertThat(none.stage()).isEqualTo(Stage.SELECT);
    assertThat(none.problem()).contains("zone == 'x'");
  }
}
