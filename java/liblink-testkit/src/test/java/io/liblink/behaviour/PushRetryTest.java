package io.liblink.behaviour;

import static io.liblink.behaviour.Calls.awaitCount;
import static io.liblink.behaviour.Calls.count;
import static io.liblink.behaviour.Calls.failure;
import static io.liblink.behaviour.Pushes.LONG;
import static io.liblink.behaviour.Pushes.awaitWorkers;
import static io.liblink.behaviour.Pushes.eager;
import static io.liblink.behaviour.Pushes.options;
import static io.liblink.testkit.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.Node;
import io.liblink.Producer;
import io.liblink.Receipt;
import io.liblink.RemoteService;
import io.liblink.Service;
import io.liblink.behaviour.Pushes.Seen;
import io.liblink.delivery.DeadLetter;
import io.liblink.delivery.QueueOptions;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Status;
import io.liblink.testkit.Fault;
import io.liblink.testkit.TestClock;
import io.liblink.testkit.TestCluster;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What fails is tried again, elsewhere first, and in the end told with every cause. */
class PushRetryTest {
  private final TestClock clock = TestClock.running();
  private final TestCluster cluster = TestCluster.builder().clock(clock).start();
  private final Seen seen = new Seen();
  private final ConcurrentLinkedQueue<DeadLetter> letters = new ConcurrentLinkedQueue<>();

  @AfterEach
  void end() {
    cluster.close();
  }

  private interface Work {
    void on(String text) throws Exception;
  }

  private Node worker(String name, Work work) {
    return worker(name, QueueOptions.defaults(), work);
  }

  private Node worker(String name, QueueOptions options, Work work) {
    Node node = cluster.start(name);
    node.serve(Service.named("work").queue("q", String.class, options, (text, item) -> {
      seen.see(text, item);
      work.on(text);
    }));
    return node;
  }

  private RemoteService work() {
    return cluster.start("producer").service("work");
  }

  // ---- rejected -----------------------------------------------------------------------------

  @Test
  void aRejectedItemIsTriedOnAnotherInstance() {
    ConcurrentLinkedQueue<String> refused = new ConcurrentLinkedQueue<>();
    for (String name : new String[] {"w1", "w2"}) {
      worker(name, text -> {
        if (refused.isEmpty()) {
          refused.add(name);
          throw new IllegalStateException("not me");
        }
        refused.add(name);
      });
    }
    try (Producer producer = work().producer("q", eager())) {
      awaitWorkers(producer, 2);
      Receipt receipt = producer.push("x");
      receipt.await(LONG);
      assertThat(receipt.attempts()).isEqualTo(2);
    }
    assertThat(refused).hasSize(2).doesNotHaveDuplicates();
    assertThat(seen.attempts()).containsExactly(1, 2);
    assertThat(count(cluster.node("producer"), "queue.rejected")).isEqualTo(1);
  }

  @Test
  void aRepeatIsMarkedWithTheSameIdAndTheNextAttempt() {
    AtomicInteger ran = new AtomicInteger();
    worker("w", text -> {
      if (ran.incrementAndGet() < 4) {
        throw new IllegalStateException("not yet");
      }
    });
    try (Producer producer = work().producer("q", eager())) {
      producer.push("x").await(LONG);
    }
    assertThat(seen.attempts()).containsExactly(1, 2, 3, 4);
    assertThat(seen.items.stream().map(i -> i.id()).distinct()).hasSize(1);
    assertThat(seen.items).allSatisfy(i -> assertThat(i.message().headers()).isEmpty());
    assertThat(count(cluster.node("w"), "queue.repeats")).isEqualTo(3);
    assertThat(count(cluster.node("w"), "queue.failed")).isEqualTo(3);
  }

