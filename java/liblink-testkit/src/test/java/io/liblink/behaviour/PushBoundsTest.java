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

import io.liblink.Producer;
import io.liblink.Receipt;
import io.liblink.RemoteService;
import io.liblink.Service;
import io.liblink.behaviour.Pushes.Turnstile;
import io.liblink.delivery.ProducerOptions;
import io.liblink.delivery.QueueOptions;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.testkit.Fault;
import io.liblink.testkit.TestCluster;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Buffers are bounded, and large items travel among small ones. */
class PushBoundsTest {
  private final TestCluster cluster = TestCluster.of();
  private final Turnstile turnstile = new Turnstile();

  @AfterEach
  void end() {
    turnstile.let(1_000_000);
    cluster.close();
  }

  private RemoteService work() {
    cluster
        .start("w")
        .serve(Service.named("work").queue("q", byte[].class, bytes -> turnstile.pass()));
    return cluster.start("producer").service("work");
  }

  private static CompletableFuture<Receipt> inThread(
      Producer producer, Object value, AtomicReference<Thread> thread) {
    CompletableFuture<Receipt> pushed = new CompletableFuture<>();
    Thread t = new Thread(() -> {
      try {
        pushed.complete(producer.push(value));
      } catch (Throwable e) {
        pushed.completeExceptionally(e);
      }
    });
    thread.set(t);
    t.start();
    await("it blocks", () -> t.getState() == Thread.State.WAITING || pushed.isDone());
    return pushed;
  }

  // ---- full ---------------------------------------------------------------------------------

  @Test
  void aFullBufferBlocksUntilAnItemIsSettled() {
    AtomicReference<Thread> thread = new AtomicReference<>();
    try (Producer producer = work().producer("q", options().buffer(2, 1 << 20))) {
      producer.push(new byte[1]);
      producer.push(new byte[1]);
      CompletableFuture<Receipt> third = inThread(producer, new byte[1], thread);
      assertThat(third).isNotDone();
      assertThat(producer.waiting() + producer.inFlight()).isEqualTo(2);
      turnstile.let(1);
      Receipt receipt = get(third);
      turnstile.let(2);
      receipt.await(LONG);
      producer.drain(LONG);
    }
  }

  @Test
  void bytesAreBoundedToo() {
    AtomicReference<Thread> thread = new AtomicReference<>();
    try (Producer producer = work().producer("q", options().buffer(1000, 1000))) {
      producer.push(new byte[900]);
      CompletableFuture<Receipt> second = inThread(producer, new byte[200], thread);
      assertThat(second).isNotDone();
      turnstile.let(2);
      get(second);
      producer.drain(LONG);
      producer.push(new byte[50_000]);
      turnstile.let(1);
      producer.drain(LONG);
    }
  }

  @Test
  void aFullBufferFailsAtOnceWhereThatIsWanted() {
    try (Producer producer = work().producer("q", options().buffer(2, 1 << 20).failWhenFull())) {
      awaitWorkers(producer, 1);
      producer.pushAll(List.of(new byte[1], new byte[1]));
      LinkException e = failure(() -> producer.push(new byte[1]));
      assertThat(e.status()).isEqualTo(Status.RESOURCE_EXHAUSTED);
      assertThat(e.stage()).isEqualTo(Stage.SEND);
      assertThat(e.problem()).contains("2 of 2 items", "work/q", "ProducerOptions.buffer", "w@");
      assertThat(failure(producer.pushAsync(new byte[1])).status())
          .isEqualTo(Status.RESOURCE_EXHAUSTED);
      assertThat(count(cluster.node("producer"), "drop.buffer_full")).isEqualTo(2);
      turnstile.let(2);
      producer.drain(LONG);
      get(producer.pushAsync(new byte[1]));
      turnstile.let(1);
      producer.drain(LONG);
    }
  }

  @Test
  void pushAsyncNeverBlocks() {
    try (Producer producer = work().producer("q", options().buffer(1, 1 << 20))) {
      get(producer.pushAsync(new byte[1]));
      assertThat(failure(producer.pushAsync(new byte[1])).status())
          .isEqualTo(Status.RESOURCE_EXHAUSTED);
      turnstile.let(1);
      producer.drain(LONG);
    }
  }

  @Test
  void manyAreAcceptedAllOrNone() {
    try (Producer producer = work().producer("q", options().buffer(3, 1 << 20).failWhenFull())) {
      producer.push(new byte[1]);
      assertThat(failure(() -> producer.pushAll(List.of(new byte[1], new byte[1], new byte[1])))
              .status())
          .isEqualTo(Status.RESOURCE_EXHAUSTED);
      assertThat(producer.waiting() + producer.inFlight()).isEqualTo(1);
      producer.pushAll(List.of(new byte[1], new byte[1]));
      turnstile.let(3);
      producer.drain(LONG);
    }
    assertThat(count(cluster.node("producer"), "queue.pushed")).isEqualTo(3);
  }

