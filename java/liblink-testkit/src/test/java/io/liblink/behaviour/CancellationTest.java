package io.liblink.behaviour;

import static io.liblink.behaviour.Calls.awaitCount;
import static io.liblink.behaviour.Calls.awaitNothingInFlight;
import static io.liblink.behaviour.Calls.blockUntilInterrupted;
import static io.liblink.behaviour.Calls.count;
import static io.liblink.behaviour.Calls.failure;
import static io.liblink.behaviour.Calls.pass;
import static io.liblink.testkit.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.Interceptor;
import io.liblink.RemoteService;
import io.liblink.Service;
import io.liblink.message.Message;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import io.liblink.testkit.Fault;
import io.liblink.testkit.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A caller that loses interest stops the work. */
class CancellationTest {
  private TestCluster cluster;
  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch interrupted = new CountDownLatch(1);
  private final AtomicBoolean cancelled = new AtomicBoolean();

  @BeforeEach
  void start() {
    Interceptor passing = (call, request, next) -> next.proceed(request).thenApply(m -> m);
    cluster = TestCluster.builder()
        .options(o -> o.timeouts(t -> t.call(Duration.ofMinutes(5))))
        .options("intercepted", o -> o.intercept(passing))
        .options("b", o -> o.limits(l -> l.inFlight(4)))
        .start("a", "b");
    cluster
        .node("b")
        .serve(Service.named("slow")
            .method("wait", r -> {
              started.countDown();
              blockUntilInterrupted(interrupted);
              cancelled.set(r.cancelled());
              return Message.empty();
            })
            .method("quick", r -> r.message()));
  }

  @AfterEach
  void end() {
    cluster.close();
  }

  @Test
  void cancellingTheFutureInterruptsTheHandler() {
    CompletableFuture<Message> call =
        cluster.node("a").service("slow").callAsync("wait", Message.empty());
    pass(started);
    assertThat(call.cancel(true)).isTrue();
    pass(interrupted);
    await("the request says that it is cancelled", cancelled::get);
    awaitCount(cluster.node("a"), "calls.ended.CANCELLED", 1);
    awaitNothingInFlight(cluster.node("b"));
  }

  @Test
  void cancellingThroughAnInterceptorInterruptsTheHandler() {
    CompletableFuture<Message> call =
        cluster.start("intercepted").service("slow").callAsync("wait", Message.empty());
    pass(started);
    assertThat(call.cancel(true)).isTrue();
    pass(interrupted);
  }

  @Test
  void anInterruptedCallerFailsAndStopsTheHandler() throws InterruptedException {
    AtomicReference<LinkException> seen = new AtomicReference<>();
    AtomicBoolean stillInterrupted = new AtomicBoolean();
    Thread caller = new Thread(() -> {
      seen.set(failure(() -> cluster.node("a").service("slow").call("wait", Message.empty())));
      stillInterrupted.set(Thread.currentThread().isInterrupted());
    });
    caller.start();
    pass(started);
    caller.interrupt();
    caller.join(20_000);
    assertThat(seen.get().status()).isEqualTo(Status.CANCELLED);
    assertThat(stillInterrupted).isTrue();
    pass(interrupted);
  }

  @Test
  void aCancelledCallGivesItsPlaceBack() {
    RemoteService slow = cluster.node("a").service("slow");
    List<CompletableFuture<Message>> calls = new ArrayList<>();
    for (int round = 0; round < 10; round++) {
      for (int i = 0; i < 4; i++) {
        calls.add(slow.callAsync("wait", Message.empty()));
      }
      calls.forEach(c -> c.cancel(true));
      calls.clear();
    }
    await("a place is free", () -> {
      try {
        return slow.call("quick", "hi", String.class).equals("hi");
      } catch (LinkException e) {
        assertThat(e.status()).isEqualTo(Status.RESOURCE_EXHAUSTED);
        return false;
      }
    });
    awaitNothingInFlight(cluster.node("b"));
  }

  @Test
  void aCallThatIsCancelledBeforeItIsSentIsNeverSent() {
    try (TestCluster.Injected stalled = cluster.inject(Fault.stall(), "a", "b")) {
      CompletableFuture<Message> call =
          cluster.node("a").service("slow").callAsync("wait", Message.empty());
      await("it dials", () -> cluster.connections("a", "b") == 1);
      call.cancel(true);
    }
    assertThat(cluster.node("a").service("slow").call("quick", "hi", String.class))
        .isEqualTo("hi");
    assertThat(started.getCount()).isEqualTo(1);
    assertThat(count(cluster.node("a"), "calls.ended.CANCELLED")).isEqualTo(1);
  }

  @Test
  void aLostLinkStopsTheHandler() {
    CompletableFuture<Message> call =
        cluster.node("a").service("slow").callAsync("wait", Message.empty());
    pass(started);
    cluster.inject(Fault.cut(), "a", "b");
    pass(interrupted);
    assertThat(failure(call).status()).isEqualTo(Status.UNAVAILABLE);
    awaitNothingInFlight(cluster.node("b"));
  }
}