  @Test
  void afterTheLastAttemptTheDeadLetterHasEveryCause() {
    worker("w", text -> {
      throw new LinkException(Status.ABORTED, "no " + text);
    });
    try (Producer producer = work().producer("q", eager().attempts(3).deadLetter(letters::add))) {
      Receipt receipt = producer.push("x");
      LinkException e = failure(() -> receipt.await(LONG));
      assertThat(e.status()).isEqualTo(Status.ABORTED);
      assertThat(e.problem()).contains("given up after 3 attempts", "no x");
      assertThat(e.attempts()).isEqualTo(3);
      assertThat(e.ran()).isEqualTo(Ran.YES);
      assertThat(e.instance()).startsWith("w@");
      assertThat(e.getSuppressed()).hasSize(3);
      assertThat(failure(receipt.done()).attempts()).isEqualTo(3);
      producer.drain(LONG);
      DeadLetter letter = letters.remove();
      assertThat(letter.id()).isEqualTo(receipt.id());
      assertThat(letter.message().text()).isEqualTo("x");
      assertThat(letter.attempts()).isEqualTo(3);
      assertThat(letter.causes())
          .hasSize(3)
          .allSatisfy(c -> assertThat(c.problem()).isEqualTo("no x"));
      assertThat(letters).isEmpty();
      assertThat(count(cluster.node("producer"), "queue.dead")).isEqualTo(1);
      assertThat(count(cluster.node("producer"), "queue.settled")).isZero();
    }
  }

  @Test
  void theReceiptFailsOnlyWhenTheDeadLetterIsDealtWith() {
    worker("w", text -> {
      throw new LinkException(Status.INVALID_ARGUMENT, "never");
    });
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    try (Producer producer = work().producer("q", options().deadLetter(letter -> {
      entered.countDown();
      Calls.pass(leave);
    }))) {
      Receipt receipt = producer.push("x");
      Calls.pass(entered);
      assertThat(receipt.isDone()).isFalse();
      assertThat(failure(() -> producer.drain(Duration.ZERO)).status())
          .isEqualTo(Status.DEADLINE_EXCEEDED);
      leave.countDown();
      assertThat(failure(() -> receipt.await(LONG)).status()).isEqualTo(Status.INVALID_ARGUMENT);
      assertThat(receipt.attempts()).isEqualTo(1);
    }
  }

  @Test
  void aDeadLetterHandlerMayPushAndMayFail() {
    worker("w", text -> {
      if (text.equals("bad")) {
        throw new LinkException(Status.INVALID_ARGUMENT, "never");
      }
    });
    RemoteService work = work();
    try (Producer producer = work.producer("q", options().deadLetter(letter -> {
      work.push("q", "instead").await(LONG);
      throw new IllegalStateException("and fails");
    }))) {
      Receipt receipt = producer.push("bad");
      assertThat(failure(() -> receipt.await(LONG)).status()).isEqualTo(Status.INVALID_ARGUMENT);
      producer.push("good").await(LONG);
    }
    assertThat(seen.texts).contains("bad", "instead", "good");
  }

  @Test
  void whatWorkersSayOfAFailureIsToldAndTheirSecretsAreNot() {
    worker("w", text -> {
      switch (text) {
        case "secret" -> throw new IllegalStateException("password");
        case "unavailable" -> throw new LinkException(Status.UNAVAILABLE, "the database is away");
        default -> throw new AssertionError("an error");
      }
    });
    try (Producer producer = work().producer("q", eager().attempts(2))) {
      LinkException secret = failure(() -> producer.push("secret").await(LONG));
      assertThat(secret.status()).isEqualTo(Status.UNKNOWN);
      assertThat(secret.toString()).doesNotContain("password").contains("IllegalStateException");
      LinkException away = failure(() -> producer.push("unavailable").await(LONG));
      assertThat(away.status()).as("UNAVAILABLE would mean not begun").isEqualTo(Status.ABORTED);
      assertThat(away.problem()).contains("the database is away");
      assertThat(away.attempts()).isEqualTo(2);
      LinkException error = failure(() -> producer.push("error").await(LONG));
      assertThat(error.status()).isEqualTo(Status.UNKNOWN);
    }
  }

  // ---- time ---------------------------------------------------------------------------------

