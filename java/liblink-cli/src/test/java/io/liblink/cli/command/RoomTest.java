package io.liblink.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RoomTest {
  @Test
  void thereIsRoomForSoManyItemsAndSoManyBytes() throws Exception {
    Room room = new Room(2, 10 << 10);

    assertThat(room.enter(0, Duration.ZERO)).isTrue();
    assertThat(room.enter(9_000, Duration.ZERO)).isTrue();
    assertThat(room.enter(0, Duration.ZERO)).isFalse();
    room.leave(0);
    assertThat(room.enter(3_000, Duration.ofMillis(1))).isFalse();
    room.leave(9_000);
    assertThat(room.enter(3_000, Duration.ZERO)).isTrue();
    assertThat(room.enter(3_000, Duration.ZERO)).isTrue();
  }

  @Test
  void whatIsLargerThanAllOfItTakesAllOfIt() throws Exception {
    Room room = new Room(5, 1 << 10);

    assertThat(room.enter(1 << 20, Duration.ZERO)).isTrue();
    assertThat(room.enter(0, Duration.ZERO)).isFalse();
    room.leave(1 << 20);
    assertThat(room.enter(0, Duration.ZERO)).isTrue();
  }
}
