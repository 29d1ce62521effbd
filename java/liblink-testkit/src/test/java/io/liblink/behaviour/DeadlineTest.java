package io.liblink.behaviour;

import static io.liblink.behaviour.Calls.awaitCount;
import static io.liblink.behaviour.Calls.blockUntilInterrupted;
import static io.liblink.behaviour.Calls.count;
import static io.liblink.behaviour.Calls.failure;
import static io.liblink.behaviour.Calls.pass;
import static io.liblink.testkit.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.liblink.RemoteService;
import io.liblink.Request;
import io.liblink.Service;
import io.liblink.Trait;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every call has a deadline; it travels, shrinks, and ends the work. The clock stands still. */
class DeadlineTest {
  private TestCluster cluster;

  @BeforeEach
  void start() {
    cluster = TestCluster.builder().clock(TestClock.stopped()).start("a", "b");
  }

  @AfterEach
  void end() {
    cluster.close();
  }

  private void advance(long millis) {
    cluster.clock().advance(Duration.ofMillis(millis));
  }

  private static Service remaining() {
    return Service.named("time")
        .method(
            "left",
            Void.class,
            nothing -> Request.current().orElseThrow().remaining().toMillis());
  }

  private RemoteService time() {
    return cluster.node("a").service("time");
  }

  @Test
  void aCallThatSaysNothingHasFiveSeconds() {
    cluster.node("b").serve(remaining());
    assertThat(time().call("left", null, Long.class)).isEqualTo(5000);
  }

  @Test
  void aHandleMaySayAnother() {
    cluster.node("b").serve(remaining());
    assertThat(time().timeout(Duration.ofMillis(1234)).call("left", null, Long.class))
        .isEqualTo(1234);
  }

  @Test
  void theDefaultIsASettingOfTheNode() {
    cluster.node("b").serve(remaining());
    try (TestCluster other = TestCluster.builder()
        .clock(TestClock.stopped())
        .options(o -> o.timeouts(t -> t.call(Duration.ofSeconds(2))))
        .start("a")) {
      other.node("a").serve(remaining());
      assertThat(other.node("a").service("time").call("left", null, Long.class)).isEqualTo(2000);
    }
  }

  @Test
  void whatRemainsShrinksFromHopToHop() {
    cluster.start("c");
    cluster.node("c").serve(remaining());
    cluster.node("b").serve(Service.named("middle").method("left", Void.class, nothing -> {
      advance(1500);
      return cluster.node("b").service("time").call("left", null, Long.class);
    }));
    RemoteService middle = cluster.node("a").service("middle");

    assertThat(middle.timeout(Duration.ofSeconds(4)).call("left", null, Long.class))
        .isEqualTo(2500);
    assertThat(middle.timeout(Duration.ofSeconds(60)).call("left", null, Long.class))
        .as("an inner call has its own deadline when that comes first")
        .isEqualTo(5000);
  }

  @Test
  void theDeadlineEndsTheCallAndInterruptsTheHandler() {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    AtomicReference<Boolean> cancelled = new AtomicReference<>();
    cluster.node("b").serve(Service.named("slow").method("wait", r -> {
      started.countDown();
      blockUntilInterrupted(interrupted);
      cancelled.set(r.cancelled());
      return Message.empty();
    }));
    CompletableFuture<Message> call =
        cluster.node("a").service("slow").callAsync("wait", Message.empty());
    pass(started);
    advance(4999);
    assertThat(call).isNotDone();
    advance(10);

    LinkException e = failure(call);
    assertThat(e.status()).isEqualTo(Status.DEADLINE_EXCEEDED);
    // Both sides see the time pass; who looks first says so.
    assertThat(e.ran()).isIn(Ran.MAYBE, Ran.YES);
    assertThat(e.problem()).containsAnyOf("5000 ms", "took too long");
    assertThat(e.instance()).startsWith("b@");
    pass(interrupted);
    await("the handler saw it", () -> Boolean.TRUE.equals(cancelled.get()));
    awaitCount(cluster.node("b"), "drop.reply_unwanted", 1);
    assertThat(count(cluster.node("a"), "calls.ended.DEADLINE_EXCEEDED")).isEqualTo(1);
  }

  @Test
  void theDeadlineEndsAChainOfCallsAtEveryHop() {
    cluster.start("c");
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(2);
    cluster.node("c").serve(Service.named("last").method("wait", r -> {
      started.countDown();
      blockUntilInterrupted(interrupted);
      return Message.empty();
    }));
    cluster.node("b").serve(Service.named("middle").method("wait", r -> {
      try {
        return cluster.node("b").service("last").call("wait", Message.empty());
      } finally {
        interrupted.countDown();
      }
    }));
    CompletableFuture<Message> call =
        cluster.node("a").service("middle").callAsync("wait", Message.empty());
    pass(started);
    advance(5001);
    assertThat(failure(call).status()).isEqualTo(Status.DEADLINE_EXCEEDED);
    pass(interrupted);
  }

