package io.liblink.cli.args;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
  @ParameterizedTest
  @CsvSource({
    "300ms, PT0.3S",
    "5s, PT5S",
    "1m, PT1M",
    "2min, PT2M",
    "1.5s, PT1.5S",
    "2h, PT2H",
    "250us, PT0.00025S"
  })
  void durationsAreReadWithTheirUnit(String text, Duration expected) {
    assertThat(Durations.parse("--timeout", text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "5", "s", "5 s", "-5s", "0s", "5sec", "1..5s", "1e3s", "999999h", "5S", "NaNs"
      })
  void otherDurationsAreRefused(String text) {
    assertThatThrownBy(() -> Durations.parse("--timeout", text))
        .isInstanceOf(UsageException.class)
        .hasMessage("--timeout takes a duration such as 300ms, 5s or 1m, not '" + text + "'");
  }

  @Test
  void aDurationWithoutAUnitIsAskedForOne() {
    assertThatThrownBy(() -> Durations.parse("--timeout", "5"))
        .isInstanceOfSatisfying(
            UsageException.class, e -> assertThat(e.hint()).isEqualTo("say the unit: 5ms or 5s"));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "64, 64",
    "64B, 64",
    "64KiB, 65536",
    "64k, 65536",
    "1MiB, 1048576",
    "1MB, 1000000",
    "1GiB, 1073741824",
    "2kb, 2000"
  })
  void sizesAreReadWithTheirUnit(String text, int expected) {
    assertThat(Sizes.parse("--size", text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "KiB", "-1", "1.5MiB", "2GiB", "3GB", "99999999999", "64KB/s", "0x10"})
  void otherSizesAreRefused(String text) {
    assertThatThrownBy(() -> Sizes.parse("--size", text))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--size takes a size such as 64B, 64KiB or 1MiB");
  }

  @Test
  void whatIsNearIsFound() {
    List<String> words = List.of("call", "check", "errors", "key show", "ls");

    assertThat(Nearest.of("cal", words)).isEqualTo("call");
    assertThat(Nearest.of("clal", words)).isEqualTo("call");
    assertThat(Nearest.of("chekc", words)).isEqualTo("check");
    assertThat(Nearest.of("sl", words)).isEqualTo("ls");
    assertThat(Nearest.of("key", words)).isEqualTo("key show");
  }

  @Test
  void whatIsFarIsNotForcedUponAnybody() {
    List<String> words = List.of("call", "ls");

    assertThat(Nearest.of("frobnicate", words)).isNull();
    assertThat(Nearest.of("", words)).isNull();
    assertThat(Nearest.of("x".repeat(1000), words)).isNull();
    assertThat(Nearest.of("ab", words)).isNull();
  }

  @Test
  void theDistanceCountsASwapAsOne() {
    assertThat(Nearest.distance("abcd", "abdc")).isEqualTo(1);
    assertThat(Nearest.distance("", "abc")).isEqualTo(3);
    assertThat(Nearest.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(Nearest.distance("same", "same")).isZero();
  }
}
