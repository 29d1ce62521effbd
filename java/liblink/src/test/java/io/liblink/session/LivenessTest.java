package io.liblink.session;

import static io.liblink.session.Liveness.Verdict.ALIVE;
import static io.liblink.session.Liveness.Verdict.ASK;
import static io.liblink.session.Liveness.Verdict.DEAD;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LivenessTest {
  private final Liveness liveness =
      new Liveness(new SessionLimits(1 << 20, 10, 1 << 20, 150, 100, 1));

  @Test
  void silenceIsAskedAboutOnceAndThenIsDeath() {
    liveness.heard(1000);
    assertThat(liveness.check(1149)).isEqualTo(ALIVE);
    assertThat(liveness.check(1150)).isEqualTo(ASK);
    assertThat(liveness.check(1249)).isEqualTo(ALIVE);
    assertThat(liveness.check(1250)).isEqualTo(DEAD);
  }

  @Test
  void anyByteIsASignOfLife() {
    liveness.heard(0);
    assertThat(liveness.check(150)).isEqualTo(ASK);
    liveness.heard(160);
    assertThat(liveness.check(300)).isEqualTo(ALIVE);
    assertThat(liveness.check(310)).isEqualTo(ASK);
  }

  @Test
  void onlyTheAnswerToTheLastPingIsMeasured() {
    long first = liveness.asked(100);
    assertThat(liveness.answered(first + 1, 200)).isFalse();
    assertThat(liveness.answered(0, 200)).isFalse();
    long second = liveness.asked(300);
    assertThat(liveness.answered(first, 310)).isFalse();
    assertThat(liveness.answered(second, 350)).isTrue();
    assertThat(liveness.roundTripNanos()).isEqualTo(50);
    assertThat(liveness.answered(second, 351)).as("a second PONG").isFalse();
    assertThat(liveness.roundTripNanos()).isEqualTo(50);
  }

  @Test
  void theSmallestRoundTripCounts() {
    assertThat(liveness.answered(liveness.asked(0), 70)).isTrue();
    assertThat(liveness.answered(liveness.asked(100), 130)).isTrue();
    assertThat(liveness.answered(liveness.asked(200), 290)).isTrue();
    assertThat(liveness.roundTripNanos()).isEqualTo(30);
  }

  @Test
  void roundTripsAreMeasuredOftenAtFirstAndThenOnceASecond() {
    long now = 0;
    for (int i = 0; i < 16; i++) {
      assertThat(liveness.mayMeasure(now)).isTrue();
      now += 4_999_999;
      assertThat(liveness.mayMeasure(now)).isFalse();
      now += 1;
    }
    long last = now - 5_000_000;
    assertThat(liveness.mayMeasure(last + 999_999_999)).isFalse();
    assertThat(liveness.mayMeasure(last + 1_000_000_000)).isTrue();
  }
}