  @Test
  void aRequestThatIsOverBeforeItsTurnDoesNotRun() {
    assumeTrue(Runtime.version().feature() < 21, "virtual threads start at once");
    int threads = 128;
    CountDownLatch busy = new CountDownLatch(threads);
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger ran = new AtomicInteger();
    cluster
        .node("b")
        .serve(Service.named("slow")
            .method("wait", r -> {
              busy.countDown();
              pass(release);
              return Message.empty();
            })
            .method("run", r -> {
              ran.incrementAndGet();
              return Message.empty();
            }));
    RemoteService slow = cluster.node("a").service("slow");
    List<CompletableFuture<Message>> waiting = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      waiting.add(slow.timeout(Duration.ofMinutes(1)).callAsync("wait", Message.empty()));
    }
    pass(busy);
    CompletableFuture<Message> late = slow.callAsync("run", Message.empty());
    cluster.node("a").service("liblink").to("b").call("ping", "is it there?", String.class);
    advance(5010);
    assertThat(failure(late).status()).isEqualTo(Status.DEADLINE_EXCEEDED);
    release.countDown();
    waiting.forEach(Calls::get);
    awaitCount(cluster.node("b"), "drop.expired_before_handler", 1);
    assertThat(ran).hasValue(0);
  }

  @Test
  void aLateReplyIsCountedAndNeverDelivered() {
    cluster.node("b").serve(Service.named("echo").method("say", r -> r.message()));
    RemoteService echo = cluster.node("a").service("echo");
    echo.call("say", "warm", String.class);
    cluster.inject(Fault.delay(Duration.ofSeconds(3)), "a", "b");
    CompletableFuture<String> late = echo.callAsync("say", "late", String.class);
    await("the deadline, with the reply on its way", () -> {
      advance(100);
      return late.isDone();
    });
    assertThat(failure(late).status()).isEqualTo(Status.DEADLINE_EXCEEDED);
    cluster.heal();
    await("the late reply", () -> {
      advance(100);
      return count(cluster.node("a"), "drop.late_reply") == 1;
    });
    assertThat(echo.timeout(Duration.ofMinutes(1)).call("say", "next", String.class))
        .isEqualTo("next");
  }

  @Test
  void anAsynchronousHandlerIsHeldToTheDeadlineToo() {
    CompletableFuture<String> never = new CompletableFuture<>();
    CountDownLatch started = new CountDownLatch(2);
    Never handler = new Never() {
      @Override
      public CompletableFuture<String> wait(String what) {
        started.countDown();
        return never;
      }

      @Override
      public CompletableFuture<String> waitOnLoop(String what) {
        started.countDown();
        return never;
      }
    };
    cluster.node("b").serve(Service.named("never").methods(Never.class, handler));
    RemoteService service = cluster.node("a").service("never");
    CompletableFuture<String> one = service.callAsync("wait", "x", String.class);
    CompletableFuture<String> two = service.callAsync("waitOnLoop", "x", String.class);
    pass(started);
    advance(5010);

    assertThat(failure(one).status()).isEqualTo(Status.DEADLINE_EXCEEDED);
    assertThat(failure(two).status()).isEqualTo(Status.DEADLINE_EXCEEDED);
    Calls.awaitNothingInFlight(cluster.node("b"));
  }

  interface Never {
    CompletableFuture<String> wait(String what);

    @io.liblink.Traits(Trait.NON_BLOCKING)
    CompletableFuture<String> waitOnLoop(String what);
  }

  @Test
  void aCallWithoutARegistryEndsAtItsDeadline() {
    cluster.inject(Fault.registryLost(), "a");
    CompletableFuture<Message> call =
        cluster.node("a").service("nobody").callAsync("any", Message.empty());
    advance(5001);
    LinkException e = failure(call);
    assertThat(e.status()).isEqualTo(Status.DEADLINE_EXCEEDED);
    assertThat(e.stage()).isEqualTo(Stage.DISCOVER);
    assertThat(e.ran()).isEqualTo(Ran.NO);
    assertThat(e.attempts()).isZero();
  }

  @Test
  void aCallThatIsStillConnectingEndsAtItsDeadlineAndSaysSo() {
    cluster.node("b").serve(remaining());
    cluster.inject(Fault.stall(), "a", "b");
    CompletableFuture<Long> call = cluster
        .node("a")
        .service("time")
        .timeout(Duration.ofSeconds(1))
        .callAsync("left", null, Long.class);
    await("it dials", () -> cluster.connections("a", "b") == 1);
    advance(1001);
    LinkException e = failure(call);
    assertThat(e.status()).isEqualTo(Status.DEADLINE_EXCEEDED);
    assertThat(e.stage()).isEqualTo(Stage.CONNECT);
    assertThat(e.ran()).isEqualTo(Ran.NO);
    assertThat(e.attempts()).isEqualTo(1);
    assertThat(e.instance()).startsWith("b@");
  }
}
