package io.liblink.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.wire.CloseFrame;
import org.junit.jupiter.api.Test;

class TrafficTest {
  private final Traffic traffic = new Traffic();

  @Test
  void bothDirectionsAreCountedByTarget() {
    traffic.opened("a/x");
    traffic.opened("a/x");
    traffic.taken("a/x", new TestStream());
    traffic.taken("b/y", new TestStream());

    Carried carried = traffic.carried();
    assertThat(carried.opened()).isEqualTo(2);
    assertThat(carried.taken()).isEqualTo(2);
    assertThat(carried.targets())
        .containsExactly(new Carried.Target("a/x", 2, 1), new Carried.Target("b/y", 0, 1));
  }

  @Test
  void whatWasRefusedIsNotCounted() {
    CloseFrame refusal =
        CloseFrame.failure(Status.UNIMPLEMENTED, Stage.SEND, Ran.NO, "there is no such method");
    traffic.taken("made/up", new RefusedStream(refusal));

    assertThat(traffic.carried().taken()).isZero();
    assertThat(traffic.carried().targets()).isEmpty();
  }

  @Test
  void moreTargetsThanThereIsRoomForAreCountedTogether() {
    for (int i = 0; i < 3 * Traffic.MOST_TARGETS; i++) {
      traffic.opened("s/m" + i);
    }

    assertThat(traffic.carried().targets()).hasSize(Traffic.MOST_TARGETS);
    assertThat(traffic.carried().opened()).isEqualTo(3 * Traffic.MOST_TARGETS);
  }
}