  @Test
  void theBackOffIsWaitedForByTheNodesClock() {
    AtomicInteger ran = new AtomicInteger();
    worker("w", text -> {
      if (ran.incrementAndGet() == 1) {
        throw new IllegalStateException("not yet");
      }
    });
    try (Producer producer =
        work().producer("q", options().backoff(Duration.ofDays(1), Duration.ofDays(1)))) {
      awaitWorkers(producer, 1);
      clock.stop();
      Receipt receipt = producer.push("x");
      awaitCount(cluster.node("producer"), "queue.rejected", 1);
      assertThat(producer.waiting()).isEqualTo(1);
      assertThat(receipt.isDone()).isFalse();
      clock.advance(Duration.ofDays(1));
      await("it is done", receipt::isDone);
      clock.start();
    }
  }

  @Test
  void anItemThatTakesTooLongGoesToAnotherAndItsWorkerIsInterrupted() {
    CountDownLatch interrupted = new CountDownLatch(1);
    AtomicInteger ran = new AtomicInteger();
    for (String name : new String[] {"w1", "w2"}) {
      worker(name, text -> {
        if (ran.incrementAndGet() == 1) {
          Calls.blockUntilInterrupted(interrupted);
        }
      });
    }
    try (Producer producer = work().producer("q", eager().itemTimeout(Duration.ofMillis(200)))) {
      awaitWorkers(producer, 2);
      Receipt receipt = producer.push("x");
      receipt.await(LONG);
      Calls.pass(interrupted);
      assertThat(receipt.attempts()).isEqualTo(2);
      assertThat(seen.attempts()).containsExactlyInAnyOrder(1, 2);
      assertThat(count(cluster.node("producer"), "queue.late")
              + count(cluster.node("producer"), "queue.rejected"))
          .isEqualTo(1);
      assertThat(seen.items.peek().cancelled()).isTrue();
      assertThat(seen.items.peek().remaining()).isEqualTo(Duration.ZERO);
      producer.drain(LONG);
    }
    assertThat(count(cluster.node("producer"), "queue.settled")).isEqualTo(1);
  }

  @Test
  void aLateAcknowledgementSettlesAnItemThatWasGivenToAnother() {
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger ran = new AtomicInteger();
    for (String name : new String[] {"w1", "w2"}) {
      worker(name, text -> {
        ran.incrementAndGet();
        Calls.pass(go);
      });
    }
    try (Producer producer = work().producer("q", eager().itemTimeout(Duration.ofSeconds(5)))) {
      awaitWorkers(producer, 2);
      // The first worker's ACK is late because its link is stalled, and so is its own deadline.
      Receipt receipt = producer.push("x");
      await("it runs", () -> ran.get() == 1);
      String first = producer.workers().stream()
          .filter(w -> w.inFlight() == 1)
          .findFirst()
          .orElseThrow()
          .node();
      TestCluster.Injected stall = cluster.inject(Fault.stall(), "producer", first);
      clock.advance(Duration.ofSeconds(6));
      await("the other has it", () -> ran.get() == 2);
      go.countDown();
      receipt.await(LONG);
      stall.close();
      await(
          "the first has answered, too",
          () -> producer.workers().stream().allMatch(w -> w.inFlight() == 0));
      assertThat(receipt.attempts()).isEqualTo(2);
      producer.drain(LONG);
    }
    assertThat(count(cluster.node("producer"), "queue.late")).isEqualTo(1);
    assertThat(count(cluster.node("producer"), "queue.settled")).isEqualTo(1);
    assertThat(count(cluster.node("producer"), "queue.pushed")).isEqualTo(1);
  }

  @Test
  void aWorkerThatIsStuckForGoodUsesUpTheAttempts() {
    worker("w", QueueOptions.defaults().concurrency(4), text -> {
      try {
        Calls.blockUntilInterrupted(new CountDownLatch(1));
      } finally {
        Thread.currentThread().interrupt();
      }
    });
    try (Producer producer = work()
        .producer(
            "q", eager().attempts(2).itemTimeout(Duration.ofMillis(50)).deadLetter(letters::add))) {
      LinkException e = failure(() -> producer.push("x").await(LONG));
      assertThat(e.status()).isEqualTo(Status.DEADLINE_EXCEEDED);
      assertThat(letters.remove().causes()).hasSize(2);
    }
  }

