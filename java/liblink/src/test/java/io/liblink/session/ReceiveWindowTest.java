package io.liblink.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.testing.Gen;
import org.junit.jupiter.api.Test;

class ReceiveWindowTest {
  private static final long MILLI = 1_000_000;

  /** The model of a sender: it uses what it has, and time goes by. */
  private static final class Sender {
    final ReceiveWindow window;
    long credit;
    long now = 1;

    Sender(int initial) {
      window = new ReceiveWindow(initial);
      credit = initial;
    }

    void send(int bytes, long nanosLater) {
      assertThat(window.admits(bytes)).isTrue();
      now += nanosLater;
      credit += window.took(bytes, now) - bytes;
    }
  }

  @Test
  void creditComesBackByAQuarterOfTheWindowAndIsNeverMoreThanTwice() {
    Gen.check(300, gen -> {
      int initial = gen.between(32 << 10, 1 << 20);
      Sender sender = new Sender(initial);
      for (int i = 0; i < 2000; i++) {
        if (gen.oneIn(20)) {
          sender.window.roundTrip(gen.between(1, 200) * MILLI);
        }
        sender.send(
            (int) Math.min(sender.credit, gen.between(1, 32 << 10)), gen.between(0, 3) * MILLI);
        long size = sender.window.window();
        assertThat(size).isBetween((long) initial, 16L << 20);
        // At the latest when a quarter is used up and not returned: nobody is stuck for ever.
        assertThat(sender.credit).isBetween(size - size / 4, 2 * size);
      }
      assertThat(sender.window.admits((int) sender.credit)).isTrue();
      assertThat(sender.window.admits(1)).isFalse();
    });
  }

  @Test
  void onALongWayItGrowsWhileThatHelpsAndNoFurtherThan16MiB() {
    Sender sender = new Sender(256 << 10);
    for (int i = 0; i < 8; i++) {
      sender.window.roundTrip(50 * MILLI);
    }
    for (int i = 0; i < 40_000; i++) { // a window each round trip: the window is the limit
      sender.send(32 << 10, 50 * MILLI * (32 << 10) / sender.window.window());
    }
    assertThat(sender.window.window()).isEqualTo(16 << 20);
  }

  @Test
  void whatDoesNotMakeTheLinkFasterIsTakenBack() {
    Sender sender = new Sender(256 << 10);
    for (int i = 0; i < 8; i++) {
      sender.window.roundTrip(50 * MILLI);
    }
    long largest = 0;
    for (int i = 0; i < 3000; i++) { // the link itself is the limit
      sender.send(32 << 10, 3 * MILLI);
      largest = Math.max(largest, sender.window.window());
    }
    assertThat(largest).isEqualTo(512 << 10);
    assertThat(sender.window.window()).isLessThanOrEqualTo(512 << 10);
    assertThat(sender.credit).isLessThanOrEqualTo(512 << 10);
  }

  @Test
  void onAShortWayOrWithoutAKnownOneItDoesNotGrow() {
    for (long roundTrip : new long[] {0, 100_000}) {
      Sender sender = new Sender(256 << 10);
      for (int i = 0; i < 20 && roundTrip > 0; i++) {
        sender.window.roundTrip(roundTrip);
      }
      for (int i = 0; i < 1000; i++) {
        sender.send(32 << 10, i);
      }
      assertThat(sender.window.window()).isEqualTo(256 << 10);
    }
  }
}
