package io.liblink.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FullJitterBackoffTest {
  private static final long MS = 1_000_000;
  private static final long SECOND = 1000 * MS;

  private final SplittableRandom random = new SplittableRandom(3);
  private final FullJitterBackoff backoff = new FullJitterBackoff(() -> random);

  @Test
  void theCeilingDoublesFromATenthOfASecondToFiveSeconds() {
    long[] expected = {100, 200, 400, 800, 1600, 3200, 5000, 5000};
    for (long millis : expected) {
      assertThat(backoff.ceilingNanos()).isEqualTo(millis * MS);
      assertThat(backoff.failed(0)).isBetween(0L, millis * MS);
    }
    for (int i = 0; i < 100; i++) {
      assertThat(backoff.failed(0)).isBetween(0L, 5 * SECOND);
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
    assertThat(backoff.ceilingNanos()).isEqualTo(5000 * MS);
    backoff.connected(20 * SECOND);
    backoff.failed(30 * SECOND);
    assertThat(backoff.ceilingNanos()).isEqualTo(200 * MS);
    backoff.failed(300 * SECOND);
    assertThat(backoff.ceilingNanos())
        .as("a failure is not a link that lasted")
        .isEqualTo(400 * MS);
  }

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      backoff.failed(0);
    }
  }
}
