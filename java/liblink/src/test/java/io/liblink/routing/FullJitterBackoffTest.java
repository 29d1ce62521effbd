package io.liblink.routing;

import static io.liblink.routing.Sample.MS;
import static io.liblink.routing.Sample.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FullJitterBackoffTest {
  private final FullJitterBackoff backoff = new FullJitterBackoff(new SplittableRandom(3));

  @Test
  void theCeilingDoublesFromATenthOfASecondToHalfAMinute() {
    long[] expected = {100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000};
    for (long millis : expected) {
      assertThat(backoff.ceilingNanos()).isEqualTo(millis * MS);
      assertThat(backoff.failed(0)).isBetween(0L, millis * MS);
    }
    for (int i = 0; i < 100; i++) {
      assertThat(backoff.failed(0)).isBetween(0L, 30 * SECOND);
    }
  }

  @Test
  void theWaitIsSpreadOverTheWholeRange() {
    fail(20);
    int[] tenths = new int[10];
    for (int i = 0; i < 10_000; i++) {
      tenths[(int) Math.min(9, backoff.failed(0) * 10 / FullJitterBackoff.CAP_NANOS)]++;
    }
    for (int count : tenths) {
      assertThat(count).isBetween(850, 1150);
    }
  }

  @Test
  void aLinkThatLastedStartsAnewAndOneThatWasDroppedAtOnceDoesNot() {
    fail(5);
    backoff.connected(0);
    backoff.failed(10 * SECOND - 1);
    assertThat(backoff.ceilingNanos()).isEqualTo(6400 * MS);
    backoff.connected(20 * SECOND);
    backoff.failed(30 * SECOND);
    assertThat(backoff.ceilingNanos()).isEqualTo(200 * MS);
    backoff.failed(300 * SECOND);
    assertThat(backoff.ceilingNanos())
        .as("a failure is not a link that lasted")
        .isEqualTo(400 * MS);
  }

  @Test
  void newsOfThePeerStartAnew() {
    fail(5);
    backoff.reset();
    assertThat(backoff.ceilingNanos()).isEqualTo(100 * MS);
  }

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      backoff.failed(0);
    }
  }
}
