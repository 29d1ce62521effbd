package io.liblink.behaviour;

import static io.liblink.behaviour.Calls.count;
import static io.liblink.behaviour.Calls.get;
import static io.liblink.testkit.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.Node;
import io.liblink.RemoteService;
import io.liblink.Service;
import io.liblink.Trait;
import io.liblink.message.Message;
import io.liblink.testkit.Fault;
import io.liblink.testkit.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An instance whose connection stays and that says nothing: a stopped process, a machine that lost its power. */
@Timeout(60)
class StandingStillTest {
  /** Far above what is waited for, so that no deadline ends what should end otherwise. */
  private static final Duration LONG = Duration.ofMinutes(1);

  private final TestCluster cluster = TestCluster.of("caller", "one", "two", "three");
  private final Node caller = cluster.node("caller");
  private final CountDownLatch release = new CountDownLatch(1);

  @AfterEach
  void end() {
    release.countDown();
    cluster.close();
  }

  private RemoteService serve(String... nodes) {
    for (String name : nodes) {
      cluster
          .node(name)
          .serve(Service.named("work")
              .method("again", r -> Message.text(name), Trait.IDEMPOTENT)
              .method("once", r -> Message.text(name))
              .method(
                  "slow",
                  r -> {
                    Calls.pass(release);
                    return Message.text(name);
                  },
                  Trait.IDEMPOTENT));
    }
    RemoteService service = caller.service("work").timeout(LONG);
    service.awaitReady(nodes.length, LONG);
    for (String name : nodes) {
      assertThat(service.to(name).call("again", null, String.class)).isEqualTo(name);
    }
    return service;
  }

  /** Calls that belong to the first of them while it is well. */
  private RemoteService toOne(RemoteService service) {
    for (int key = 0; key < 1000; key++) {
      RemoteService sticky = service.sticky("key " + key);
      if (sticky.call("again", null, String.class).equals("one")) {
        return sticky;
      }
    }
    throw new AssertionError("no key belongs to it");
  }

  @Test
  void anIdempotentCallThatHangsThereIsRepeatedElsewhere() {
    RemoteService service = toOne(serve("one", "two", "three"));
    cluster.inject(Fault.stall(), "caller", "one");

    CompletableFuture<String> hangs = service.callAsync("again", null, String.class);

    assertThat(get(hangs)).isIn("two", "three");
    assertThat(count(caller, "calls.repeated")).isPositive();
    assertThat(cluster.connections("caller", "one"))
        .as("nobody gave the link up")
        .isOne();
  }

  @Test
  void whatMayHaveRunWaitsAndWhatComesNextGoesElsewhere() {
    RemoteService service = toOne(serve("one", "two"));
    TestCluster.Injected stall = cluster.inject(Fault.stall(), "caller", "one");

    CompletableFuture<String> first = service.callAsync("once", null, String.class);
    awaitEjected("one", service);
    List<String> next = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      next.add(service.call("once", null, String.class));
    }

    assertThat(next).containsOnly("two");
    assertThat(first).isNotDone();
    stall.close();
    assertThat(get(first)).as("it runs when the instance goes on").isEqualTo("one");
  }

  @Test
  void anInstanceThatGoesOnIsUsedAgainAtOnce() {
    RemoteService service = toOne(serve("one", "two"));
    TestCluster.Injected stall = cluster.inject(Fault.stall(), "caller", "one");
    assertThat(service.call("again", null, String.class)).isEqualTo("two");

    stall.close();

    await(
        "calls to the one that goes on",
        () -> service.call("again", null, String.class).equals("one"));
    assertThat(cluster.dials("caller", "one")).as("over the same link").isOne();
  }

  @Test
  void whereNoOtherInstanceIsThereTheCallWaits() {
    RemoteService service = serve("one");
    TestCluster.Injected stall = cluster.inject(Fault.stall(), "caller", "one");
    CompletableFuture<String> hangs = service.callAsync("again", null, String.class);
    await("it was found to stand still", () -> still() == 1);

    CompletableFuture<String> later = service.callAsync("again", null, String.class);
    stall.close();

    assertThat(get(hangs)).isEqualTo("one");
    assertThat(get(later)).isEqualTo("one");
    assertThat(count(caller, "calls.repeated")).isZero();
  }

  @Test
  void aCallThatHadNowhereToGoGoesToAnInstanceThatComesLater() {
    RemoteService service = serve("one");
    cluster.inject(Fault.stall(), "caller", "one");
    CompletableFuture<String> hangs = service.callAsync("again", null, String.class);
    await("it was found to stand still", () -> still() == 1);

    cluster
        .node("two")
        .serve(Service.named("work").method("again", r -> Message.text("two"), Trait.IDEMPOTENT));

    assertThat(get(hangs)).isEqualTo("two");
    assertThat(still()).as("the same silence").isOne();
  }

  @Test
  void aHandlerThatTakesLongIsNoInstanceThatStandsStill() throws InterruptedException {
    RemoteService service = serve("one", "two");

    CompletableFuture<String> slow = service.callAsync("slow", null, String.class);
    slow.copy().completeOnTimeout("", 2, TimeUnit.SECONDS).join();
    release.countDown();

    assertThat(get(slow)).isIn("one", "two");
    assertThat(count(caller, "calls.repeated")).isZero();
    assertThat(still()).isZero();
  }

  private long still() {
    return caller.counters().getOrDefault("links.still", 0L);
  }

  private void awaitEjected(String node, RemoteService service) {
    await(
        node + " is left alone",
        () -> service.explain().instances().stream()
            .anyMatch(p ->
                p.instance().node().equals(node) && p.reason().contains("gives no sign of life")));
  }
}
