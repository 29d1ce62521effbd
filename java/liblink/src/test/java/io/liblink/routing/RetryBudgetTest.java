package io.liblink.routing;

import static io.liblink.routing.Sample.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
  @Test
  void anIdleNodeHasTenRepeatsASecond() {
    RetryBudget budget = new RetryBudget(0);
    assertThat(taken(budget, 0, 1000)).isEqualTo(100);
    assertThat(budget.withdraw(5 * SECOND)).isFalse();
    assertThat(taken(budget, 11 * SECOND, 1000)).isEqualTo(100);
  }

  @Test
  void fiveCallsEarnOneRepeat() {
    RetryBudget budget = new RetryBudget(0);
    for (int i = 0; i < 1000; i++) {
      budget.deposit(0);
    }
    assertThat(budget.balance(0)).isEqualTo(300);
    assertThat(taken(budget, 0, 1000)).isEqualTo(300);
    for (int i = 0; i < 4; i++) {
      budget.deposit(0);
    }
    assertThat(budget.withdraw(0)).isFalse();
    budget.deposit(0);
    assertThat(budget.withdraw(0)).isTrue();
  }

  @Test
  void whatWasEarnedIsForgottenAfterTenSeconds() {
    RetryBudget budget = new RetryBudget(0);
    for (int i = 0; i < 1000; i++) {
      budget.deposit(0);
    }
    assertThat(budget.balance(9 * SECOND)).isEqualTo(300);
    assertThat(budget.balance(10 * SECOND)).isEqualTo(100);
    budget.deposit(3600 * SECOND);
    assertThat(budget.balance(3600 * SECOND)).isEqualTo(100);
  }

  @Test
  void aClockWithAnyOriginDoes() {
    RetryBudget budget = new RetryBudget(Long.MAX_VALUE - SECOND / 2);
    budget.deposit(Long.MAX_VALUE);
    budget.deposit(Long.MIN_VALUE + SECOND);
    assertThat(budget.balance(Long.MIN_VALUE + SECOND)).isEqualTo(100);
    assertThat(taken(budget, Long.MIN_VALUE + 2 * SECOND, 1000)).isEqualTo(100);
  }

  @Test
  void overAnyScheduleItStaysBetweenAWindowOfNineAndOfTenSeconds() {
    Seeded.forEach(200, random -> {
      RetryBudget budget = new RetryBudget(0);
      Deque<Long> calls = new ArrayDeque<>();
      Deque<Long> repeats = new ArrayDeque<>();
      long now = 0;
      for (int step = 0; step < 3000; step++) {
        long gap = random.nextInt(50) == 0 ? 15 * SECOND : SECOND / 20;
        now += random.nextLong(gap);
        if (random.nextInt(3) != 0) {
          budget.deposit(now);
          calls.add(now);
        } else {
          long most = 100 + recent(calls, now, 10) / 5 - recent(repeats, now, 9);
          long least = 100 + recent(calls, now, 9) / 5 - recent(repeats, now, 10);
          int balance = budget.balance(now);
          assertThat((long) balance).isBetween(Math.max(0, least), Math.max(0, most));
          boolean given = budget.withdraw(now);
          assertThat(given).isEqualTo(balance >= 1);
          if (given) {
            repeats.add(now);
          }
        }
      }
    });
  }

  @Test
  void manyThreadsNeverTakeMoreThanThereIs() throws InterruptedException {
    RetryBudget budget = new RetryBudget(0);
    AtomicInteger given = new AtomicInteger();
    Thread[] threads = IntStream.range(0, 4)
        .mapToObj(t -> new Thread(() -> {
          for (int i = 0; i < 10_000; i++) {
            budget.deposit(i);
            if (budget.withdraw(i)) {
              given.incrementAndGet();
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
    while (budget.withdraw(10_000)) {
      given.incrementAndGet();
    }
    assertThat(given.get()).isEqualTo(100 + 40_000 / 5);
  }

  private static long recent(Deque<Long> times, long now, int seconds) {
    return times.stream().filter(t -> t >= now - seconds * SECOND).count();
  }

  private static int taken(RetryBudget budget, long now, int attempts) {
    int taken = 0;
    for (int i = 0; i < attempts; i++) {
      taken += budget.withdraw(now) ? 1 : 0;
    }
    return taken;
  }
}
