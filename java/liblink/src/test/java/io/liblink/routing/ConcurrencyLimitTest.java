package io.liblink.routing;

import static io.liblink.routing.Sample.MS;
import static io.liblink.routing.Sample.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConcurrencyLimitTest {
  private final ConcurrencyLimit limit = new ConcurrencyLimit(2);

  @Test
  void whatIsOverIsRefusedUntilAPlaceIsFree() {
    assertThat(limit.tryAcquire(SECOND)).isTrue();
    assertThat(limit.tryAcquireStarted()).isTrue();
    assertThat(limit.tryAcquire(SECOND)).isFalse();
    assertThat(limit.tryAcquireStarted()).isFalse();
    assertThat(limit.inFlight()).isEqualTo(2);
    assertThat(limit.waiting()).isEqualTo(1);
    limit.release();
    assertThat(limit.tryAcquireStarted()).isTrue();
  }

  @Test
  void aRequestThatWouldWaitTooLongForItsDeadlineIsRefused() {
    ConcurrencyLimit wide = new ConcurrencyLimit(100);
    wide.tryAcquire(SECOND);
    wide.started(100 * MS);
    assertThat(wide.tryAcquire(10 * MS)).as("nobody waits").isTrue();
    assertThat(wide.tryAcquire(399 * MS)).isFalse();
    assertThat(wide.tryAcquire(400 * MS)).isTrue();
    assertThat(wide.tryAcquireStarted()).as("it waits for no thread").isTrue();
    assertThat(wide.inFlight()).isEqualTo(4);
    wide.started(10 * MS);
    assertThat(wide.tryAcquire(40 * MS)).as("the queue moves again").isTrue();
  }

  @Test
  void aLimitBelowOneIsRefused() {
    assertThatThrownBy(() -> new ConcurrencyLimit(0)).hasMessageContaining("refuse everything");
    assertThatThrownBy(() -> new ConcurrencyLimit(-1)).hasMessageContaining("-1");
  }

  @Test
  void manyThreadsAreNeverOverIt() throws InterruptedException {
    AtomicInteger inside = new AtomicInteger();
    AtomicBoolean over = new AtomicBoolean();
    Thread[] threads = IntStream.range(0, 6)
        .mapToObj(t -> new Thread(() -> {
          for (int i = 0; i < 20_000; i++) {
            boolean waits = (i + t) % 2 == 0;
            if (waits ? limit.tryAcquire(SECOND) : limit.tryAcquireStarted()) {
              over.compareAndSet(false, inside.incrementAndGet() > 2);
              if (waits) {
                limit.started(0);
              }
              inside.decrementAndGet();
              limit.release();
            }
          }
        }))
        .toArray(Thread[]::new);
    for (Thread thread : threads) {
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(over).isFalse();
    assertThat(limit.inFlight()).isZero();
    assertThat(limit.waiting()).isZero();
  }
}
