package io.liblink.behaviour;

import static io.liblink.behaviour.Calls.awaitCount;
import static io.liblink.behaviour.Calls.count;
import static io.liblink.behaviour.Calls.failure;
import static io.liblink.behaviour.Calls.get;
import static io.liblink.behaviour.Pushes.LONG;
import static io.liblink.behaviour.Pushes.awaitAll;
import static io.liblink.behaviour.Pushes.awaitWorkers;
import static io.liblink.behaviour.Pushes.options;
import static io.liblink.testkit.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.Node;
import io.liblink.Producer;
import io.liblink.Receipt;
import io.liblink.RemoteService;
import io.liblink.Request;
import io.liblink.Service;
import io.liblink.Trait;
import io.liblink.WorkerState;
import io.liblink.behaviour.Pushes.Seen;
import io.liblink.behaviour.Pushes.Turnstile;
import io.liblink.delivery.QueueOptions;
import io.liblink.message.Message;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.testkit.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Items go to workers, and receipts say so. */
class PushTest {
  record Sku(String code, int cents) {}

  private final TestCluster cluster = TestCluster.of();
  private final Seen seen = new Seen();

  @AfterEach
  void end() {
    cluster.close();
  }

  private Node worker(String name) {
    Node node = cluster.start(name);
    node.serve(Service.named("work")
        .meta("name", name)
        .queue("q", String.class, QueueOptions.defaults(), seen::see));
    return node;
  }

  private RemoteService work() {
    return cluster.start("producer").service("work");
  }

  // ---- receipts -----------------------------------------------------------------------------

  @Test
  void aReceiptIsDoneWhenTheWorkerReturned() throws InterruptedException {
    Turnstile turnstile = new Turnstile();
    cluster
        .start("w")
        .serve(Service.named("work").queue("q", String.class, text -> turnstile.pass()));
    RemoteService work = work();
    Receipt receipt = work.push("q", "one");
    turnstile.first.await();
    assertThat(receipt.isDone()).isFalse();
    assertThat(receipt.attempts()).isEqualTo(1);
    LinkException e = failure(() -> receipt.await(Duration.ofMillis(10)));
    assertThat(e.status()).isEqualTo(Status.DEADLINE_EXCEEDED);
    assertThat(e.ran()).isEqualTo(Ran.MAYBE);
    assertThat(e.problem()).contains("1 item is left, 1 in flight", "w@");
    CompletableFuture<Void> done = receipt.done();
    assertThat(done).isNotDone();
    turnstile.let(1);
    receipt.await(LONG);
    get(done);
    assertThat(receipt.isDone()).isTrue();
    get(receipt.done());
    receipt.await(Duration.ZERO);
  }

  @Test
  void whatIsPushedBeforeThereIsAWorkerWaitsForOne() {
    RemoteService work = work();
    Receipt receipt = work.push("q", "early");
    LinkException e = failure(() -> receipt.await(Duration.ofMillis(20)));
    assertThat(e.status()).isEqualTo(Status.DEADLINE_EXCEEDED);
    assertThat(e.ran()).isEqualTo(Ran.NO);
    assertThat(e.attempts()).isZero();
    assertThat(e.problem()).contains("1 to be sent: ");
    worker("w");
    receipt.await(LONG);
    assertThat(seen.texts).containsExactly("early");
  }

  @Test
  void workersSeeTheIdOfTheReceipt() {
    worker("w");
    RemoteService work = work();
    Receipt one = work.push("q", "one");
    Receipt two = work.push("q", "two");
    awaitAll(List.of(one, two));
    assertThat(seen.items.stream().map(i -> i.id())).containsExactlyInAnyOrder(one.id(), two.id());
    assertThat(one.id().producer()).isEqualTo(cluster.node("producer").id().toString());
    assertThat(seen.attempts()).containsExactly(1, 1);
    assertThat(seen.items.peek().producer()).isEqualTo(cluster.node("producer").identity());
    assertThat(seen.items.peek().remaining()).isBetween(Duration.ofSeconds(1), LONG.plus(LONG));
  }

