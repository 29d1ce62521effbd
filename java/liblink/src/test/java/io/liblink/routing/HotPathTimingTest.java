package io.liblink.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

/** Prints what the steps of a call cost; nothing is asserted of time, which belongs to the bench. */
class HotPathTimingTest {
  private long sum;

  @Test
  void theStepsOfACallAreTimed() {
    for (int size : new int[] {1, 3, 20, 1000}) {
      var view = Sample.view(size);
      Candidates candidates = Sample.candidates(view, Sample.states(view));
      for (Candidate candidate : candidates.all()) {
        candidate.state().begin();
        candidate.state().end(Outcome.REPLIED, 1_000_000 + size, 0);
      }
      time("pick of " + size, i -> {
        Candidate chosen = candidates.pick(Set.of(), i, ThreadLocalRandom.current());
        return chosen == null ? 0 : chosen.state().inFlight();
      });
      time("pick, begin, end of " + size, i -> {
        Candidate chosen = candidates.pick(Set.of(), i, ThreadLocalRandom.current());
        if (chosen != null) {
          chosen.state().begin();
          chosen.state().end(Outcome.REPLIED, 1_000_000, i);
        }
        return i;
      });
    }
    RetryBudget budget = new RetryBudget(0);
    time("deposit", i -> {
      budget.deposit(i);
      return i;
    });
    time("withdraw", i -> budget.withdraw(i) ? 1 : 0);
    ConcurrencyLimit limit = new ConcurrencyLimit(1024);
    time("limit taken, started, released", i -> {
      boolean taken = limit.tryAcquire(i);
      limit.started(0);
      limit.release();
      return taken ? 1 : 0;
    });
    assertThat(limit.inFlight()).isZero();
    assertThat(sum).isNotZero();
  }

  private void time(String what, LongUnaryOperator step) {
    double best = Double.MAX_VALUE;
    int rounds = 200_000;
    for (int run = 0; run < 8; run++) {
      long start = System.nanoTime();
      for (int i = 0; i < rounds; i++) {
        sum += step.applyAsLong(i);
      }
      best = Math.min(best, (System.nanoTime() - start) / (double) rounds);
    }
    System.out.printf("%-32s %6.1f ns%n", what, best);
  }
}
