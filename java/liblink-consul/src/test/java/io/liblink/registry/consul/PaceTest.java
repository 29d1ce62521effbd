package io.liblink.registry.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.testing.Gen;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private double chance;
  private final Pace pace = new Pace(() -> chance, -7);

  @Test
  void aFewChangesInARowAreSeenAtOnce() {
    for (int i = 0; i < Pace.BURST; i++) {
      assertThat(pace.afterAnswer(-7, 0)).isZero();
    }
    assertThat(pace.afterAnswer(-7, 0)).isEqualTo(SECOND);
  }

  @Test
  void whatNeverRestsIsAskedOnceASecond() {
    long now = -7;
    int questions = 0;
    while (now < 100 * SECOND) {
      now += pace.afterAnswer(now, 0);
      questions++;
    }
    assertThat(questions).isBetween(100, 100 + Pace.BURST + 1);
  }

  @Test
  void anAnswerThatTakesLongToDigestIsAskedForSeldom() {
    long now = -7;
    int questions = 0;
    while (now < 100 * SECOND) {
      now += SECOND / 2 + pace.afterAnswer(now, SECOND / 2);
      questions++;
    }
    assertThat(questions).isBetween(18, 20 + Pace.BURST + 1);
  }

  @Test
  void restFillsTheBucketAgain() {
    for (int i = 0; i < 20; i++) {
      pace.afterAnswer(0, 0);
    }
    long later = 60 * SECOND;
    for (int i = 0; i < Pace.BURST; i++) {
      assertThat(pace.afterAnswer(later, 0)).isZero();
    }
    assertThat(pace.afterAnswer(later, 0)).isPositive();
  }

  @Test
  void evenFreeQuestionsAreSpreadByChance() {
    chance = 0.5;
    assertThat(pace.afterAnswer(0, 0)).isEqualTo(Pace.SPREAD_NANOS / 2);
  }

  @Test
  void failuresAreFollowedByLongerWaitsUpToABoundAndSuccessEndsThat() {
    chance = 1;
    assertThat(pace.afterFailure()).isEqualTo(Pace.RETRY_NANOS);
    assertThat(pace.afterFailure()).isEqualTo(2 * Pace.RETRY_NANOS);
    for (int i = 0; i < 100; i++) {
      assertThat(pace.afterFailure()).isLessThanOrEqualTo(Pace.RETRY_MAX_NANOS);
    }
    assertThat(pace.afterFailure()).isEqualTo(Pace.RETRY_MAX_NANOS);
    chance = 0;
    assertThat(pace.afterFailure()).as("half of it, by chance").isEqualTo(Pace.RETRY_MAX_NANOS / 2);
    pace.afterAnswer(0, 0);
    assertThat(pace.afterFailure()).isEqualTo(Pace.RETRY_NANOS / 2);
  }

  @Test
  void noWaitIsNegativeAndNoneIsLongerThanWhatIsOwed() {
    Gen.check(100, gen -> {
      long now = gen.aLong();
      Pace any = new Pace(() -> gen.between(0, 1000) / 1000.0, now);
      for (int i = 0; i < 100; i++) {
        long wait =
            gen.oneIn(5) ? any.afterFailure() : any.afterAnswer(now, gen.between(0, 100_000_000));
        assertThat(wait).isBetween(0L, 3 * SECOND + Pace.RETRY_MAX_NANOS);
        now += wait + gen.between(0, 1_000_000_000);
      }
    });
  }
}