  // ---- links --------------------------------------------------------------------------------

  @Test
  void aLostLinkReturnsItsItemsAsAnotherAttempt() {
    CountDownLatch go = new CountDownLatch(1);
    for (String name : new String[] {"w1", "w2"}) {
      worker(name, text -> Calls.pass(go));
    }
    try (Producer producer = work().producer("q", eager())) {
      awaitWorkers(producer, 2);
      Receipt receipt = producer.push("x");
      seen.await(1);
      cluster.inject(Fault.cut(), "producer");
      seen.await(2);
      go.countDown();
      receipt.await(LONG);
      // More than one when it was given to the other link, too, before that was known to be cut.
      int lost = (int) count(cluster.node("producer"), "queue.lost");
      assertThat(lost).isPositive();
      assertThat(seen.attempts()).containsExactly(1, 1 + lost);
      assertThat(receipt.attempts()).isEqualTo(1 + lost);
      awaitWorkers(producer, 2);
    }
  }

  @Test
  void aWorkerThatDiesAgainAndAgainUsesUpTheAttemptsAndTheCausesSaySo() {
    worker("w", text -> cluster.inject(Fault.cut(), "producer"));
    try (Producer producer = work().producer("q", eager().attempts(2).deadLetter(letters::add))) {
      LinkException e = failure(() -> producer.push("poison").await(LONG));
      assertThat(e.status()).isEqualTo(Status.UNAVAILABLE);
      assertThat(e.ran()).isEqualTo(Ran.MAYBE);
      assertThat(letters.remove().causes())
          .hasSize(2)
          .allSatisfy(c -> assertThat(c.ran()).isEqualTo(Ran.MAYBE));
    }
  }

  // ---- the same item again ------------------------------------------------------------------

  @Test
  void anItemThatIsRememberedIsNotWorkedOnAgain() {
    worker(
        "w",
        QueueOptions.defaults().deduplicate(100, Duration.ofMinutes(1)),
        text -> cluster.inject(Fault.cut(), "producer"));
    try (Producer producer = work().producer("q", eager())) {
      Receipt receipt = producer.push("x");
      receipt.await(LONG);
      assertThat(receipt.attempts()).isGreaterThan(1);
    }
    assertThat(seen.texts).containsExactly("x");
    assertThat(count(cluster.node("w"), "queue.duplicates")).isEqualTo(1);
    assertThat(count(cluster.node("w"), "queue.worked")).isEqualTo(1);
  }

  @Test
  void anItemThatComesAgainWhileItIsWorkedOnIsSettledWithIt() {
    CountDownLatch go = new CountDownLatch(1);
    worker(
        "w",
        QueueOptions.defaults().deduplicate(100, Duration.ofMinutes(1)),
        text -> Calls.pass(go));
    try (Producer producer = work().producer("q", eager())) {
      Receipt receipt = producer.push("x");
      seen.await(1);
      cluster.inject(Fault.cut(), "producer");
      awaitCount(cluster.node("w"), "queue.duplicates", 1);
      assertThat(receipt.isDone()).isFalse();
      go.countDown();
      receipt.await(LONG);
    }
    assertThat(seen.texts).containsExactly("x");
  }

  @Test
  void anItemThatFailedIsWorkedOnAgainAlthoughItIsRemembered() {
    AtomicInteger ran = new AtomicInteger();
    worker("w", QueueOptions.defaults().deduplicate(100, Duration.ofMinutes(1)), text -> {
      if (ran.incrementAndGet() == 1) {
        throw new IllegalStateException("not yet");
      }
    });
    try (Producer producer = work().producer("q", eager())) {
      producer.push("x").await(LONG);
    }
    assertThat(seen.attempts()).containsExactly(1, 2);
    assertThat(count(cluster.node("w"), "queue.duplicates")).isZero();
  }
}
