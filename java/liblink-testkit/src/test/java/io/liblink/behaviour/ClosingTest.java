package io.liblink.behaviour;

import static io.liblink.behaviour.Calls.failure;
import static io.liblink.behaviour.Calls.get;
import static io.liblink.behaviour.Calls.pass;
import static io.liblink.testkit.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.Node;
import io.liblink.RemoteService;
import io.liblink.Served;
import io.liblink.Service;
import io.liblink.message.Message;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Status;
import io.liblink.testkit.Fault;
import io.liblink.testkit.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Leaving: what runs is finished, who calls goes elsewhere, and nothing is left hanging. */
class ClosingTest {
  private TestCluster cluster = TestCluster.of();

  @AfterEach
  void end() {
    cluster.close();
  }

  private static Service echo() {
    return Service.named("echo").method("say", r -> r.message());
  }

  @Test
  void aRollingRestartUnderLoadFailsNoCall() throws InterruptedException {
    List<String> servers = List.of("s1", "s2", "s3");
    servers.forEach(s -> cluster.start(s).serve(echo()));
    RemoteService echo = cluster.start("client").service("echo");
    echo.awaitReady(3, Duration.ofSeconds(10));

    ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    AtomicLong calls = new AtomicLong();
    AtomicBoolean stop = new AtomicBoolean();
    List<Thread> callers = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      Thread caller = new Thread(() -> {
        while (!stop.get()) {
          String text = "call " + calls.incrementAndGet();
          try {
            assertThat(echo.call("say", text, String.class)).isEqualTo(text);
          } catch (Throwable e) {
            failures.add(e);
          }
        }
      });
      caller.start();
      callers.add(caller);
    }
    for (int round = 0; round < 20; round++) {
      for (String server : servers) {
        long before = calls.get();
        cluster.node(server).close();
        cluster.start(server).serve(echo());
        await("calls go on", () -> calls.get() > before + 20);
      }
    }
    stop.set(true);
    for (Thread caller : callers) {
      caller.join(20_000);
    }
    assertThat(failures).as("of " + calls + " calls").isEmpty();
  }

  @Test
  void whatRunsIsFinishedBeforeTheNodeIsGone() {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Node b = cluster.start("b");
    b.serve(Service.named("slow").method("wait", r -> {
      started.countDown();
      pass(release);
      return Message.text("done");
    }));
    RemoteService slow = cluster.start("a").service("slow");
    CompletableFuture<String> call = slow.callAsync("wait", null, String.class);
    pass(started);
    CompletableFuture<Void> closing = CompletableFuture.runAsync(b::close);
    await("the service is gone", () -> slow.instances().isEmpty());
    assertThat(closing).isNotDone();
    release.countDown();
    assertThat(get(call)).isEqualTo("done");
    get(closing);
  }

  @Test
  void aHandlerMayCallOthersWhileItsNodeDrains() {
    cluster.start("c").serve(echo());
    Node b = cluster.start("b");
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    b.serve(Service.named("middle").method("ask", r -> {
      started.countDown();
      pass(release);
      return b.service("echo").call("say", Message.text("through"));
    }));
    CompletableFuture<String> call =
        cluster.start("a").service("middle").callAsync("ask", null, String.class);
    pass(started);
    CompletableFuture<Void> closing = CompletableFuture.runAsync(b::close);
    await(
        "the service is gone",
        () -> cluster.node("a").service("middle").instances().isEmpty());
    release.countDown();
    assertThat(get(call)).isEqualTo("through");
    long before = cluster.clock().nanos();
    get(closing);
    assertThat(cluster.clock().nanos() - before)
        .as("it does not wait out the drain time for the link that the handler opened")
        .isLessThan(Duration.ofSeconds(8).toNanos());
  }

  @Test
  void whatOutlivesTheDrainTimeIsLostAndSaysSo() {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    Node b = cluster.start("b");
    b.serve(Service.named("slow").method("wait", r -> {
      started.countDown();
      Calls.blockUntilInterrupted(interrupted);
      return Message.empty();
    }));
    CompletableFuture<Message> call =
        cluster.start("a").service("slow").callAsync("wait", Message.empty());
    pass(started);
    b.close(Duration.ofMillis(50));
    LinkException e = failure(call);
    assertThat(e.status()).isEqualTo(Status.UNAVAILABLE);
    assertThat(e.ran()).isEqualTo(Ran.MAYBE);
    pass(interrupted);
  }

  @Test
  void closingOneServiceLeavesTheOthers() {
    Node b = cluster.start("b");
    Served other = b.serve(Service.named("other").method("say", r -> r.message()));
    b.serve(echo());
    Node a = cluster.start("a");
    assertThat(a.service("other").call("say", "hi", String.class)).isEqualTo("hi");
    other.close();
    LinkException e = failure(() -> a.service("other").call("say", "hi", String.class));
    assertThat(e.status()).isEqualTo(Status.UNAVAILABLE);
    assertThat(a.service("echo").call("say", "hi", String.class)).isEqualTo("hi");
    b.serve(Service.named("other").method("say", r -> r.message()));
    assertThat(a.service("other").call("say", "hi", String.class)).isEqualTo("hi");
  }

  @Test
  void aClosingNodeEndsItsOwnCallsWhateverTheyWaitFor() {
    Node b = cluster.start("b");
    b.serve(echo());
    CountDownLatch started = new CountDownLatch(1);
    b.serve(Service.named("slow").method("wait", r -> {
      started.countDown();
      Calls.blockUntilInterrupted(new CountDownLatch(1));
      return Message.empty();
    }));
    Node a = cluster.start("a");
    CompletableFuture<Message> onLink = a.service("slow").callAsync("wait", Message.empty());
    pass(started);
    cluster.start("c").serve(Service.named("far").method("say", r -> r.message()));
    a.service("far").awaitReady(1, Duration.ofSeconds(10));
    cluster.inject(Fault.stall(), "a", "c");
    CompletableFuture<Message> connecting = a.service("far").callAsync("say", Message.empty());
    await("it dials", () -> cluster.connections("a", "c") == 1);
    cluster.inject(Fault.registryLost(), "a");
    CompletableFuture<Message> discovering = a.service("unseen").callAsync("say", Message.empty());
    RemoteService afterwards = a.service("echo");

    a.close(Duration.ZERO);
    for (CompletableFuture<Message> call : List.of(onLink, connecting, discovering)) {
      assertThat(failure(call).status()).isEqualTo(Status.UNAVAILABLE);
    }
    LinkException late = failure(() -> afterwards.call("say", "hi", String.class));
    assertThat(late.status()).isEqualTo(Status.UNAVAILABLE);
    assertThat(late.problem()).contains("this node is closed");
    assertThat(failure(onLink).ran()).isEqualTo(Ran.MAYBE);
    assertThat(failure(connecting).ran()).isEqualTo(Ran.NO);
  }
}
