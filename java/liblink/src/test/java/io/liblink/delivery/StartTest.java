package io.liblink.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "latest",
        "earliest",
        "1",
        "17",
        "999999999999999999",
        "age 0",
        "age 5000",
        "earliest age 0",
        "earliest age 5000"
      })
  void whatIsWrittenIsRead(String text) {
    assertThat(Start.of(text).toString()).isEqualTo(text);
    assertThat(Start.of(text)).isEqualTo(Start.of(text)).hasSameHashCodeAs(Start.of(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "-1",
        "01",
        "1.0",
        " 1",
        "1 ",
        "Latest",
        "age",
        "age ",
        "age -1",
        "age 01",
        "ages 1",
        "1000000000000000000",
        "18446744073709551615",
        "٣",
        "age ٣",
        "earliest ",
        "earliest 5",
        "earliest age",
        "earliest age -1",
        "earliest age age 1",
        "age earliest 1"
      })
  void whatIsNoStartIsRefused(String text) {
    assertThatThrownBy(() -> Start.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "' is none of latest, earliest");
  }

  @Test
  void theyAreToldApart() {
    assertThat(Start.sequence(5).isSequence()).isTrue();
    assertThat(Start.sequence(5).number()).isEqualTo(5);
    assertThat(Start.within(Duration.ofSeconds(2)).isAge()).isTrue();
    assertThat(Start.within(Duration.ofSeconds(2)).number()).isEqualTo(2000);
    assertThat(Start.earliestAndWithin(Duration.ofSeconds(2)).number()).isEqualTo(2000);
    assertThat(Start.earliestAndWithin(Duration.ofSeconds(2)).isAge()).isTrue();
    assertThat(Start.earliestAndWithin(Duration.ofSeconds(2)).isEarliest()).isTrue();
    assertThat(Start.within(Duration.ofSeconds(2)).isEarliest()).isFalse();
    assertThat(Start.latest().isAge() || Start.latest().isSequence()).isFalse();
    assertThat(Start.earliest()).isNotEqualTo(Start.latest());
    assertThatThrownBy(() -> Start.sequence(0)).hasMessageContaining("from 1");
    assertThatThrownBy(() -> Start.within(Duration.ofMillis(-1))).hasMessageContaining("negative");
  }

  @Test
  void policiesAndReasonsAreReadAsTheyAreWritten() {
    for (WhenFull w : WhenFull.values()) {
      assertThat(WhenFull.of(w.text())).isEqualTo(w);
    }
    for (Gap.Reason r : Gap.Reason.values()) {
      assertThat(Gap.Reason.of(r.text())).isEqualTo(r);
    }
    assertThatThrownBy(() -> WhenFull.of("DROP_OLDEST")).hasMessageContaining("drop-oldest,");
    assertThatThrownBy(() -> Gap.Reason.of("")).hasMessageContaining("none of tail");
  }
}
