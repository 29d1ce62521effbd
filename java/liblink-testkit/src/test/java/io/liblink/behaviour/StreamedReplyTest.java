package io.liblink.behaviour;

import static io.liblink.behaviour.Calls.awaitNothingInFlight;
import static io.liblink.behaviour.Calls.failure;
import static io.liblink.behaviour.Calls.pass;
import static io.liblink.testkit.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.RemoteService;
import io.liblink.ReplyStream;
import io.liblink.Service;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Status;
import io.liblink.testkit.Fault;
import io.liblink.testkit.TestClock;
import io.liblink.testkit.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Replies that are streams: credit, ends of all kinds, large items. */
class StreamedReplyTest {
  private TestCluster cluster;
  private RemoteService numbers;
  private final AtomicInteger sent = new AtomicInteger();
  private final AtomicReference<LinkException> stopped = new AtomicReference<>();

  @BeforeEach
  void start() {
    cluster = TestCluster.builder()
        .clock(TestClock.stopped())
        .options(o -> o.limits(l -> l.messageBytes(1 << 20)))
        .start("a", "b");
    cluster
        .node("b")
        .serve(Service.named("numbers").stream("upTo", Integer.class, (n, sink) -> {
              try {
                for (int i = 0; i < n; i++) {
                  sink.send(i);
                  sent.incrementAndGet();
                }
              } catch (LinkException e) {
                stopped.set(e);
                throw e;
              }
            })
            .stream("thenFail", Integer.class, (n, sink) -> {
              for (int i = 0; i < n; i++) {
                sink.send(i);
              }
              throw new LinkException(Status.DATA_LOSS, "no more numbers");
            })
            .stream("large", Integer.class, (size, sink) -> {
              sink.send(new byte[size]);
              sink.send("small");
              sink.send(new byte[size]);
            })
            .method("one", r -> r.message()));
    numbers = cluster.node("a").service("numbers");
  }

  @AfterEach
  void end() {
    cluster.close();
  }

  private static <T> List<T> all(ReplyStream<T> stream) {
    List<T> items = new ArrayList<>();
    stream.forEachRemaining(items::add);
    return items;
  }

  @Test
  void itemsComeInOrderAndEnd() {
    try (ReplyStream<Integer> stream = numbers.stream("upTo", 1000, Integer.class)) {
      for (int i = 0; i < 1000; i++) {
        assertThat(stream.next()).isEqualTo(i);
      }
      assertThat(stream.hasNext()).isFalse();
      assertThatThrownBy(stream::next).isInstanceOf(NoSuchElementException.class);
    }
    try (ReplyStream<Integer> none = numbers.stream("upTo", 0, Integer.class)) {
      assertThat(none.hasNext()).isFalse();
    }
    awaitNothingInFlight(cluster.node("b"));
  }

  @Test
  void aSlowReaderHoldsTheHandlerBack() {
    try (ReplyStream<Integer> stream = numbers.stream("upTo", 100_000, Integer.class)) {
      assertThat(stream.next()).isZero();
      await("the credit is used up", () -> sent.get() >= 32);
      // Whatever else is done on this link, nothing more is sent without credit.
      for (int i = 0; i < 50; i++) {
        numbers.call("one", "x", String.class);
      }
      assertThat(sent.get()).isLessThanOrEqualTo(33);
      for (int i = 1; i < 5000; i++) {
        assertThat(stream.next()).isEqualTo(i);
        assertThat(sent.get()).isLessThanOrEqualTo(i + 2 + 32);
      }
    }
  }

  @Test
  void closingEarlyStopsTheHandler() {
    try (ReplyStream<Integer> stream = numbers.stream("upTo", 100_000, Integer.class)) {
      stream.next();
    }
    await("the handler is stopped", () -> stopped.get() != null);
    assertThat(stopped.get().status()).isEqualTo(Status.CANCELLED);
    assertThat(sent.get()).isLessThan(100);
    awaitNothingInFlight(cluster.node("b"));
  }

