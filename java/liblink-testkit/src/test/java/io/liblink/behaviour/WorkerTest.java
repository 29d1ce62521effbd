package io.liblink.behaviour;

import static io.liblink.behaviour.Calls.count;
import static io.liblink.behaviour.Calls.failure;
import static io.liblink.behaviour.Calls.pass;
import static io.liblink.behaviour.Pushes.LONG;
import static io.liblink.behaviour.Pushes.awaitAll;
import static io.liblink.behaviour.Pushes.awaitWorkers;
import static io.liblink.behaviour.Pushes.eager;
import static io.liblink.behaviour.Pushes.options;
import static io.liblink.testkit.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.Item;
import io.liblink.Node;
import io.liblink.Producer;
import io.liblink.Receipt;
import io.liblink.RemoteService;
import io.liblink.Service;
import io.liblink.behaviour.Pushes.Turnstile;
import io.liblink.delivery.QueueOptions;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import io.liblink.testkit.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How items are worked on. */
class WorkerTest {
  private final TestCluster cluster = TestCluster.of();
  private final Turnstile turnstile = new Turnstile();

  @AfterEach
  void end() {
    turnstile.let(1_000_000);
    cluster.close();
  }

  private static QueueOptions concurrency(int items) {
    return QueueOptions.defaults().concurrency(items);
  }

  @Test
  void asManyRunAtOnceAsTheConcurrencySays() {
    AtomicInteger running = new AtomicInteger();
    cluster
        .start("w")
        .serve(Service.named("work").queue("q", String.class, concurrency(40), (String text) -> {
          running.incrementAndGet();
          turnstile.pass();
        }));
    try (Producer producer = cluster.start("p").service("work").producer("q", options())) {
      for (int i = 0; i < 100; i++) {
        producer.push("x");
      }
      await("forty run", () -> running.get() == 40);
      assertThat(producer.inFlight()).isEqualTo(40);
      turnstile.let(100);
      producer.drain(LONG);
      assertThat(running).hasValue(100);
    }
  }

