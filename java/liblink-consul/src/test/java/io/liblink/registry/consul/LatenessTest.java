package io.liblink.registry.consul;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LatenessTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Lateness lateness = new Lateness("consul://test", 9 * SECOND);

  @Test
  void aBeatInTimeIsNoNews() {
    lateness.beat(0, 0);
    lateness.beat(3 * SECOND - 1, SECOND);
    assertThat(lateness.problem(SECOND)).isEmpty();
  }

  @Test
  void aLateOneIsToldOfForAMinute() {
    lateness.beat(3 * SECOND, -SECOND);
    assertThat(lateness.problem(0)).contains("heartbeats were late");
    lateness.beat(0, 10 * SECOND);
    assertThat(lateness.problem(58 * SECOND)).isNotEmpty();
    assertThat(lateness.problem(59 * SECOND)).isEmpty();
    assertThat(lateness.problem(-10 * SECOND)).as("over is over").isEmpty();
  }
}
