package io.liblink.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.message.Message;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import io.liblink.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LoadTest {
  private static final Duration NOTHING = Duration.ZERO;

  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
  private final AtomicInteger under = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  private CompletableFuture<Message> answerAfter(long micros) {
    most.accumulateAndGet(under.incrementAndGet(), Math::max);
    CompletableFuture<Message> answer = new CompletableFuture<>();
    executor.schedule(
        () -> {
          under.decrementAndGet();
          answer.complete(Message.empty());
        },
        micros,
        TimeUnit.MICROSECONDS);
    return answer;
  }

  @Test
  void aClosedLoopKeepsItsSlotsBusyAndNoMore() throws Exception {
    Load.Result result = new Load(() -> answerAfter(200), TimeSource.system(), 4)
        .run(NOTHING, Duration.ofMillis(200), 0);

    assertThat(result.answered()).isGreaterThan(20);
    assertThat(most.get()).isEqualTo(4);
    assertThat(under.get()).isZero();
    assertThat(result.failures()).isZero();
    assertThat(result.times().getTotalCount()).isEqualTo(result.answered());
    assertThat(result.times().getMinValue()).isGreaterThan(190_000);
  }

  @Test
  void answersThatAreThereAtOnceNeedNoStack() throws Exception {
    Load.Result result = new Load(
            () -> CompletableFuture.completedFuture(Message.empty()), TimeSource.system(), 2)
        .run(NOTHING, Duration.ofMillis(50), 0);

    assertThat(result.answered()).isGreaterThan(1_000);
  }

  @Test
  void theWarmUpIsNotMeasured() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    Load.Result result = new Load(
            () -> {
              calls.incrementAndGet();
              return answerAfter(1_000);
            },
            TimeSource.system(),
            1)
        .run(Duration.ofMillis(100), Duration.ofMillis(100), 0);

    assertThat(result.answered()).isLessThan(calls.get()).isPositive();
    assertThat(result.seconds()).isEqualTo(0.1);
  }

  @Test
  void atARateAStallShowsInEveryCallThatItDelayed() throws Exception {
    // One slot, 200 calls a second for half a second; the third call stalls for 200 ms. Measured
    // from when they were sent, one call would be slow; measured from when they were due, about 40.
    AtomicInteger calls = new AtomicInteger();
    Load.Result result = new Load(
            () -> answerAfter(calls.incrementAndGet() == 3 ? 200_000 : 100), TimeSource.system(), 1)
        .run(NOTHING, Duration.ofMillis(500), 200);

    long slow = result.times().getCountBetweenValues(20_000_000, Long.MAX_VALUE / 2);
    assertThat(slow).isGreaterThan(20);
    assertThat(result.answered()).isBetween(90L, 101L);
  }

  @Test
  void failuresAreCountedByStatusAndOneIsKept() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    Load.Result result = new Load(
            () -> {
              LinkException failure = new LinkException(Status.UNAVAILABLE, "gone");
              return CompletableFuture.failedFuture(
                  calls.incrementAndGet() % 2 == 0 ? failure : new CompletionException(failure));
            },
            TimeSource.system(),
            1)
        .run(NOTHING, Duration.ofMillis(20), 0);

    assertThat(result.answered()).isZero();
    assertThat(result.failed()).containsOnlyKeys(Status.UNAVAILABLE);
    assertThat(result.failures()).isEqualTo(calls.get());
    assertThat(result.firstFailure()).hasMessageContaining("gone");
    assertThat(BenchCallCommand.render(result, new io.liblink.cli.output.Paint(false)))
        .contains("FAILED");
  }
}
