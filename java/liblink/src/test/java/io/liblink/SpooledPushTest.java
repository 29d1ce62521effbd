package io.liblink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.liblink.delivery.ItemId;
import io.liblink.delivery.ProducerOptions;
import io.liblink.delivery.QueueOptions;
import io.liblink.identity.key.ClusterKey;
import io.liblink.pipeline.FakeDisk;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.testing.Gen;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Producers whose items are kept on disk: here a disk that can be told to misbehave. */
class SpooledPushTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir
  Path directory;

  private final List<Node> nodes = new ArrayList<>();
  private final String key = ClusterKey.generate().text();
  private final ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Integer> attempts = new ConcurrentLinkedQueue<>();
  private FakeDisk disk;

  @BeforeEach
  void start() {
    disk = FakeDisk.of(spool());
  }

  @AfterEach
  void end() {
    nodes.forEach(n -> n.close(Duration.ZERO));
  }

  private Path spool() {
    return directory.resolve("spool");
  }

  private Node node(String name) {
    Node node = Node.join(NodeOptions.cluster("shop")
        .name(name)
        .key(key)
        .registry("local:" + directory.resolve("registry")));
    nodes.add(node);
    return node;
  }

  private Served worker() {
    return node("worker")
        .serve(Service.named("work")
            .queue("q", String.class, QueueOptions.defaults(), (text, item) -> {
              attempts.add(item.attempt());
              if (text.startsWith("bad")) {
                throw new LinkException(Status.INVALID_ARGUMENT, "never");
              }
              seen.add(text);
            }));
  }

  private ProducerOptions options() {
    return ProducerOptions.defaults().spool(spool()).backoff(Duration.ZERO, Duration.ZERO);
  }

  private Producer producer(Node node, ProducerOptions options) {
    return node.service("work").producer("q", options);
  }

  private static void await(String what, BooleanSupplier condition) {
    long end = io.liblink.time.TimeSource.system().nanos() + LONG.toNanos();
    while (!condition.getAsBoolean()) {
      if (io.liblink.time.TimeSource.system().nanos() - end > 0) {
        throw new AssertionError("not in time: " + what);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static LinkException failure(Runnable what) {
    Throwable thrown = catchThrowable(what::run);
    assertThat(thrown).isInstanceOf(LinkException.class);
    return (LinkException) thrown;
  }

  private static LinkException failure(CompletableFuture<?> future) {
    return (LinkException) catchThrowableOfType(
            java.util.concurrent.ExecutionException.class, () -> future.get(20, TimeUnit.SECONDS))
        .getCause();
  }

  // ---- accepting ----------------------------------------------------------------------------

  @Test
  void pushReturnsWhenTheItemIsOnDisk() throws Exception {
    worker();
    try (Producer producer = producer(node("p"), options())) {
      disk.hold(false);
      CompletableFuture<Receipt> pushed =
          CompletableFuture.supplyAsync(() -> producer.push("a"), r -> new Thread(r).start());
      await("it is on its way", () -> disk.held() == 1);
      assertThat(pushed).isNotDone();
      assertThat(seen).isEmpty();
      assertThat(producer.waiting()).isEqualTo(1);
      disk.release();
      Receipt receipt = pushed.get(20, TimeUnit.SECONDS);
      receipt.await(LONG);
      assertThat(receipt.id()).isEqualTo(new ItemId("ab".repeat(16), 1));
      await("it is forgotten", () -> disk.items() == 0);
      producer.drain(LONG);
      assertThat(producer.waiting()).isZero();
      assertThat(producer.recovered()).isZero();
    }
    assertThat(attempts).containsExactly(1);
  }

  @Test
  void pushAsyncCompletesWhenTheItemIsOnDiskAndWhatDependsOnItMayBlock() throws Exception {
    worker();
    try (Producer producer = producer(node("p"), options())) {
      disk.hold(false);
      CompletableFuture<String> then = producer.pushAsync("a").thenApply(receipt -> {
        receipt.await(LONG);
        return Thread.currentThread().getName();
      });
      await("it is on its way", () -> disk.held() == 1);
      assertThat(then).isNotDone();
      disk.release();
      assertThat(then.get(20, TimeUnit.SECONDS))
          .isNotEqualTo(Thread.currentThread().getName());
    }
  }

  @Test
  void appendsThatReachTheDiskOutOfOrderAreAcceptedInOrder() throws Exception {
    worker();
    Node p = node("p");
    try (Producer producer = producer(p, options())) {
      disk.hold(true);
      List<CompletableFuture<Receipt>> pushed = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        pushed.add(producer.pushAsync("item " + i));
      }
      disk.release();
      for (int i = 0; i < 20; i++) {
        Receipt receipt = pushed.get(i).get(20, TimeUnit.SECONDS);
        assertThat(receipt.id().number()).isEqualTo(i + 1);
        receipt.await(LONG);
      }
    }
    assertThat(seen).hasSize(20).doesNotHaveDuplicates();
  }

  @Test
  void whatTheDiskDoesNotTakeIsNotAcceptedAndNotSent() {
    worker();
    Node p = node("p");
    try (Producer producer = producer(p, options())) {
      disk.failAppends(
          LinkException.failure(Status.RESOURCE_EXHAUSTED, Stage.SEND, "the disk is full")
              .build());
      LinkException e = failure(() -> producer.push("a"));
      assertThat(e.status()).isEqualTo(Status.RESOURCE_EXHAUSTED);
      assertThat(e.problem()).isEqualTo("the disk is full");
      assertThat(failure(producer.pushAsync("b")).status()).isEqualTo(Status.RESOURCE_EXHAUSTED);
      assertThat(failure(() -> producer.pushAll(List.of("c", "d"))).status())
          .isEqualTo(Status.RESOURCE_EXHAUSTED);
      assertThat(p.counters()).containsEntry("drop.buffer_full", 3L);
      assertThat(producer.waiting()).isZero();
      disk.failAppends(null);
      producer.push("e").await(LONG);
      producer.drain(LONG);
    }
    assertThat(seen).containsExactly("e");
    assertThat(p.counters()).containsEntry("queue.pushed", 1L);
  }

  @Test
  void aFullSpoolBlocksUntilSomethingIsSettled() throws Exception {
    Node p = node("p");
    try (Producer producer = producer(p, options().spoolBytes(1000))) {
      producer.push("x".repeat(600));
      Thread[] thread = new Thread[1];
      CompletableFuture<Receipt> second = CompletableFuture.supplyAsync(
          () -> producer.push("y".repeat(600)), r -> (thread[0] = new Thread(r)).start());
      await("it blocks", () -> thread[0].getState() == Thread.State.WAITING);
      assertThat(disk.items()).isEqualTo(1);
      worker();
      second.get(20, TimeUnit.SECONDS).await(LONG);
    }
    try (Producer producer = producer(p, options().spoolBytes(1000).failWhenFull())) {
      nodes.get(1).close();
      await("nobody takes items", () -> producer.workers().isEmpty());
      producer.push("x".repeat(600));
      LinkException e = failure(() -> producer.push("y".repeat(600)));
      assertThat(e.status()).isEqualTo(Status.RESOURCE_EXHAUSTED);
      assertThat(e.problem()).contains("spool", "ProducerOptions.spoolBytes", "of 1000 bytes");
    }
  }

  @Test
  void aSpoolThatIsOpenElsewhereIsRefused() {
    Node p = node("p");
    try (Producer producer = producer(p, options())) {
      LinkException e = failure(() -> producer(p, options()));
      assertThat(e.status()).isEqualTo(Status.FAILED_PRECONDITION);
      assertThat(producer.waiting()).isZero();
    }
    producer(p, options()).close();
  }

  // ---- more than memory holds ---------------------------------------------------------------

  @Test
  void whatMemoryDoesNotHoldIsReadBackInPages() {
    Node p = node("p");
    try (Producer producer = producer(p, options().buffer(10, 1 << 20))) {
      List<Receipt> receipts = new ArrayList<>();
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        texts.add("item " + i);
        receipts.add(producer.push("item " + i));
      }
      assertThat(producer.waiting()).isEqualTo(1000);
      assertThat(disk.items()).isEqualTo(1000);
      CompletableFuture<Void> last = receipts.get(999).done();
      assertThat(receipts.get(999).attempts()).isZero();
      worker();
      receipts.forEach(r -> r.await(LONG));
      last.orTimeout(20, TimeUnit.SECONDS).join();
      producer.drain(LONG);
      assertThat(seen).containsExactlyInAnyOrderElementsOf(texts);
      assertThat(attempts).containsOnly(1);
      assertThat(disk.reads()).isGreaterThan(50);
      assertThat(disk.mostRead()).isLessThanOrEqualTo(10);
      await("all is forgotten", () -> disk.items() == 0);
    }
  }

  @Test
  void aFutureCompletesAlthoughNobodyKeptTheReceipt() throws Exception {
    try (Producer producer = producer(node("p"), options().buffer(2, 1 << 20))) {
      List<CompletableFuture<Void>> done = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        done.add(producer.push("item " + i).done().thenRun(() -> {}));
      }
      System.gc();
      worker();
      for (CompletableFuture<Void> future : done) {
        future.get(20, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void whatCannotBeReadForAWhileIsReadLater() {
    Node p = node("p");
    try (Producer producer = producer(p, options().buffer(2, 1 << 20))) {
      List<Receipt> receipts = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        receipts.add(producer.push("item " + i));
      }
      disk.failReads(1);
      worker();
      await("it was tried", () -> disk.reads() > 0);
      receipts.forEach(r -> r.await(LONG));
    }
    assertThat(seen).hasSize(10);
  }

  @Test
  void pushesGoOnWhilePagesAreRead() throws Exception {
    worker();
    Node p = node("p");
    Set<String> all = ConcurrentHashMap.newKeySet();
    try (Producer producer = producer(p, options().buffer(8, 1 << 20))) {
      List<CompletableFuture<Void>> pushers = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        int thread = t;
        pushers.add(CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < 300; i++) {
                all.add(thread + "/" + i);
                producer.push(thread + "/" + i);
              }
            },
            r -> new Thread(r).start()));
      }
      for (CompletableFuture<Void> pusher : pushers) {
        pusher.get(60, TimeUnit.SECONDS);
      }
      producer.drain(LONG);
    }
    assertThat(seen).containsExactlyInAnyOrderElementsOf(all);
    assertThat(disk.items()).isZero();
  }

  // ---- the next start -----------------------------------------------------------------------

  @Test
  void whatIsNotSettledIsKeptAndSentByTheNextStart() {
    Node first = node("p");
    Producer producer = producer(first, options());
    List<Receipt> receipts = producer.pushAll(List.of("a", "b", "c"));
    producer.close();
    LinkException e = failure(() -> receipts.get(0).await(LONG));
    assertThat(e.status()).isEqualTo(Status.UNAVAILABLE);
    assertThat(e.ran()).isEqualTo(Ran.MAYBE);
    assertThat(e.problem()).contains("kept on disk");
    assertThat(disk.items()).isEqualTo(3);
    assertThat(first.counters()).containsEntry("drop.item_abandoned", 0L);
    worker();
    try (Producer next = producer(node("p2"), options())) {
      assertThat(next.recovered()).isEqualTo(3);
      next.push("d").await(LONG);
      next.drain(LONG);
    }
    assertThat(seen).containsExactlyInAnyOrder("a", "b", "c", "d");
    assertThat(attempts).containsExactlyInAnyOrder(2, 2, 2, 1);
    assertThat(disk.items()).isZero();
  }

  @Test
  void aNodeThatClosesLeavesOnDiskWhatNobodyTookAndDoesNotWaitForIt() {
    Node p = node("p");
    Receipt receipt = producer(p, options()).push("a");
    long before = io.liblink.time.TimeSource.system().nanos();
    p.close();
    assertThat(io.liblink.time.TimeSource.system().nanos() - before)
        .isLessThan(TimeUnit.SECONDS.toNanos(8));
    assertThat(failure(() -> receipt.await(Duration.ZERO)).problem()).contains("kept on disk");
    assertThat(disk.items()).isEqualTo(1);
  }

  @Test
  void thereMayBeMoreOnDiskThanMemoryHoldsAtTheStart() {
    Producer producer = producer(node("p"), options());
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      texts.add("item " + i);
    }
    producer.pushAll(texts);
    producer.close();
    worker();
    try (Producer next = producer(node("p2"), options().buffer(7, 1 << 20))) {
      assertThat(next.recovered()).isEqualTo(200);
      for (int i = 200; i < 300; i++) {
        texts.add("item " + i);
        next.push("item " + i);
      }
      next.drain(LONG);
    }
    assertThat(seen).containsExactlyInAnyOrderElementsOf(texts);
    assertThat(attempts.stream().filter(a -> a == 2)).hasSize(200);
    assertThat(attempts.stream().filter(a -> a == 1)).hasSize(100);
  }

  @Test
  void whatCannotBeReadIsCountedAndStaysAndTheRestGoesOn() {
    Producer producer = producer(node("p"), options());
    producer.pushAll(List.of("a", "b", "c"));
    producer.close();
    disk.spoil(2);
    worker();
    Node p = node("p2");
    try (Producer next = producer(p, options())) {
      assertThat(next.recovered()).isEqualTo(3);
      next.push("d").await(LONG);
      next.drain(LONG);
    }
    assertThat(seen).containsExactlyInAnyOrder("a", "c", "d");
    assertThat(p.counters()).containsEntry("queue.unreadable", 1L);
    assertThat(disk.items()).isEqualTo(1);
  }

  @Test
  void headersAndLargePayloadsOutliveTheProcess() {
    ConcurrentLinkedQueue<io.liblink.message.Message> got = new ConcurrentLinkedQueue<>();
    Producer producer = producer(node("p"), options());
    byte[] large = new byte[300_000];
    large[299_999] = 7;
    producer.push(
        new io.liblink.message.Message("image/png", java.util.Map.of("tenant", "ä"), large));
    producer.close();
    node("worker")
        .serve(Service.named("work").queue("q", io.liblink.message.Message.class, got::add));
    try (Producer next = producer(node("p2"), options())) {
      next.drain(LONG);
    }
    assertThat(got).hasSize(1);
    assertThat(got.peek().contentType()).isEqualTo("image/png");
    assertThat(got.peek().headers()).containsExactly(java.util.Map.entry("tenant", "ä"));
    assertThat(got.peek().payload()).isEqualTo(large);
  }

  // ---- dead letters -------------------------------------------------------------------------

  @Test
  void aDeadLetterIsForgottenOnDiskWhenItsHandlerReturned() {
    worker();
    AtomicInteger letters = new AtomicInteger();
    AtomicInteger onDisk = new AtomicInteger();
    try (Producer producer = producer(node("p"), options().deadLetter(letter -> {
      letters.incrementAndGet();
      onDisk.set(disk.items());
    }))) {
      assertThat(failure(() -> producer.push("bad").await(LONG)).status())
          .isEqualTo(Status.INVALID_ARGUMENT);
      await("it is forgotten", () -> disk.items() == 0);
    }
    assertThat(letters).hasValue(1);
    assertThat(onDisk).hasValue(1);
  }

  @Test
  void aDeadLetterWhoseHandlerFailsStaysForTheNextStart() {
    worker();
    try (Producer producer = producer(node("p"), options().buffer(1, 1 << 20).deadLetter(letter -> {
      throw new IllegalStateException("no room for the dead");
    }))) {
      assertThat(failure(() -> producer.push("bad").await(LONG)).status())
          .isEqualTo(Status.INVALID_ARGUMENT);
      producer.push("good").await(LONG);
      producer.push("good").await(LONG);
      producer.drain(LONG);
    }
    assertThat(disk.items()).isEqualTo(1);
    AtomicInteger letters = new AtomicInteger();
    try (Producer next =
        producer(node("p2"), options().deadLetter(letter -> letters.incrementAndGet()))) {
      assertThat(next.recovered()).isEqualTo(1);
      next.drain(LONG);
    }
    assertThat(letters).hasValue(1);
    assertThat(disk.items()).isZero();
  }

  // ---- crashes ------------------------------------------------------------------------------

  @Test
  void nothingThatWasAcceptedIsLostWhateverHappens() {
    worker();
    Gen.check(6, gen -> {
      disk = FakeDisk.of(directory.resolve("spool" + gen.aLong()));
      Path place = directory.resolve("spool" + gen.anInt());
      disk = FakeDisk.of(place);
      seen.clear();
      Set<String> accepted = new HashSet<>();
      for (int run = 0; run < 4; run++) {
        Node p = node("p");
        Producer producer =
            producer(p, options().spool(place).buffer(gen.between(1, 20), gen.between(1, 5000)));
        int pushes = gen.between(0, 150);
        for (int i = 0; i < pushes; i++) {
          String text = run + "/" + i + "x".repeat(gen.between(0, 100));
          if (gen.between(0, 9) == 0) {
            disk.failAppends(
                LinkException.failure(Status.UNAVAILABLE, Stage.SEND, "broken").build());
            assertThat(catchThrowable(() -> producer.push("refused"))).isNotNull();
            disk.failAppends(null);
          }
          if (gen.between(0, 19) == 0) {
            disk.failReads(1);
          }
          producer.push(text);
          accepted.add(text);
        }
        if (gen.between(0, 1) == 0) {
          disk.crash();
        }
        p.close(Duration.ofMillis(gen.between(0, 30)));
        disk.crash();
      }
      try (Producer last = producer(node("p"), options().spool(place).buffer(5, 1 << 20))) {
        last.drain(LONG);
      }
      assertThat(new HashSet<>(seen)).isEqualTo(accepted);
      assertThat(disk.items()).isZero();
    });
  }
}