  @Test
  void oneThatBlocksDoesNotHoldUpThoseThatWereReadWithIt() {
    AtomicInteger done = new AtomicInteger();
    cluster
        .start("w")
        .serve(Service.named("work").queue("q", String.class, concurrency(64), (String text) -> {
          if (text.equals("slow")) {
            turnstile.pass();
          }
          done.incrementAndGet();
        }));
    try (Producer producer = cluster.start("p").service("work").producer("q", options())) {
      for (int i = 0; i < 2000; i++) {
        producer.push("quick");
      }
      producer.drain(LONG);
      for (int round = 0; round < 20; round++) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
          texts.add(i == 3 ? "slow" : "quick");
        }
        List<Receipt> receipts = producer.pushAll(texts);
        Receipt slow = receipts.remove(3);
        awaitAll(receipts);
        assertThat(slow.isDone()).isFalse();
        turnstile.let(1);
        slow.await(LONG);
      }
    }
    assertThat(done).hasValue(2800);
  }

  @Test
  void twoProducersAreServedInTurns() throws InterruptedException {
    ConcurrentLinkedQueue<String> order = new ConcurrentLinkedQueue<>();
    cluster
        .start("w")
        .serve(Service.named("work").queue("q", String.class, concurrency(1), (String text) -> {
          turnstile.pass();
          order.add(text);
        }));
    try (Producer greedy = cluster.start("p1").service("work").producer("q", options());
        Producer modest = cluster.start("p2").service("work").producer("q", options())) {
      awaitWorkers(greedy, 1);
      awaitWorkers(modest, 1);
      for (int i = 0; i < 50; i++) {
        greedy.push("greedy");
      }
      turnstile.first.await();
      for (int i = 0; i < 5; i++) {
        modest.push("modest");
      }
      await("it waits beside the others", () -> modest.inFlight() == 1);
      turnstile.let(55);
      greedy.drain(LONG);
      modest.drain(LONG);
    }
    List<String> all = new ArrayList<>(order);
    // The first that waits beside the others: when the later ones come is up to the way to their
    // producer.
    assertThat(all.indexOf("modest")).as("in " + all).isLessThan(10);
  }

  /** What was sent to the worker before is there when it has answered, for a link keeps the order. */
  private void arrived(int producers) {
    for (int turn = 0; turn < 2; turn++) {
      for (int i = 0; i < producers; i++) {
        cluster.node("p" + i).service("liblink").to("w").call("ping", "", String.class);
      }
    }
  }

  @Test
  void creditIsKeptBackWhileTooMuchWaits() {
    cluster
        .start("w")
        .serve(Service.named("work")
            .queue("q", String.class, concurrency(4), (String text) -> turnstile.pass()));
    List<Producer> producers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Producer producer = cluster.start("p" + i).service("work").producer("q", options());
      producers.add(producer);
      awaitWorkers(producer, 1);
      for (int n = 0; n < 40; n++) {
        producer.push("x");
      }
    }
    await("all have sent what they may", () -> producers.stream().allMatch(p -> p.inFlight() == 4));
    arrived(10);
    turnstile.let(30);
    await("30 are done", () -> count(cluster.node("w"), "queue.worked") == 30);
    await(
        "as many are not sent again",
        () -> producers.stream().mapToInt(Producer::inFlight).sum() <= 14);
    await("each has one there", () -> producers.stream().allMatch(p -> p.inFlight() >= 1));
    turnstile.let(1000);
    producers.forEach(p -> p.drain(LONG));
    producers.forEach(Producer::close);
    assertThat(count(cluster.node("w"), "queue.worked")).isEqualTo(400);
  }

  @Test
  void anItemMayBeFinishedLaterWithoutAThread() {
    Map<String, CompletableFuture<Void>> open = new ConcurrentHashMap<>();
    cluster
        .start("w")
        .serve(Service.named("work")
            .queueAsync(
                "q",
                String.class,
                concurrency(3),
                (text, item) -> open.computeIfAbsent(text, t -> new CompletableFuture<>())));
    try (Producer producer = cluster.start("p").service("work").producer("q", eager())) {
      List<Receipt> receipts = producer.pushAll(List.of("a", "b", "c", "d", "e"));
      await("three are begun", () -> open.size() == 3);
      assertThat(open).containsOnlyKeys("a", "b", "c");
      assertThat(receipts).noneMatch(Receipt::isDone);
      open.get("b").complete(null);
      receipts.get(1).await(LONG);
      await("a fourth is begun", () -> open.containsKey("d"));
      open.get("a").completeExceptionally(new LinkException(Status.INVALID_ARGUMENT, "never"));
      assertThat(failure(() -> receipts.get(0).await(LONG)).problem()).contains("never");
      await("the fifth is begun", () -> open.containsKey("e"));
      open.values().forEach(f -> f.complete(null));
      awaitAll(receipts.subList(1, 5));
    }
  }

  @Test
  void anAsyncWorkerThatFailsAtOnceOrReturnsNothingRejects() {
    cluster
        .start("w")
        .serve(Service.named("work")
            .queueAsync("q", String.class, concurrency(3), (text, item) -> switch (text) {
              case "throws" -> throw new LinkException(Status.INVALID_ARGUMENT, "thrown");
              case "failed" ->
                CompletableFuture.failedFuture(
                    new LinkException(Status.INVALID_ARGUMENT, "failed"));
              case "null" -> null;
              default -> CompletableFuture.completedFuture("done");
            }));
    try (Producer producer =
        cluster.start("p").service("work").producer("q", eager().attempts(1))) {
      assertThat(failure(() -> producer.push("throws").await(LONG)).problem()).contains("thrown");
      assertThat(failure(() -> producer.push("failed").await(LONG)).problem()).contains("failed");
      assertThat(failure(() -> producer.push("null").await(LONG)).status())
          .isEqualTo(Status.UNKNOWN);
      producer.push("ok").await(LONG);
    }
  }

  @Test
  void anAsyncItemWhoseTimeIsOverIsAnswered() {
    CompletableFuture<Void> never = new CompletableFuture<>();
    ConcurrentLinkedQueue<Item> items = new ConcurrentLinkedQueue<>();
    cluster
        .start("w")
        .serve(Service.named("work").queueAsync("q", String.class, concurrency(1), (text, item) -> {
          items.add(item);
          return never;
        }));
    try (Producer producer = cluster
        .start("p")
        .service("work")
        .producer("q", eager().attempts(1).itemTimeout(Duration.ofMillis(100)))) {
      assertThat(failure(() -> producer.push("x").await(LONG)).status())
          .isEqualTo(Status.DEADLINE_EXCEEDED);
      await("it sees that", () -> items.element().cancelled());
      never.complete(null);
      await(
          "what comes of it is counted", () -> count(cluster.node("w"), "drop.ack_unwanted") == 1);
    }
  }

  @Test
  void anItemThatWaitedTooLongForAWorkerIsHandedBackUntouched() {
    AtomicInteger ran = new AtomicInteger();
    cluster
        .start("w")
        .serve(Service.named("work").queue("q", String.class, concurrency(2), (String text) -> {
          ran.incrementAndGet();
          if (text.equals("slow")) {
            pass(new CountDownLatch(0));
            turnstile.pass();
          }
        }));
    try (Producer one = cluster.start("p1").service("work").producer("q", options());
        Producer two = cluster
            .start("p2")
            .service("work")
            .producer("q", eager().attempts(3).itemTimeout(Duration.ofMillis(200)))) {
      awaitWorkers(one, 1);
      awaitWorkers(two, 1);
      one.pushAll(List.of("slow", "slow"));
      await("all are busy", () -> ran.get() == 2);
      Receipt receipt = two.push("quick");
      await(
          "its time passes at the worker",
          () ->
              count(cluster.node("p2"), "queue.late") + count(cluster.node("p2"), "queue.returned")
                  > 0);
      turnstile.let(2);
      one.drain(LONG);
      await("it is over", receipt::isDone);
    }
  }

  // ---- stages -------------------------------------------------------------------------------

  @Test
  void stagesThatWaitForEachOtherInOneNodeDoNotStarve() {
    AtomicInteger last = new AtomicInteger();
    Node node = cluster.start("w");
    RemoteService next = node.service("stages");
    node.serve(Service.named("stages")
        .queue(
            "one",
            String.class,
            concurrency(100),
            (String t) -> next.push("two", t).await(LONG))
        .queue(
            "two",
            String.class,
            concurrency(100),
            (String t) -> next.push("three", t).await(LONG))
        .queue("three", String.class, concurrency(4), (String t) -> last.incrementAndGet()));
    try (Producer producer = cluster.start("p").service("stages").producer("one", options())) {
      for (int i = 0; i < 1000; i++) {
        producer.push("x");
      }
      producer.drain(LONG);
    }
    assertThat(last).hasValue(1000);
  }

  @Test
  void aStageMayPassOnWithoutAThread() {
    AtomicInteger last = new AtomicInteger();
    Node second = cluster.start("w2");
    second.serve(Service.named("second").queue("q", String.class, t -> last.incrementAndGet()));
    Node first = cluster.start("w1");
    RemoteService next = first.service("second");
    first.serve(Service.named("first")
        .queueAsync(
            "q",
            String.class,
            concurrency(500),
            (text, item) -> next.push("q", text).done()));
    try (Producer producer = cluster.start("p").service("first").producer("q", options())) {
      for (int i = 0; i < 1000; i++) {
        producer.push("x");
      }
      producer.drain(LONG);
      assertThat(last).hasValue(1000);
    }
  }

  @Test
  void workersOfAServiceThatAlsoHasMethodsWork() {
    cluster
        .start("w")
        .serve(Service.named("work")
            .queue("q", String.class, text -> {})
            .method("m", String.class, text -> text));
    RemoteService work = cluster.start("p").service("work");
    work.push("q", "x").await(LONG);
    assertThat(work.call("m", "x", String.class)).isEqualTo("x");
    assertThat(work.instances().get(0).endpoints())
        .anyMatch(e -> e.name().equals("q") && e.kind() == io.liblink.registry.Endpoint.Kind.QUEUE);
  }
}
