package io.liblink.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.testing.Gen;
import java.util.function.LongToDoubleFunction;
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
        // Twice, while a window that did not help is being taken back.
        assertThat(credit).isLessThanOrEqualTo(2 * window.window());
        // At the latest when a quarter is used up and not returned.
        assertThat(credit).isGreaterThan(window.window() - window.window() / 4 - 1);
      }
      assertThat(window.admits((int) credit)).isTrue();
      assertThat(window.admits(1)).isFalse();
    });
  }

  @Test
  void onALongWayItGrowsUntilTheLinkIsFull() {
    ReceiveWindow window = measured(10 * MILLI);
    long carriedInARoundTrip = 1_000_000; // 100 MB/s and 10 ms
    long largest = run(window, 20_000, w -> 10.0 * MILLI / Math.min(w, carriedInARoundTrip));
    assertThat(window.window()).isBetween(1L << 20, 2L << 20);
    assertThat(largest).isLessThanOrEqualTo(4L << 20);
  }

  @Test
  void whereALargerWindowDoesNotHelpItIsTakenBack() {
    ReceiveWindow window = measured(3 * MILLI); // a queue of our own making, or a slow machine
    long largest = run(window, 50_000, w -> 1.0);
    assertThat(largest).isEqualTo(512 << 10);
    assertThat(window.window()).isEqualTo(256 << 10);
  }

  @Test
  void onAShortWayNothingIsTried() {
    ReceiveWindow window = measured(200_000);
    long largest = run(window, 20_000, w -> 200_000.0 / w);
    assertThat(largest).isEqualTo(256 << 10);
  }

  @Test
  void itNeverGrowsBeyond16MiB() {
    ReceiveWindow window = measured(500 * MILLI);
    long largest = run(window, 200_000, w -> 500.0 * MILLI / w);
    assertThat(largest).isEqualTo(16 << 20);
  }

  private static ReceiveWindow measured(long roundTripNanos) {
    ReceiveWindow window = new ReceiveWindow(256 << 10);
    for (int i = 0; i < 8; i++) {
      window.roundTrip(roundTripNanos + i);
    }
    return window;
  }

  /** Takes fragments, each byte in the time that the link needs at that window; the largest window. */
  private static long run(ReceiveWindow window, int fragments, LongToDoubleFunction nanosPerByte) {
    long largest = 0;
    double now = 1;
    for (int i = 0; i < fragments; i++) {
      now += (32 << 10) * nanosPerByte.applyAsDouble(window.window());
      assertThat(window.admits(32 << 10)).isTrue();
      window.took(32 << 10, (long) now);
      largest = Math.max(largest, window.window());
    }
    return largest;
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
