package io.liblink.behaviour;

import static io.liblink.behaviour.Calls.awaitCount;
import static io.liblink.behaviour.Calls.count;
import static io.liblink.behaviour.Calls.failure;
import static io.liblink.behaviour.Calls.get;
import static io.liblink.behaviour.Calls.pass;
import static io.liblink.testkit.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.Node;
import io.liblink.RemoteService;
import io.liblink.Service;
import io.liblink.message.Message;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Links come when they are wanted, one per pair of nodes, and go when they are not. */
class LinksTest {
  private TestCluster cluster;

  @BeforeEach
  void start() {
    cluster = TestCluster.builder()
        .clock(TestClock.stopped())
        .options("many", o -> o.linksPerPeer(3))
        .options("brief", o -> o.timeouts(t -> t.idle(Duration.ofSeconds(10))))
        .start("a", "b");
    for (String node : List.of("a", "b")) {
      cluster
          .node(node)
          .serve(Service.named("echo-" + node).method("say", r -> r.message()).method("wait", r -> {
            Calls.blockUntilInterrupted(new CountDownLatch(1));
            return Message.empty();
          }));
    }
  }

  @AfterEach
  void end() {
    cluster.close();
  }

  private RemoteService echo(String from, String to) {
    return cluster.node(from).service("echo-" + to).timeout(Duration.ofDays(1));
  }

  private void advance(Duration by) {
    cluster.clock().advance(by);
  }

  @Test
  void manyFirstCallersShareOneLink() throws InterruptedException {
    CountDownLatch go = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    List<CompletableFuture<String>> calls = new ArrayList<>();
    for (int t = 0; t < 32; t++) {
      CompletableFuture<String> result = new CompletableFuture<>();
      calls.add(result);
      RemoteService echo = echo("a", "b");
      Thread thread = new Thread(() -> {
        pass(go);
        result.complete(echo.call("say", "hi", String.class));
      });
      thread.start();
      threads.add(thread);
    }
    go.countDown();
    for (Thread thread : threads) {
      thread.join(20_000);
    }
    assertThat(calls).allSatisfy(c -> assertThat(get(c)).isEqualTo("hi"));
    assertThat(count(cluster.node("a"), "links.opened")).isEqualTo(1);
    assertThat(count(cluster.node("b"), "links.opened")).isEqualTo(1);
  }

  @Test
  void bothDirectionsUseTheSameLink() {
    assertThat(echo("a", "b").call("say", "hi", String.class)).isEqualTo("hi");
    assertThat(echo("b", "a").call("say", "back", String.class)).isEqualTo("back");
    assertThat(count(cluster.node("b"), "links.opened")).isEqualTo(1);
    assertThat(cluster.connections("a", "b")).isEqualTo(1);
  }

  @Test
  void asManyLinksAsConfigured() {
    Node many = cluster.start("many");
    RemoteService echo = many.service("echo-b").timeout(Duration.ofDays(1));
    await("three links", () -> {
      echo.call("say", "hi", String.class);
      return count(many, "links.opened") == 3;
    });
    for (int i = 0; i < 50; i++) {
      echo.call("say", "hi", String.class);
    }
    assertThat(count(many, "links.opened")).isEqualTo(3);
    assertThat(cluster.connections("many", "b")).isEqualTo(3);
  }

  @Test
  void aCutLinkIsMadeAnew() {
    for (int i = 1; i <= 5; i++) {
      echo("a", "b").call("say", "hi", String.class);
      assertThat(count(cluster.node("a"), "links.opened")).isEqualTo(i);
      cluster.inject(Fault.cut(), "a", "b");
      awaitCount(cluster.node("a"), "links.closed", i);
      awaitCount(cluster.node("b"), "links.closed", i);
    }
  }

