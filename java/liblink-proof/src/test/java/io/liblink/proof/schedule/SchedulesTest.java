package io.liblink.proof.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class SchedulesTest {
  private static final Logger LIBRARY = Logger.getLogger("io.liblink");

  /** What breaks is logged, and here it breaks by the hundred. */
  @BeforeAll
  static void quiet() {
    LIBRARY.setLevel(Level.OFF);
  }

  @AfterAll
  static void loud() {
    LIBRARY.setLevel(null);
  }

  @Test
  void subscriptionsAddUpWhateverHappens() {
    Map<String, Long> counted =
        Schedules.run("pubsub", Schedules.SHORT, new PubsubSchedule(), line -> {});

    assertThat(counted).containsKeys("messages received", "cuts", "subscriptions");
  }

  @Test
  void itemsAreSettledOnceWhateverHappens() {
    Map<String, Long> counted =
        Schedules.run("pipeline", Schedules.SHORT, new PipelineSchedule(), line -> {});

    assertThat(counted).containsKeys("items accepted", "cuts", "deliveries");
  }

  @Test
  void aScheduleThatFailsSaysItsSeedAndTheSeedsAreTheSameEachTime() {
    List<Long> first = new ArrayList<>();
    List<Long> second = new ArrayList<>();
    Schedules.run("x", 3, (random, story) -> first.add(random.nextLong()), line -> {});
    Schedules.run("x", 3, (random, story) -> second.add(random.nextLong()), line -> {});

    assertThat(first).isEqualTo(second).doesNotHaveDuplicates();
    assertThatThrownBy(() -> Schedules.run(
            "x",
            1,
            (random, story) -> {
              story.tell("this");
              story.tell("that");
              throw new AssertionError("so");
            },
            line -> {}))
        .isInstanceOf(AssertionError.class)
        .hasMessageMatching(
            "(?s)x, seed -?\\d+: so\nrun it again: -Dliblink.seed=-?\\d+\nwhat was done: this; that");
  }
}
