package io.liblink.behaviour;

import static io.liblink.behaviour.Calls.awaitNothingInFlight;
import static io.liblink.behaviour.Calls.count;
import static io.liblink.behaviour.Calls.failure;
import static io.liblink.behaviour.Calls.pass;
import static io.liblink.testkit.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.RemoteService;
import io.liblink.Service;
import io.liblink.message.Message;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Status;
import io.liblink.testkit.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** At its limits a node says no at once, and is well again as soon as there is room. */
class OverloadTest {
  private TestCluster cluster;
  private final CountDownLatch release = new CountDownLatch(1);
  private final Semaphore entered = new Semaphore(0);
  private final AtomicInteger most = new AtomicInteger();
  private final AtomicInteger now = new AtomicInteger();

  @AfterEach
  void end() {
    release.countDown();
    cluster.close();
  }

  private Service waiting() {
    return Service.named("slow")
        .method("wait", r -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          entered.release();
          pass(release);
          now.decrementAndGet();
          return r.message();
        })
        .method("quick", r -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          Thread.yield();
          now.decrementAndGet();
          return r.message();
        });
  }

  @Test
  void beyondTheLimitOfTheNodeTheAnswerIsResourceExhaustedAtOnce() {
    cluster =
        TestCluster.builder().options("b", o -> o.limits(l -> l.inFlight(8))).start("a", "b");
    cluster.node("b").serve(waiting());
    RemoteService slow = cluster.node("a").service("slow").timeout(Duration.ofMinutes(1));
    List<CompletableFuture<String>> calls = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      calls.add(slow.callAsync("wait", "x", String.class));
    }
    entered.acquireUninterruptibly(8);
    for (int i = 0; i < 5; i++) {
      LinkException e = failure(() -> slow.call("wait", "x", String.class));
      assertThat(e.status()).isEqualTo(Status.RESOURCE_EXHAUSTED);
      assertThat(e.ran()).isEqualTo(Ran.NO);
      assertThat(e.problem()).contains("8");
    }
    assertThat(count(cluster.node("b"), "drop.too_many_in_flight")).isEqualTo(5);
    assertThat(most).hasValue(8);
    release.countDown();
    calls.forEach(Calls::get);
    assertThat(slow.call("wait", "again", String.class)).isEqualTo("again");
    awaitNothingInFlight(cluster.node("b"));
  }

  @Test
  void whatOneNodeCanNotTakeAnotherDoes() {
    cluster =
        TestCluster.builder().options("b", o -> o.limits(l -> l.inFlight(1))).start("a", "b", "c");
    cluster.node("b").serve(waiting());
    RemoteService slow = cluster.node("a").service("slow").timeout(Duration.ofMinutes(1));
    CompletableFuture<String> holding = slow.callAsync("wait", "x", String.class);
    entered.acquireUninterruptibly();
    cluster.node("c").serve(Service.named("slow").method("quick", r -> r.message()));
    slow.awaitReady(2, Duration.ofSeconds(10));
    for (int i = 0; i < 50; i++) {
      assertThat(slow.call("quick", "hi", String.class)).isEqualTo("hi");
    }
    assertThat(holding).isNotDone();
  }

  @Test
  void blockingCallersWaitForStreamsThatThePeerTakesAndAllGetTheirTurn()
      throws InterruptedException {
    cluster =
        TestCluster.builder().options("b", o -> o.limits(l -> l.streams(4))).start("a", "b");
    cluster.node("b").serve(waiting());
    RemoteService slow = cluster.node("a").service("slow").timeout(Duration.ofMinutes(1));
    AtomicInteger right = new AtomicInteger();
    List<Thread> callers = new ArrayList<>();
    for (int t = 0; t < 16; t++) {
      String text = "caller " + t;
      Thread caller = new Thread(() -> {
        for (int i = 0; i < 25; i++) {
          if (slow.call("quick", text, String.class).equals(text)) {
            right.incrementAndGet();
          }
        }
      });
      caller.start();
      callers.add(caller);
    }
    for (Thread caller : callers) {
      caller.join(20_000);
    }
    assertThat(right).hasValue(16 * 25);
    assertThat(most.get()).isLessThanOrEqualTo(4);
    assertThat(count(cluster.node("b"), "drop.too_many_streams")).isZero();
  }

  @Test
  void asynchronousCallersAreToldAtOnceThatThePeerTakesNoMoreStreams() {
    cluster =
        TestCluster.builder().options("b", o -> o.limits(l -> l.streams(4))).start("a", "b");
    cluster.node("b").serve(waiting());
    RemoteService slow = cluster.node("a").service("slow").timeout(Duration.ofMinutes(1));
    List<CompletableFuture<String>> calls = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      calls.add(slow.callAsync("wait", "x", String.class));
    }
    await(
        "16 are refused",
        () -> calls.stream().filter(CompletableFuture::isCompletedExceptionally).count() == 16);
    entered.acquireUninterruptibly(4);
    calls.stream().filter(CompletableFuture::isDone).forEach(c -> {
      LinkException e = failure(c);
      assertThat(e.status()).isEqualTo(Status.RESOURCE_EXHAUSTED);
      assertThat(e.ran()).isEqualTo(Ran.NO);
    });
    assertThat(count(cluster.node("b"), "drop.too_many_streams")).isZero();
  }

  @Test
  void whatWaitsToBeSentIsBounded() {
    cluster = TestCluster.builder()
        .options("a", o -> o.limits(l -> l.sendBytes(1_000_000)))
        .start("a", "b");
    cluster.node("b").serve(waiting());
    RemoteService slow = cluster.node("a").service("slow").timeout(Duration.ofMinutes(1));
    slow.call("quick", "warm", String.class);
    List<CompletableFuture<byte[]>> calls = new ArrayList<>();
    long refused;
    try (TestCluster.Injected stalled =
        cluster.inject(io.liblink.testkit.Fault.stall(), "a", "b")) {
      for (int i = 0; i < 20; i++) {
        calls.add(slow.callAsync("quick", new byte[300_000], byte[].class));
      }
      refused = count(cluster.node("a"), "drop.send_bytes");
      assertThat(refused)
          .as("beyond three of them, and what the network holds")
          .isBetween(10L, 17L);
      assertThat(calls)
          .filteredOn(CompletableFuture::isDone)
          .hasSize((int) refused)
          .allSatisfy(c -> assertThat(failure(c).status()).isEqualTo(Status.RESOURCE_EXHAUSTED));
    }
    await("the others are sent", () -> calls.stream().allMatch(CompletableFuture::isDone));
    assertThat(calls).filteredOn(c -> !c.isCompletedExceptionally()).hasSize((int) (20 - refused));
    assertThat(slow.call("quick", new byte[300_000], byte[].class)).hasSize(300_000);
  }

  @Test
  void tenThousandPlacesAreAllGivenBack() {
    cluster =
        TestCluster.builder().options("b", o -> o.limits(l -> l.inFlight(64))).start("a", "b");
    cluster.node("b").serve(waiting());
    RemoteService slow = cluster.node("a").service("slow");
    AtomicInteger refused = new AtomicInteger();
    for (int round = 0; round < 50; round++) {
      List<CompletableFuture<Message>> calls = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        calls.add(slow.callAsync("quick", Message.text("x")));
      }
      for (CompletableFuture<Message> call : calls) {
        call.handle((m, e) -> e == null ? 0 : refused.incrementAndGet()).join();
      }
    }
    awaitNothingInFlight(cluster.node("b"));
    assertThat(count(cluster.node("b"), "drop.too_many_in_flight"))
        .isGreaterThanOrEqualTo(refused.get());
    assertThat(most.get()).isLessThanOrEqualTo(64);
  }
}