  @Test
  void moreThanTheBufferHoldsIsAcceptedWhenItIsEmpty() {
    try (Producer producer = work().producer("q", options().buffer(3, 1 << 20))) {
      List<byte[]> ten = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        ten.add(new byte[1]);
      }
      List<Receipt> receipts = producer.pushAll(ten);
      turnstile.let(10);
      awaitAll(receipts);
    }
  }

  @Test
  void whoWaitsForRoomCanBeInterrupted() {
    AtomicReference<Thread> thread = new AtomicReference<>();
    try (Producer producer = work().producer("q", options().buffer(1, 1 << 20))) {
      producer.push(new byte[1]);
      CompletableFuture<Receipt> second = inThread(producer, new byte[1], thread);
      thread.get().interrupt();
      LinkException e = failure(second);
      assertThat(e.status()).isEqualTo(Status.CANCELLED);
      turnstile.let(1);
      producer.drain(LONG);
    }
    assertThat(count(cluster.node("producer"), "queue.pushed")).isEqualTo(1);
  }

  @Test
  void closingTheProducerEndsTheWaitForRoom() {
    AtomicReference<Thread> thread = new AtomicReference<>();
    Producer producer = work().producer("q", options().buffer(1, 1 << 20));
    producer.push(new byte[1]);
    CompletableFuture<Receipt> second = inThread(producer, new byte[1], thread);
    CompletableFuture<Void> closing = CompletableFuture.runAsync(producer::close);
    LinkException e = failure(second);
    assertThat(e.status()).isEqualTo(Status.UNAVAILABLE);
    assertThat(e.problem()).contains("closed");
    turnstile.let(1);
    get(closing);
    assertThat(failure(() -> producer.push(new byte[1])).status()).isEqualTo(Status.UNAVAILABLE);
    assertThat(failure(producer.pushAsync(new byte[1])).status()).isEqualTo(Status.UNAVAILABLE);
    producer.close();
  }

  @Test
  void wrongOptionsAreRefusedAtOnce() {
    ProducerOptions o = options();
    List<Runnable> wrong = List.of(
        () -> o.buffer(0, 1),
        () -> o.buffer(1, 0),
        () -> o.attempts(0),
        () -> o.spoolBytes(0),
        () -> o.itemTimeout(java.time.Duration.ZERO),
        () -> o.itemTimeout(java.time.Duration.ofDays(41)),
        () -> o.syncEvery(java.time.Duration.ofMillis(-1)),
        () -> o.backoff(java.time.Duration.ofMillis(-1), java.time.Duration.ofMillis(1)),
        () -> o.backoff(java.time.Duration.ofMillis(2), java.time.Duration.ofMillis(1)),
        () -> QueueOptions.defaults().concurrency(0),
        () -> QueueOptions.defaults().concurrency(1_000_001),
        () -> QueueOptions.defaults().deduplicate(0, java.time.Duration.ofSeconds(1)),
        () -> QueueOptions.defaults().deduplicate(1, java.time.Duration.ZERO));
    assertThat(wrong)
        .allSatisfy(w -> assertThatThrownBy(w::run).isInstanceOf(IllegalArgumentException.class));
  }

  @Test
  void aSpoolNeedsSomebodyWhoKeepsIt() {
    RemoteService work = cluster.start("producer").service("work");
    LinkException e = failure(() -> work.producer("q", options().spool(Path.of("target", "none"))));
    assertThat(e.status()).isEqualTo(Status.FAILED_PRECONDITION);
    assertThat(e.problem()).contains("liblink-spool");
  }

  // ---- large --------------------------------------------------------------------------------

  @Test
  void largeItemsTravelInFragmentsAmongSmallOnes() {
    ConcurrentLinkedQueue<Integer> sizes = new ConcurrentLinkedQueue<>();
    AtomicInteger wrong = new AtomicInteger();
    for (String name : new String[] {"w1", "w2"}) {
      cluster
          .start(name)
          .serve(Service.named("work")
              .queue("q", byte[].class, QueueOptions.defaults().concurrency(8), (byte[] bytes) -> {
                sizes.add(bytes.length);
                if (!Arrays.equals(bytes, pattern(bytes.length))) {
                  wrong.incrementAndGet();
                }
              }));
    }
    int[] kinds = {0, 1, 16_384, 16_385, 1 << 20, 5_000_000};
    try (Producer producer = cluster.start("producer").service("work").producer("q", options())) {
      awaitWorkers(producer, 2);
      for (int i = 0; i < 60; i++) {
        producer.push(pattern(kinds[i % kinds.length]));
      }
      producer.drain(LONG);
    }
    assertThat(wrong).hasValue(0);
    assertThat(sizes).hasSize(60);
    for (int kind : kinds) {
      assertThat(sizes.stream().filter(s -> s == kind)).hasSize(10);
    }
  }

  private static byte[] pattern(int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i += 997) {
      bytes[i] = (byte) (i + size);
    }
    return bytes;
  }

  @Test
  void aRepeatOfALargeItemIsWhole() {
    AtomicInteger ran = new AtomicInteger();
    ConcurrentLinkedQueue<Integer> attempts = new ConcurrentLinkedQueue<>();
    cluster
        .start("w")
        .serve(Service.named("work")
            .queue("q", byte[].class, QueueOptions.defaults(), (bytes, item) -> {
              assertThat(bytes).isEqualTo(pattern(300_000));
              attempts.add(item.attempt());
              if (ran.incrementAndGet() == 1) {
                throw new IllegalStateException("not yet");
              }
            }));
    try (Producer producer = cluster.start("producer").service("work").producer("q", eager())) {
      producer.push(pattern(300_000)).await(LONG);
    }
    assertThat(attempts).containsExactly(1, 2);
  }

  @Test
  void aLinkThatIsCutInTheMiddleOfALargeItemLosesNothing() {
    AtomicInteger ran = new AtomicInteger();
    cluster
        .start("w")
        .serve(
            Service.named("work").queue("q", byte[].class, bytes -> ran.addAndGet(bytes.length)));
    try (Producer producer = cluster.start("producer").service("work").producer("q", eager())) {
      awaitWorkers(producer, 1);
      TestCluster.Injected stall = cluster.inject(Fault.stall(), "producer", "w");
      List<Receipt> receipts = producer.pushAll(List.of(new byte[20_000_000], new byte[1]));
      await("it is on its way", () -> producer.inFlight() > 0);
      cluster.inject(Fault.cut(), "producer", "w");
      stall.close();
      awaitAll(receipts);
      assertThat(ran).hasValue(20_000_001);
    }
  }

  @Test
  void whatAnInstanceDoesNotTakeGoesToAnotherThatDoes() {
    TestCluster mixed = TestCluster.builder()
        .options("small", o -> o.limits(l -> l.messageBytes(100_000)))
        .start("small", "large", "producer");
    try (mixed) {
      AtomicInteger ran = new AtomicInteger();
      for (String name : new String[] {"small", "large"}) {
        mixed
            .node(name)
            .serve(Service.named("work").queue("q", byte[].class, bytes -> ran.incrementAndGet()));
      }
      RemoteService work = mixed.node("producer").service("work");
      try (Producer producer = work.producer("q", eager());
          Producer only = work.to("small").producer("q", eager().attempts(2))) {
        awaitWorkers(producer, 2);
        List<Receipt> receipts = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
          receipts.add(producer.push(new byte[200_000]));
        }
        awaitAll(receipts);
        assertThat(ran).hasValue(6);
        LinkException e = failure(() -> only.push(new byte[200_000]).await(LONG));
        assertThat(e.status()).isEqualTo(Status.RESOURCE_EXHAUSTED);
        assertThat(e.problem()).contains("an item of 200000 bytes", "at most 100000");
      }
    }
  }

  @Test
  void anInstanceThatDoesNotReadIsNotFilledUp() {
    AtomicInteger ran = new AtomicInteger();
    for (String name : new String[] {"w1", "w2"}) {
      cluster
          .start(name)
          .serve(Service.named("work")
              .queue(
                  "q",
                  byte[].class,
                  QueueOptions.defaults().concurrency(100_000),
                  (byte[] bytes) -> ran.incrementAndGet()));
    }
    try (Producer producer = cluster
        .start("producer")
        .service("work")
        .producer("q", options().buffer(100_000, 1L << 30))) {
      awaitWorkers(producer, 2);
      TestCluster.Injected stall = cluster.inject(Fault.stall(), "producer", "w1");
      List<byte[]> items = new ArrayList<>();
      for (int i = 0; i < 20_000; i++) {
        items.add(new byte[10_000]);
      }
      List<Receipt> receipts = producer.pushAll(items);
      await("the other goes on", () -> ran.get() > 10_000);
      assertThat(producer.workers().stream()
              .filter(w -> w.node().equals("w1"))
              .findFirst()
              .orElseThrow()
              .inFlight())
          .as("what the link takes ahead")
          .isLessThan(2_000);
      stall.close();
      awaitAll(receipts);
    }
  }
}
