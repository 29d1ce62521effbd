package io.liblink.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConcurrencyLimitTest {
  @Test
  void whatIsOverIsRefusedUntilAPlaceIsFree() {
    ConcurrencyLimit limit = new ConcurrencyLimit(2);
    assertThat(limit.tryAcquire()).isTrue();
    assertThat(limit.tryAcquire()).isTrue();
    assertThat(limit.tryAcquire()).isFalse();
    assertThat(limit.tryAcquire()).isFalse();
    assertThat(limit.inFlight()).isEqualTo(2);
    limit.release();
    assertThat(limit.tryAcquire()).isTrue();
  }

  @Test
  void aLimitBelowOneIsRefused() {
    assertThatThrownBy(() -> new ConcurrencyLimit(0)).hasMessageContaining("refuse everything");
    assertThatThrownBy(() -> new ConcurrencyLimit(-1)).hasMessageContaining("-1");
  }

  @Test
  void manyThreadsAreNeverOverIt() throws InterruptedException {
    ConcurrencyLimit limit = new ConcurrencyLimit(2);
    AtomicInteger inside = new AtomicInteger();
    AtomicBoolean over = new AtomicBoolean();
    Thread[] threads = IntStream.range(0, 6)
        .mapToObj(t -> new Thread(() -> {
          for (int i = 0; i < 20_000; i++) {
            if (limit.tryAcquire()) {
              if (inside.incrementAndGet() > 2) {
                over.set(true);
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
  }
}
