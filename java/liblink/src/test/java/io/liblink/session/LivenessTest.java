package io.liblink.session;

import static io.liblink.session.Liveness.Verdict.ALIVE;
import static io.liblink.session.Liveness.Verdict.ASK;
import static io.liblink.session.Liveness.Verdict.DEAD;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LivenessTest {
  private static final long MS = 1_000_000;

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
  void aPeerThatOwesRepliesIsAskedSoonAndThenFoundToStandStill() {
    liveness.heard(0);
    List<String> seen = new ArrayList<>();
    for (int ms = 0; ms <= 2000; ms += 10) {
      Liveness.Verdict verdict = liveness.look(ms * MS);
      if (verdict != ALIVE) {
        seen.add(ms + " " + verdict);
      }
      assertThat(liveness.isStill()).isEqualTo(ms >= 1000);
    }
    assertThat(seen)
        .containsExactly(
            "250 ASK",
            "1000 STILL",
            "1250 YET_STILL",
            "1500 YET_STILL",
            "1750 YET_STILL",
            "2000 YET_STILL");
    liveness.heard(2005 * MS);
    assertThat(liveness.isStill()).isFalse();
  }

  @Test
  void anyByteEndsTheQuiet() {
    for (int ms = 0; ms <= 3000; ms += 10) {
      if (ms % 240 == 0) {
        liveness.heard(ms * MS);
      }
      assertThat(liveness.look(ms * MS)).isEqualTo(ALIVE);
    }
  }

  @Test
  void timeInWhichThisSideStoodStillDoesNotSpeakAgainstThePeer() {
    liveness.heard(0);
    long now = 0;
    for (int i = 0; i < 5; i++) {
      now += 10_000 * MS;
      assertThat(liveness.look(now)).isEqualTo(ALIVE);
    }
    assertThat(liveness.look(now - 1)).as("a clock reading out of order").isEqualTo(ALIVE);
    assertThat(liveness.isStill()).isFalse();
  }

  @Test
  void onlyAnswersToPingsAreMeasuredAndEachOnce() {
    assertThat(liveness.answered(1, 10)).isZero();
    long first = liveness.asked(100);
    assertThat(liveness.answered(first + 1, 200)).isZero();
    assertThat(liveness.answered(0, 200)).isZero();
    assertThat(liveness.answered(-1, 200)).isZero();
    assertThat(liveness.answered(Long.MIN_VALUE, 200)).isZero();
    long second = liveness.asked(300);
    assertThat(liveness.answered(second, 350)).isEqualTo(50);
    assertThat(liveness.answered(first, 360)).as("an older one").isEqualTo(260);
    assertThat(liveness.answered(second, 361)).as("a second PONG").isZero();
    assertThat(liveness.roundTripNanos()).isEqualTo(50);
  }

  @Test
  void answersToPingsOfLongAgoDoNotCount() {
    long first = liveness.asked(100);
    for (int i = 0; i < 64; i++) {
      liveness.asked(200);
    }
    assertThat(liveness.answered(first, 300)).isZero();
    assertThat(liveness.answered(first + 1, 300)).isEqualTo(100);
  }

  @Test
  void theSmallestRoundTripCounts() {
    assertThat(liveness.answered(liveness.asked(0), 70)).isPositive();
    assertThat(liveness.answered(liveness.asked(100), 130)).isEqualTo(30);
    assertThat(liveness.answered(liveness.asked(200), 290)).isEqualTo(90);
    assertThat(liveness.answered(liveness.asked(200), 200)).isEqualTo(1);
    assertThat(liveness.roundTripNanos()).isEqualTo(1);
  }

  @Test
  void roundTripsAreMeasuredOftenAtFirstAndThenOnceASecond() {
    long now = 0;
    for (int i = 0; i < 16; i++) {
      assertThat(liveness.mayMeasure(now)).isTrue();
      assertThat(liveness.mayMeasure(now + 4_999_999)).isFalse();
      now += 5_000_000;
    }
    assertThat(liveness.mayMeasure(now)).isFalse();
    assertThat(liveness.mayMeasure(now + 994_999_999)).isFalse();
    assertThat(liveness.mayMeasure(now + 995_000_000)).isTrue();
  }
}