  @Test
  void manyThreadsMayWaitForTheSameReceipt() throws InterruptedException {
    Turnstile turnstile = new Turnstile();
    cluster
        .start("w")
        .serve(Service.named("work").queue("q", String.class, text -> turnstile.pass()));
    Receipt receipt = work().push("q", "one");
    turnstile.first.await();
    for (int i = 0; i < 100; i++) {
      assertThat(failure(() -> receipt.await(Duration.ZERO)).status())
          .isEqualTo(Status.DEADLINE_EXCEEDED);
    }
    List<CompletableFuture<Void>> waiting = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      waiting.add(
          CompletableFuture.runAsync(() -> receipt.await(LONG), r -> new Thread(r).start()));
    }
    turnstile.let(1);
    waiting.forEach(Calls::get);
  }

  @Test
  void whatDependsOnAReceiptMayBlock() {
    worker("w");
    RemoteService work = work();
    Receipt second = get(work.push("q", "first").done().thenApply(v -> {
      Receipt next = work.push("q", "second");
      next.await(LONG);
      return next;
    }));
    assertThat(second.isDone()).isTrue();
  }

  @Test
  void anInterruptEndsTheWaitAndNotTheItem() {
    RemoteService work = work();
    Receipt receipt = work.push("q", "early");
    Thread.currentThread().interrupt();
    LinkException e = failure(() -> receipt.await(LONG));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(e.status()).isEqualTo(Status.CANCELLED);
    worker("w");
    receipt.await(LONG);
  }

  // ---- values -------------------------------------------------------------------------------

  @Test
  void itemsAreBytesTextMessagesOrValues() {
    ConcurrentLinkedQueue<Object> got = new ConcurrentLinkedQueue<>();
    cluster
        .start("w")
        .serve(Service.named("work")
            .queue("bytes", byte[].class, b -> got.add(b.length))
            .queue("text", String.class, got::add)
            .queue("message", Message.class, m -> got.add(m.headers()))
            .queue("value", Sku.class, got::add));
    RemoteService work = work().header("tenant", "acme");
    awaitAll(List.of(
        work.push("bytes", new byte[7]),
        work.push("text", "hi"),
        work.push("message", Message.text("x").withHeader("key", "value")),
        work.push("value", new Sku("A-1", 1299))));
    assertThat(got)
        .containsExactlyInAnyOrder(
            7, "hi", java.util.Map.of("key", "value", "tenant", "acme"), new Sku("A-1", 1299));
  }

  @Test
  void anItemThatDoesNotFitIsGivenUpAtOnce() {
    AtomicInteger ran = new AtomicInteger();
    cluster
        .start("w")
        .serve(Service.named("work").queue("q", Sku.class, sku -> ran.incrementAndGet()));
    LinkException e = failure(() -> work().push("q", "no sku").await(LONG));
    assertThat(e.status()).isEqualTo(Status.INVALID_ARGUMENT);
    assertThat(e.attempts()).isEqualTo(1);
    assertThat(e.problem()).contains("the item can't be read");
    assertThat(ran).hasValue(0);
    assertThat(count(cluster.node("producer"), "queue.dead")).isEqualTo(1);
  }

  @Test
  void reservedHeadersAreRefused() {
    RemoteService work = work();
    assertThatThrownBy(() -> work.push("q", Message.text("x").withHeader("liblink-attempt", "2")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("reserved");
    assertThatThrownBy(() -> work.header("Liblink-Key", "x").push("q", "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("reserved");
  }

  @Test
  void headersThatLeaveNoRoomForARepeatAreRefusedAtOnce() {
    RemoteService work = work();
    Message[] full = {Message.text("x")};
    for (int i = 0; i < 128; i++) {
      full[0] = full[0].withHeader("h" + i, "");
    }
    assertThatThrownBy(() -> work.push("q", full[0])).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> work.push("q", Message.text("x").withHeader("h", "x".repeat(16_370))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatIsNoQueueNameIsRefusedAtOnce() {
    assertThatThrownBy(() -> work().push("no queue", "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anItemThatIsTooLargeIsRefusedAtOnce() {
    LinkException e = failure(() -> work().push("q", new byte[(64 << 20) + 1]));
    assertThat(e.status()).isEqualTo(Status.RESOURCE_EXHAUSTED);
    assertThat(e.stage()).isEqualTo(Stage.SEND);
    assertThat(count(cluster.node("producer"), "drop.message_too_large")).isEqualTo(1);
  }

  // ---- many ---------------------------------------------------------------------------------

  @Test
  void manyArePushedByOneCall() {
    worker("w");
    RemoteService work = work();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      texts.add("item " + i);
    }
    List<Receipt> receipts = work.pushAll("q", texts);
    awaitAll(receipts);
    assertThat(seen.texts).containsExactlyInAnyOrderElementsOf(texts);
    assertThat(receipts.stream().map(r -> r.id().number()))
        .doesNotHaveDuplicates()
        .isSorted();
    assertThat(work.pushAll("q", List.of())).isEmpty();
  }

  @Test
  void oneBadOfManyRefusesAll() {
    worker("w");
    RemoteService work = work();
    List<Object> values = List.of("good", Message.text("bad").withHeader("liblink-x", ""), "good");
    assertThatThrownBy(() -> work.pushAll("q", values))
        .isInstanceOf(IllegalArgumentException.class);
    work.push("q", "after").await(LONG);
    assertThat(seen.texts).containsExactly("after");
  }

  @Test
  void drainWaitsForAll() throws InterruptedException {
    Turnstile turnstile = new Turnstile();
    cluster
        .start("w")
        .serve(Service.named("work").queue("q", String.class, text -> turnstile.pass()));
    try (Producer producer = work().producer("q", options())) {
      producer.drain(Duration.ZERO);
      Receipt receipt = producer.push("one");
      producer.push("two");
      turnstile.first.await();
      await("both are in flight", () -> producer.inFlight() == 2);
      assertThat(producer.waiting()).isZero();
      LinkException e = failure(() -> producer.drain(Duration.ofMillis(10)));
      assertThat(e.status()).isEqualTo(Status.DEADLINE_EXCEEDED);
      assertThat(e.problem()).contains("2 items are left, 2 in flight, 0 to be sent");
      turnstile.let(2);
      producer.drain(LONG);
      assertThat(receipt.isDone()).isTrue();
      assertThat(producer.inFlight()).isZero();
    }
  }

  // ---- who gets them ------------------------------------------------------------------------

  @Test
  void onlySelectedInstancesGetItems() {
    worker("w1");
    worker("w2");
    RemoteService work = work();
    awaitAll(work.where("name == 'w2'").pushAll("q", List.of("a", "b", "c")));
    awaitAll(work.to("w1").pushAll("q", List.of("d")));
    assertThat(count(cluster.node("w2"), "queue.worked")).isEqualTo(3);
    assertThat(count(cluster.node("w1"), "queue.worked")).isEqualTo(1);
  }

  @Test
  void anInstanceThatIsNotReadyGetsNoMoreItems() {
    Node w1 = worker("w1");
    Node w2 = cluster.start("w2");
    var served = w2.serve(
        Service.named("work").queue("q", String.class, QueueOptions.defaults(), seen::see));
    try (Producer producer = work().producer("q", options())) {
      awaitWorkers(producer, 2);
      served.ready(false);
      await("it is seen", () -> producer.workers().size() == 1);
      awaitAll(producer.pushAll(List.of("a", "b", "c")));
      assertThat(count(w1, "queue.worked")).isEqualTo(3);
      served.ready(true);
      awaitWorkers(producer, 2);
      awaitAll(producer.pushAll(List.of("d", "e", "f", "g")));
      assertThat(count(w2, "queue.worked")).isGreaterThan(0);
    }
  }

  @Test
  void itemsGoWhereTheFewestAreInFlight() {
    Turnstile slow = new Turnstile();
    AtomicInteger fast = new AtomicInteger();
    cluster
        .start("slow")
        .serve(Service.named("work")
            .queue("q", String.class, QueueOptions.defaults(), (String text) -> slow.pass()));
    cluster
        .start("fast")
        .serve(Service.named("work")
            .queue(
                "q",
                String.class,
                QueueOptions.defaults(),
                (String text) -> fast.incrementAndGet()));
    try (Producer producer = work().producer("q", options())) {
      awaitWorkers(producer, 2);
      for (int i = 0; i < 50; i++) {
        producer.push("item " + i);
        int done = i;
        await(
            "all but those that are stuck are done",
            () -> inFlight(producer, "fast") == 0
                && fast.get() + inFlight(producer, "slow") == done + 1);
      }
      assertThat(inFlight(producer, "slow")).isBetween(1, 2);
      assertThat(fast.get()).isGreaterThanOrEqualTo(48);
      slow.let(2);
      producer.drain(LONG);
    }
  }

  private static int inFlight(Producer producer, String node) {
    return producer.workers().stream()
        .filter(w -> w.node().equals(node))
        .mapToInt(WorkerState::inFlight)
        .sum();
  }

  @Test
  void creditIsNeverExceededAndNoMoreRunAtOnce() {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    cluster
        .start("w")
        .serve(Service.named("work")
            .queue("q", String.class, QueueOptions.defaults().concurrency(3), (String text) -> {
              most.accumulateAndGet(running.incrementAndGet(), Math::max);
              Thread.yield();
              running.decrementAndGet();
            }));
    AtomicInteger mostInFlight = new AtomicInteger();
    try (Producer one = work().producer("q", options());
        Producer two = cluster.start("p2").service("work").producer("q", options())) {
      awaitWorkers(one, 1);
      awaitWorkers(two, 1);
      for (int i = 0; i < 500; i++) {
        one.push("x");
        two.push("y");
        mostInFlight.accumulateAndGet(one.inFlight(), Math::max);
      }
      await("all is done", () -> {
        mostInFlight.accumulateAndGet(one.inFlight(), Math::max);
        return one.inFlight() + one.waiting() + two.inFlight() + two.waiting() == 0;
      });
    }
    assertThat(most.get()).isBetween(1, 3);
    assertThat(mostInFlight.get()).isBetween(1, 3);
  }

  @Test
  void theStateOfWorkersIsSeen() {
    worker("w1");
    try (Producer producer = work().producer("q", options())) {
      awaitWorkers(producer, 1);
      awaitAll(producer.pushAll(List.of("a", "b")));
      WorkerState state = producer.workers().get(0);
      assertThat(state.node()).isEqualTo("w1");
      assertThat(state.id()).isEqualTo(cluster.node("w1").id());
      assertThat(state.acknowledged()).isEqualTo(2);
      assertThat(state.rejected()).isZero();
      assertThat(state.inFlight()).isZero();
      assertThat(state.address()).startsWith("127.0.0.1:");
      assertThat(state.credit()).isBetween(1L, 16L);
    }
  }

  // ---- refusals -----------------------------------------------------------------------------

  @Test
  void aQueueThatIsNotThereIsSaidSo() {
    worker("w");
    Receipt receipt = work().push("typo", "x");
    await("it is known", () -> {
      LinkException e = failure(() -> receipt.await(Duration.ofMillis(1)));
      return e.problem().contains("UNIMPLEMENTED");
    });
    LinkException e = failure(() -> receipt.await(Duration.ofMillis(1)));
    assertThat(e.problem()).contains("w@", "the service 'work' has no queue 'typo'");
    assertThat(count(cluster.node("w"), "drop.unknown_endpoint")).isGreaterThan(0);
  }

  @Test
  void aMethodIsNoQueueAndAQueueNoMethod() {
    cluster
        .start("w")
        .serve(Service.named("work")
            .queue("q", String.class, text -> {})
            .method("m", r -> r.message()));
    RemoteService work = work();
    LinkException called = failure(() -> work.call("q", "x", String.class));
    assertThat(called.status()).isEqualTo(Status.UNIMPLEMENTED);
    Receipt receipt = work.push("m", "x");
    await(
        "it is refused",
        () ->
            failure(() -> receipt.await(Duration.ofMillis(1))).problem().contains("no queue 'm'"));
  }

  @Test
  void pushingOnAnEventLoopIsRefusedAndPushAsyncIsNot() {
    worker("w");
    Node node = cluster.start("both");
    try (Producer producer = node.service("work").producer("q", options())) {
      ConcurrentLinkedQueue<Object> got = new ConcurrentLinkedQueue<>();
      node.serve(Service.named("loop")
          .method(
              "sync",
              r -> {
                producer.push("x");
                return r.message();
              },
              Trait.NON_BLOCKING)
          .method(
              "async",
              r -> {
                producer.pushAsync("later").thenAccept(got::add);
                return r.message();
              },
              Trait.NON_BLOCKING));
      RemoteService loop = cluster.start("caller").service("loop");
      assertThat(failure(() -> loop.call("sync", "x", String.class)).status())
          .isEqualTo(Status.UNKNOWN);
      loop.call("async", "x", String.class);
      await("it was accepted", () -> got.size() == 1);
      producer.drain(LONG);
      assertThat(seen.texts).containsExactly("later");
    }
  }

  // ---- what workers inherit -----------------------------------------------------------------

  @Test
  void aWorkerOnTheEventLoopWorks() {
    AtomicInteger worked = new AtomicInteger();
    cluster
        .start("w")
        .serve(Service.named("work")
            .queue("q", byte[].class, bytes -> worked.addAndGet(bytes.length), Trait.NON_BLOCKING));
    RemoteService work = work();
    awaitAll(work.pushAll("q", List.of(new byte[1], new byte[20], new byte[100_000])));
    assertThat(worked).hasValue(100_021);
  }

  @Test
  void theTraceGoesOnThroughItemsAndCalls() {
    ConcurrentLinkedQueue<String> traces = new ConcurrentLinkedQueue<>();
    Node w = cluster.start("w");
    RemoteService other = w.service("other");
    w.serve(Service.named("work")
        .queue("q", String.class, QueueOptions.defaults(), (text, item) -> {
          traces.add(item.traceparent());
          other.call("m", text, String.class);
        }));
    cluster.start("o").serve(Service.named("other").method("m", r -> {
      traces.add(r.traceparent());
      return r.message();
    }));
    Node p = cluster.start("p");
    RemoteService work = p.service("work");
    p.serve(Service.named("entry").method("m", r -> {
      traces.add(Request.current().orElseThrow().traceparent());
      work.push("q", "x").await(LONG);
      return r.message();
    }));
    cluster.start("c").service("entry").timeout(LONG).call("m", "x", String.class);
    assertThat(traces).hasSize(3);
    assertThat(traces.stream().map(t -> t.substring(3, 35)).distinct()).hasSize(1);
    assertThat(traces.stream().map(t -> t.substring(36, 52)).distinct()).hasSize(3);
  }

  @Test
  void callsOfAWorkerEndWithTheTimeOfItsItem() {
    Node w = cluster.start("w");
    RemoteService slow = w.service("slow").timeout(Duration.ofMinutes(5));
    ConcurrentLinkedQueue<Duration> left = new ConcurrentLinkedQueue<>();
    w.serve(Service.named("work").queue("q", String.class, t -> slow.call("m", t, String.class)));
    cluster.start("s").serve(Service.named("slow").method("m", r -> {
      left.add(r.remaining());
      return r.message();
    }));
    try (Producer producer = work().producer("q", options().itemTimeout(Duration.ofSeconds(10)))) {
      producer.push("x").await(LONG);
    }
    assertThat(left.poll()).isLessThanOrEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void whatHappenedIsCounted() {
    worker("w");
    awaitAll(work().pushAll("q", List.of("a", "b", "c")));
    Node p = cluster.node("producer");
    assertThat(count(p, "queue.pushed")).isEqualTo(3);
    assertThat(count(p, "queue.attempts")).isEqualTo(3);
    assertThat(count(p, "queue.settled")).isEqualTo(3);
    awaitCount(cluster.node("w"), "queue.worked", 3);
    assertThat(count(cluster.node("w"), "queue.repeats")).isZero();
  }
}
