package io.liblink.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.bench.peers.Pipeline;
import io.liblink.bench.peers.Pipeline.Producer;
import io.liblink.bench.peers.Pipeline.Receipts;
import io.liblink.bench.peers.PubSub;
import io.liblink.bench.peers.Secrets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is lost, repeated or out of order fails a slice. */
@Timeout(60)
class CountingTest {
  private final Numbered payloads = new Numbered(256);

  private static Span span(long total) {
    return new Span(total, total, 1000, 2000, Latencies.NONE);
  }

  private void deliver(PubSub.Sink sink, long... numbers) {
    for (long number : numbers) {
      sink.arrived(payloads.make(number, 0));
    }
  }

  @Test
  void everyLinkThatHasEverythingMakesASlice() throws Exception {
    Deliveries deliveries = new Deliveries();
    deliver(deliveries.link(), 1, 2, 3);
    deliver(deliveries.link(), 1, 2, 3);
    Slice slice = deliveries.collect(Workload.PUBSUB_4, span(3));
    assertThat(slice.calls()).isEqualTo(6);
    assertThat(slice.seconds()).isEqualTo(1e-6);
    assertThat(slice.bytes()).isEqualTo(6 * 256);
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        Arguments.of(new long[] {1, 3}, "message 3 came instead of 2"),
        Arguments.of(new long[] {1, 1}, "message 1 came instead of 2"),
        Arguments.of(new long[] {2, 1}, "message 2 came instead of 1"),
        Arguments.of(new long[] {1, 2, 2}, "message 2 came instead of 3"));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void aGapARepeatAndWrongOrderFailTheSlice(long[] numbers, String reason) {
    Deliveries deliveries = new Deliveries();
    deliver(deliveries.link(), 1, 2);
    deliver(deliveries.link(), numbers);
    assertThatThrownBy(() -> deliveries.collect(Workload.PUBSUB_4, span(2)))
        .isInstanceOf(IOException.class)
        .hasMessage("link 1 received " + numbers.length + " of 2 messages")
        .hasRootCauseMessage(reason);
  }

  @Test
  void aLinkThatFailedFailsTheSliceAtOnce() {
    Deliveries deliveries = new Deliveries();
    deliveries.link().failed(new IllegalStateException("reset"));
    assertThatThrownBy(() -> deliveries.collect(Workload.PUBSUB_1, span(5)))
        .hasMessage("link 0 received 0 of 5 messages")
        .hasRootCauseMessage("reset");
  }

  @Test
  void theLatencyIsThatOfTheSlice() throws Exception {
    Deliveries deliveries = new Deliveries();
    PubSub.Sink sink = deliveries.link();
    sink.arrived(payloads.make(1, System.nanoTime() - 1_000_000));
    assertThat(deliveries.collect(Workload.PUBSUB_LATENCY, span(1)).p50()).isGreaterThan(990);
    sink.arrived(payloads.make(2, 0));
    assertThat(deliveries.collect(Workload.PUBSUB_LATENCY, span(2)).p50()).isZero();
  }

  @Test
  void workersAreCountedTogetherAndARepeatIsNoReplacement() throws Exception {
    Handled handled = new Handled(2);
    List<Consumer<byte[]>> workers = handled.functions();
    workers.get(0).accept(payloads.make(1, 0));
    workers.get(1).accept(payloads.make(3, 0));
    workers.get(1).accept(payloads.make(2, 0));
    assertThat(handled.collect(Workload.PIPELINE_2, span(3)).calls()).isEqualTo(3);
    workers.get(0).accept(payloads.make(3, 0));
    assertThatThrownBy(() -> handled.collect(Workload.PIPELINE_2, span(4)))
        .hasMessage("the workers had 4 items of 4, and not each of them once");
    assertThatThrownBy(() -> handled.collect(Workload.PIPELINE_2, span(3)))
        .hasMessageStartingWith("the workers had 4 items of 3");
  }

  /** A pipeline without workers. */
  private record OnlyProducer(Function<Receipts, Producer> producers) implements Pipeline {
    @Override
    public Workers workers(List<Consumer<byte[]>> functions, int credit, Secrets secrets) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Producer producer(String address, int credit, Secrets secrets, Receipts receipts) {
      return producers.apply(receipts);
    }
  }

  private static Pushing pushing(int credit, Function<Receipts, Producer> producers)
      throws Exception {
    return new Pushing(
        new OnlyProducer(producers), "nowhere", 2, credit, new Secrets(Path.of("none")));
  }

  @Test
  void neverMoreIsInFlightThanAllCredit() throws Exception {
    AtomicInteger inFlight = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    ExecutorService worker = Executors.newSingleThreadExecutor();
    Pushing pushing = pushing(5, receipts -> item -> {
      most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
      worker.execute(() -> {
        inFlight.decrementAndGet();
        receipts.settled(1);
      });
    });
    Span span = pushing.run(Workload.PIPELINE_2, 0.05);
    worker.shutdown();
    assertThat(most.get()).isBetween(1, 10);
    assertThat(inFlight).hasValue(0);
    assertThat(span.count()).isGreaterThan(10).isEqualTo(span.total());
  }

  @Test
  void aFailedPushFailsTheSlice() throws Exception {
    Pushing pushing =
        pushing(5, receipts -> item -> receipts.failed(new IllegalStateException("refused")));
    assertThatThrownBy(() -> pushing.run(Workload.PIPELINE_2, 0.05))
        .hasMessage("a push failed")
        .hasRootCauseMessage("refused");
  }

  @Test
  void aSpanSurvivesThePipe() {
    Span span = new Span(1, 2, -3, Long.MAX_VALUE, new Latencies.Summary(0.5, 1, 1e9, 3));
    assertThat(Span.read(span.write())).isEqualTo(span);
    assertThat(span.write()).doesNotContain(" ");
  }
}