  @Test
  void aFailureInTheMiddleComesAfterTheItemsBeforeIt() {
    try (ReplyStream<Integer> stream = numbers.stream("thenFail", 100, Integer.class)) {
      for (int i = 0; i < 100; i++) {
        assertThat(stream.next()).isEqualTo(i);
      }
      LinkException e = failure(stream::hasNext);
      assertThat(e.status()).isEqualTo(Status.DATA_LOSS);
      assertThat(e.problem()).isEqualTo("no more numbers");
      assertThat(e.ran()).isEqualTo(Ran.YES);
    }
  }

  @Test
  void largeItemsTravelInOrderWithSmallOnes() {
    try (ReplyStream<byte[]> stream = numbers.stream("large", 1 << 20, byte[].class)) {
      assertThat(stream.next()).hasSize(1 << 20);
      assertThat(stream.next())
          .isEqualTo("small".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      assertThat(stream.next()).hasSize(1 << 20);
      assertThat(stream.hasNext()).isFalse();
    }
    try (ReplyStream<byte[]> stream = numbers.stream("large", (1 << 20) + 1, byte[].class)) {
      LinkException e = failure(stream::hasNext);
      assertThat(e.status()).isEqualTo(Status.RESOURCE_EXHAUSTED);
      assertThat(e.problem()).contains("1048577");
    }
  }

  @Test
  void theDeadlineIsThatOfTheWholeStream() {
    try (ReplyStream<Integer> stream = numbers.stream("upTo", 100_000, Integer.class)) {
      stream.next();
      cluster.clock().advance(Duration.ofMillis(5010));
      LinkException e = failure(() -> {
        while (stream.hasNext()) {
          stream.next();
        }
      });
      assertThat(e.status()).isEqualTo(Status.DEADLINE_EXCEEDED);
    }
    await("the handler is stopped", () -> stopped.get() != null);
    assertThat(stopped.get().status()).isEqualTo(Status.DEADLINE_EXCEEDED);
  }

  @Test
  void aLostLinkEndsItAndItIsNeverRepeated() {
    cluster.start("c").serve(Service.named("numbers").method("one", r -> r.message()));
    try (ReplyStream<Integer> stream =
        numbers.to("b").idempotent().stream("upTo", 100_000, Integer.class)) {
      stream.next();
      cluster.inject(Fault.cut(), "a", "b");
      LinkException e = failure(() -> {
        while (stream.hasNext()) {
          stream.next();
        }
      });
      assertThat(e.status()).isEqualTo(Status.UNAVAILABLE);
      assertThat(e.ran()).isEqualTo(Ran.YES);
      assertThat(e.attempts()).isEqualTo(1);
    }
    await("the handler is stopped", () -> stopped.get() != null);
  }

  @Test
  void aStreamCalledPlainlyIsRefusedAndAPlainMethodIsAStreamOfOne() {
    LinkException e = failure(() -> numbers.call("upTo", 1, Integer.class));
    assertThat(e.status()).isEqualTo(Status.INVALID_ARGUMENT);
    assertThat(e.problem()).contains("stream");
    try (ReplyStream<String> stream = numbers.stream("one", "only", String.class)) {
      assertThat(all(stream)).containsExactly("only");
    }
  }

  @Test
  void anItemThatDoesNotFitEndsTheStream() {
    try (ReplyStream<Sku> stream = numbers.stream("upTo", 100_000, Sku.class)) {
      Iterator<Sku> items = stream;
      assertThat(failure(items::next).status()).isEqualTo(Status.INTERNAL);
    }
    await("the handler is stopped", () -> stopped.get() != null);
  }

  record Sku(String id) {}

  @Test
  void manyStreamsShareALink() throws InterruptedException {
    List<Thread> readers = new ArrayList<>();
    AtomicInteger right = new AtomicInteger();
    CountDownLatch go = new CountDownLatch(1);
    for (int t = 0; t < 8; t++) {
      Thread reader = new Thread(() -> {
        pass(go);
        try (ReplyStream<Integer> stream = numbers.stream("upTo", 500, Integer.class)) {
          List<Integer> items = all(stream);
          if (items.size() == 500 && items.get(499) == 499) {
            right.incrementAndGet();
          }
        }
      });
      reader.start();
      readers.add(reader);
    }
    go.countDown();
    for (Thread reader : readers) {
      reader.join(20_000);
    }
    assertThat(right).hasValue(8);
    assertThat(Calls.count(cluster.node("a"), "links.opened")).isEqualTo(1);
  }
}
