package io.liblink.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.testing.Gen;
import org.junit.jupiter.api.Test;

class ReceiveWindowTest {
  private static final long MILLI = 1_000_000;

  @Test
  void creditComesBackByAQuarterOfTheWindowAndNeverBeyondIt() {
    Gen.check(300, gen -> {
      int initial = gen.between(32 << 10, 1 << 20);
      ReceiveWindow window = new ReceiveWindow(initial);
      long credit = initial;
      long now = 1;
      for (int i = 0; i < 500; i++) {
        if (gen.oneIn(20)) {
          window.roundTrip(gen.between(1, 200) * MILLI);
        }
        int n = (int) Math.min(credit, gen.between(1, 32 << 10));
        assertThat(window.admits(n)).isTrue();
        credit -= n;
        now += gen.between(0, 3) * MILLI;
        credit += window.took(n, now);
        assertThat(credit).isLessThanOrEqualTo(window.window());
        // At the latest when a quarter is used up and not returned.
        assertThat(credit).isGreaterThan(window.window() - window.window() / 4 - 1);
      }
      assertThat(window.admits((int) credit)).isTrue();
      assertThat(window.admits(1)).isFalse();
    });
  }

  @Test
  void itGrowsToTwiceWhatOneRoundTripCarriesAndNoFurtherThan16MiB() {
    ReceiveWindow window = new ReceiveWindow(256 << 10);
    window.roundTrip(10 * MILLI);
    long now = 1;
    for (int i = 0; i < 1000; i++) { // 100 MB/s
      now += 327_680;
      window.admits(32 << 10);
      window.took(32 << 10, now);
    }
    assertThat(window.window()).isBetween(1_900_000L, 2_100_000L);
    for (int i = 0; i < 1000; i++) { // far more
      now += 10;
      window.admits(32 << 10);
      window.took(32 << 10, now);
    }
    assertThat(window.window()).isEqualTo(16 << 20);
  }

  @Test
  void withoutAKnownRoundTripItDoesNotGrow() {
    ReceiveWindow window = new ReceiveWindow(256 << 10);
    for (int i = 0; i < 1000; i++) {
      window.admits(32 << 10);
      window.took(32 << 10, i);
    }
    assertThat(window.window()).isEqualTo(256 << 10);
  }
}
