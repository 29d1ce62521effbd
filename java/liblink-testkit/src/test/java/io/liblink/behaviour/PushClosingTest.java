package io.liblink.behaviour;

import static io.liblink.behaviour.Calls.count;
import static io.liblink.behaviour.Calls.failure;
import static io.liblink.behaviour.Calls.get;
import static io.liblink.behaviour.Pushes.LONG;
import static io.liblink.behaviour.Pushes.awaitAll;
import static io.liblink.behaviour.Pushes.awaitWorkers;
import static io.liblink.behaviour.Pushes.eager;
import static io.liblink.behaviour.Pushes.options;
import static io.liblink.testkit.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.Node;
import io.liblink.Producer;
import io.liblink.Receipt;
import io.liblink.RemoteService;
import io.liblink.Served;
import io.liblink.Service;
import io.liblink.behaviour.Pushes.Seen;
import io.liblink.behaviour.Pushes.Turnstile;
import io.liblink.delivery.QueueOptions;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Status;
import io.liblink.testkit.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Leaving, on either side: what was begun is finished, the rest goes elsewhere. */
class PushClosingTest {
  private final TestCluster cluster = TestCluster.of();
  private final Turnstile turnstile = new Turnstile();
  private final Seen seen = new Seen();

  @AfterEach
  void end() {
    turnstile.let(1_000_000);
    cluster.close();
  }

  private Served serve(String name) {
    return cluster
        .start(name)
        .serve(Service.named("work")
            .queue("q", String.class, QueueOptions.defaults().concurrency(2), (text, item) -> {
              seen.see(text, item);
              turnstile.pass();
            }));
  }

  private RemoteService work() {
    return cluster.start("producer").service("work");
  }

  // ---- the worker leaves --------------------------------------------------------------------

  @Test
  void aServiceThatClosesFinishesWhatItBeganAndHandsBackTheRest() {
    Served first = serve("w1");
    try (Producer producer = work().producer("q", eager());
        Producer other = cluster.start("p2").service("work").producer("q", eager())) {
      awaitWorkers(producer, 1);
      awaitWorkers(other, 1);
      List<Receipt> receipts = new ArrayList<>(producer.pushAll(List.of("a", "b")));
      seen.await(2);
      receipts.addAll(other.pushAll(List.of("c", "d")));
      await("two wait there", () -> other.inFlight() == 2);
      CompletableFuture<Void> closing = CompletableFuture.runAsync(first::close);
      await("they are handed back", () -> other.waiting() == 2);
      assertThat(closing).isNotDone();
      assertThat(producer.inFlight()).isEqualTo(2);
      turnstile.let(2);
      get(closing);
      receipts.get(0).await(LONG);
      receipts.get(1).await(LONG);
      serve("w2");
      turnstile.let(2);
      awaitAll(receipts);
      assertThat(receipts).allMatch(r -> r.attempts() <= 2);
    }
    assertThat(seen.attempts()).as("what was handed back did not count").containsOnly(1);
    assertThat(count(cluster.node("w1"), "queue.unbegun")).isEqualTo(2);
    assertThat(count(cluster.node("p2"), "queue.returned")).isEqualTo(2);
    assertThat(count(cluster.node("producer"), "queue.returned")).isZero();
  }

  @Test
  void aNodeThatClosesDoesTheSame() {
    serve("w1");
    try (Producer producer = work().producer("q", eager())) {
      awaitWorkers(producer, 1);
      List<Receipt> receipts = producer.pushAll(List.of("a", "b", "c"));
      seen.await(2);
      CompletableFuture<Void> closing = CompletableFuture.runAsync(cluster.node("w1")::close);
      await("it takes no more", () -> producer.workers().isEmpty());
      turnstile.let(2);
      get(closing);
      receipts.get(0).await(LONG);
      receipts.get(1).await(LONG);
      serve("w2");
      turnstile.let(1);
      awaitAll(receipts);
    }
    assertThat(seen.attempts()).containsOnly(1);
  }

  @Test
  void whatOutlivesTheDrainTimeIsTriedElsewhere() {
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch began = new CountDownLatch(1);
    cluster.start("w1").serve(Service.named("work").queue("q", String.class, text -> {
      began.countDown();
      Calls.blockUntilInterrupted(interrupted);
    }));
    try (Producer producer = work().producer("q", eager())) {
      Receipt receipt = producer.push("x");
      Calls.pass(began);
      cluster.node("w1").close(Duration.ofMillis(20));
      Calls.pass(interrupted);
      serve("w2");
      turnstile.let(1);
      receipt.await(LONG);
      assertThat(receipt.attempts()).isEqualTo(2);
      assertThat(seen.attempts()).containsExactly(2);
    }
  }

  @Test
  void aRollingRestartUnderLoadLosesNothingAndCountsNothingAgainstItems() {
    List<String> names = List.of("w1", "w2", "w3");
    names.forEach(this::serve);
    turnstile.let(1_000_000);
    try (Producer producer = work().producer("q", eager().attempts(1))) {
      List<Receipt> receipts = new ArrayList<>();
      for (int round = 0; round < 5; round++) {
        for (String name : names) {
          for (int i = 0; i < 500; i++) {
            receipts.add(producer.push("x"));
          }
          cluster.node(name).close();
          serve(name);
        }
      }
      awaitAll(receipts);
      assertThat(receipts).hasSize(7500);
    }
    assertThat(seen.attempts()).hasSize(7500).containsOnly(1);
  }

