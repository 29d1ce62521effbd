package io.liblink.identity.trust;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClockTest {
  @ParameterizedTest
  @CsvSource({
    "0, 1 s",
    "999, 1 s",
    "59999, 59 s",
    "60000, 1 min",
    "61000, 1 min 1 s",
    "3599000, 59 min 59 s",
    "3600000, 1 h",
    "5400000, 1 h 30 min",
    "172799000, 47 h 59 min",
    "172800000, 2 d",
    "180000000, 2 d 2 h"
  })
  void aSpanIsSaidInItsTwoLargestUnits(long millis, String words) {
    assertThat(Clock.span(millis)).isEqualTo(words);
  }
}