  @Test
  void afterAFailureTheNextAttemptWaitsForTheBackOff() {
    TestCluster.Injected refused = cluster.inject(Fault.refuse(), "a", "b");
    RemoteService once = echo("a", "b");
    CompletableFuture<String> first = once.callAsync("say", "hi", String.class);
    await("it dials", () -> cluster.dials("a", "b") == 1);
    // The clock stands still, so the back-off is not over: who asks now is told without a dial.
    List<CompletableFuture<String>> calls = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      calls.add(once.callAsync("say", "hi", String.class));
    }
    assertThat(cluster.dials("a", "b")).isLessThanOrEqualTo(2); // a back-off may be next to nothing
    refused.close();
    await("the back-off is over", () -> {
      advance(Duration.ofMillis(20));
      return first.isDone() && calls.stream().allMatch(CompletableFuture::isDone);
    });
    advance(Duration.ofSeconds(10));
    assertThat(once.call("say", "hi", String.class)).isEqualTo("hi");
    assertThat(count(cluster.node("a"), "links.opened")).isEqualTo(1);
  }

  @Test
  void anIdleLinkIsClosedByWhoDialedItAndOpenedAgainWhenWanted() {
    Node brief = cluster.start("brief");
    RemoteService echo = echo("brief", "b");
    echo.call("say", "hi", String.class);
    advance(Duration.ofMillis(9_900));
    echo.call("say", "used", String.class);
    advance(Duration.ofMillis(9_900));
    echo.call("say", "used", String.class);
    assertThat(count(brief, "links.closed")).isZero();
    advance(Duration.ofMillis(10_100));
    awaitCount(brief, "links.closed", 1);
    awaitCount(cluster.node("b"), "links.closed", 1);
    await("the connection is gone", () -> cluster.connections("brief", "b") == 0);
    assertThat(count(brief, "drop.keepalive")).isZero();
    assertThat(echo.call("say", "again", String.class)).isEqualTo("again");
    assertThat(count(brief, "links.opened")).isEqualTo(2);
  }

  @Test
  void aLinkWithAStreamIsNotIdle() {
    echo("a", "b").call("say", "hi", String.class);
    CompletableFuture<Message> waiting = echo("a", "b").callAsync("wait", Message.empty());
    for (int i = 0; i < 100; i++) {
      advance(Duration.ofSeconds(5));
      echo("a", "b").call("say", "hi", String.class);
    }
    assertThat(waiting).isNotDone();
    assertThat(count(cluster.node("a"), "links.closed")).isZero();
  }

  @Test
  void keepaliveFindsALinkOnWhichNothingPasses() {
    CompletableFuture<Message> waiting = echo("a", "b").callAsync("wait", Message.empty());
    echo("a", "b").call("say", "hi", String.class);
    cluster.inject(Fault.stall(), "a", "b");
    advance(Duration.ofSeconds(14));
    assertThat(waiting).isNotDone();
    await("no sign of life", () -> {
      advance(Duration.ofSeconds(1));
      return waiting.isDone();
    });
    LinkException e = failure(waiting);
    assertThat(e.status()).isEqualTo(Status.UNAVAILABLE);
    assertThat(e.stage()).isEqualTo(Stage.WAIT);
    assertThat(e.ran()).isEqualTo(Ran.MAYBE);
    assertThat(e.problem()).contains("no sign of life");
    assertThat(count(cluster.node("a"), "drop.keepalive")).isEqualTo(1);
    await("the other side finds out by itself", () -> {
      advance(Duration.ofSeconds(1));
      return count(cluster.node("b"), "links.closed") == 1;
    });
    cluster.heal();
    assertThat(echo("a", "b").call("say", "hi", String.class)).isEqualTo("hi");
  }

  @Test
  void aHealthyLinkSurvivesAnyJumpOfTheClock() {
    echo("a", "b").call("say", "hi", String.class);
    for (int i = 0; i < 5; i++) {
      advance(Duration.ofSeconds(20));
      assertThat(echo("a", "b").call("say", "hi", String.class)).isEqualTo("hi");
    }
    assertThat(count(cluster.node("a"), "links.opened")).isEqualTo(1);
  }

  @Test
  void aPeerThatReadsNothingKeepsNoSocket() {
    RemoteService echo = echo("a", "b");
    echo.call("say", "hi", String.class);
    cluster.inject(Fault.stall(), "a", "b");
    List<CompletableFuture<byte[]>> calls = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      calls.add(echo.callAsync("say", new byte[1_000_000], byte[].class));
    }
    await("no sign of life", () -> {
      advance(Duration.ofSeconds(1));
      return count(cluster.node("a"), "links.closed") == 1;
    });
    assertThat(calls)
        .allSatisfy(c -> assertThat(failure(c).status()).isEqualTo(Status.UNAVAILABLE));
    cluster.heal();
    await("both sockets are closed", () -> {
      advance(Duration.ofSeconds(1));
      return cluster.connections("a", "b") == 0;
    });
  }

  @Test
  void aNodeThatDrainsIsLeftWithoutACallFailing() {
    cluster.clock().start();
    RemoteService echo = echo("a", "b");
    echo.call("say", "hi", String.class);
    cluster.start("b2").serve(Service.named("echo-b").method("say", r -> Message.text("b2")));
    echo.awaitReady(2, Duration.ofSeconds(10));
    cluster.node("b").close();
    for (int i = 0; i < 20; i++) {
      assertThat(echo.call("say", "hi", String.class)).isEqualTo("b2");
    }
  }
}