  @Test
  void aQueueOfAClosedServiceMayBeServedAgain() {
    Served served = serve("w");
    RemoteService work = work();
    turnstile.let(2);
    work.push("q", "a").await(LONG);
    served.close();
    Receipt receipt = work.push("q", "b");
    cluster.node("w").serve(Service.named("work").queue("q", String.class, turnstileless()));
    receipt.await(LONG);
    assertThat(seen.texts).containsExactly("a", "b");
  }

  private io.liblink.Worker<String> turnstileless() {
    return text -> seen.texts.add(text);
  }

  // ---- the producer leaves ------------------------------------------------------------------

  @Test
  void aNodeThatClosesWaitsForWhatItPushed() {
    serve("w");
    Node p = cluster.start("p");
    RemoteService work = p.service("work");
    Receipt receipt = work.push("q", "a");
    seen.await(1);
    CompletableFuture<Void> closing = CompletableFuture.runAsync(p::close);
    await("it takes no more", () -> {
      try {
        return failure(() -> work.push("q", "late")).status() == Status.UNAVAILABLE;
      } catch (AssertionError e) {
        return false;
      }
    });
    turnstile.let(1_000_000);
    get(closing);
    assertThat(receipt.isDone()).isTrue();
    receipt.await(Duration.ZERO);
    assertThat(count(p, "drop.item_abandoned")).isZero();
  }

  @Test
  void whatIsOnlyInMemoryWhenTheTimeIsOverFailsAndIsCounted() {
    serve("w");
    Node p = cluster.start("p");
    List<Receipt> receipts = p.service("work").pushAll("q", List.of("a", "b", "c", "d"));
    seen.await(2);
    CompletableFuture<Void> future = receipts.get(3).done();
    p.close(Duration.ofMillis(30));
    for (Receipt receipt : receipts) {
      assertThat(receipt.isDone()).isTrue();
    }
    LinkException e = failure(future);
    assertThat(e.status()).isEqualTo(Status.UNAVAILABLE);
    assertThat(e.ran()).isEqualTo(Ran.MAYBE);
    assertThat(e.problem()).contains("closed before the item was settled");
    assertThat(count(p, "drop.item_abandoned")).isEqualTo(4);
    assertThat(count(p, "queue.settled")).isZero();
  }

  @Test
  void closingAProducerLeavesTheOthersOfItsNode() {
    serve("w");
    turnstile.let(1_000_000);
    RemoteService work = work();
    Producer one = work.producer("q", options());
    Producer two = work.producer("q", options());
    one.push("a").await(LONG);
    one.close();
    one.close();
    two.push("b").await(LONG);
    work.push("q", "c").await(LONG);
    assertThat(failure(() -> one.push("d")).status()).isEqualTo(Status.UNAVAILABLE);
    two.close();
  }

  @Test
  void aProducerThatClosesCancelsItsStreams() {
    serve("w");
    turnstile.let(1_000_000);
    RemoteService work = work();
    for (int i = 0; i < 20; i++) {
      try (Producer producer = work.producer("q", options())) {
        producer.push("x").await(LONG);
      }
    }
    // As many streams as a peer may have would be used up otherwise.
    assertThat(work.timeout(LONG).instances()).hasSize(1);
    await("the worker has none", () -> {
      cluster.node("w").counters();
      return count(cluster.node("w"), "queue.worked") == 20;
    });
  }

  @Test
  void aWorkerWhoseProducerIsGoneDropsWhatItDidNotBegin() {
    cluster
        .start("w")
        .serve(Service.named("work")
            .method("m", r -> r.message())
            .queue("q", String.class, QueueOptions.defaults().concurrency(2), (text, item) -> {
              seen.see(text, item);
              turnstile.pass();
            }));
    Node p = cluster.start("p");
    p.service("work").pushAll("q", List.of("a", "b"));
    seen.await(2);
    Node p2 = cluster.start("p2");
    RemoteService second = p2.service("work");
    second.pushAll("q", List.of("c", "d"));
    await("they are sent", () -> count(p2, "queue.attempts") == 2);
    second.call("m", "behind them on the same link", String.class);
    p2.close(Duration.ZERO);
    await("they are dropped there", () -> count(cluster.node("w"), "drop.item_expired") == 2);
    turnstile.let(1_000_000);
    p.close();
    assertThat(seen.texts).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void aClosedNodePushesNothing() {
    Node p = cluster.start("p");
    RemoteService work = p.service("work");
    p.close();
    assertThat(failure(() -> work.push("q", "x")).status()).isEqualTo(Status.UNAVAILABLE);
    assertThatThrownBy(() -> p.service("work")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aWorkerMayPushOnWhileItsNodeCloses() {
    Node last = cluster.start("last");
    last.serve(Service.named("last").queue("q", String.class, text -> seen.texts.add(text)));
    CountDownLatch began = new CountDownLatch(1);
    Node middle = cluster.start("middle");
    RemoteService next = middle.service("last");
    middle.serve(Service.named("work").queue("q", String.class, text -> {
      began.countDown();
      turnstile.pass();
      next.push("q", text).await(LONG);
    }));
    Receipt receipt = work().push("q", "through");
    Calls.pass(began);
    CompletableFuture<Void> closing = CompletableFuture.runAsync(middle::close);
    await(
        "it is closing",
        () -> cluster.node("producer").service("work").instances().isEmpty());
    turnstile.let(1);
    receipt.await(LONG);
    get(closing);
    assertThat(seen.texts).containsExactly("through");
    assertThat(receipt.attempts()).isEqualTo(1);
  }
}
