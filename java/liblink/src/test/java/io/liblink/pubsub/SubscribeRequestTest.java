package io.liblink.pubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.delivery.Start;
import io.liblink.delivery.SubscribeOptions;
import io.liblink.delivery.WhenFull;
import io.liblink.testing.Gen;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubscribeRequestTest {
  @Test
  void nothingSaidMeansTheDefaults() {
    SubscribeRequest read = SubscribeRequest.read(Map.of("other", "x"));
    assertThat(read.from()).isEqualTo(Start.latest());
    assertThat(read.queue()).isEqualTo(Integer.MAX_VALUE);
    assertThat(read.whenFull()).isEqualTo(WhenFull.DROP_OLDEST);
    assertThat(read.selector()).isNull();
    assertThat(SubscribeRequest.of(SubscribeOptions.defaults()).content().headers())
        .isEmpty();
  }

  @Test
  void whatIsWrittenIsRead() {
    Gen.check(300, gen -> {
      SubscribeOptions options = SubscribeOptions.defaults()
          .from(gen.oneOf(
              Start.latest(),
              Start.earliest(),
              Start.sequence(gen.between(1, Integer.MAX_VALUE)),
              Start.within(Duration.ofMillis(gen.between(0, Integer.MAX_VALUE)))))
          .whenFull(gen.oneOf(WhenFull.values()))
          .filter(gen.oneOf("", "a == 'b'", "liblink-key == 'x' or not y is empty"));
      if (gen.aBoolean()) {
        options = options.queue(gen.between(1, Integer.MAX_VALUE));
      }
      SubscribeRequest written = SubscribeRequest.of(options);
      assertThat(SubscribeRequest.read(written.content().headers())).isEqualTo(written);
    });
  }

  @ParameterizedTest
  @CsvSource({
    "liblink-from, now",
    "liblink-from, 0",
    "liblink-from, -1",
    "liblink-from, 01",
    "liblink-from, age",
    "liblink-from, age -5",
    "liblink-from, 99999999999999999999",
    "liblink-queue, 0",
    "liblink-queue, -1",
    "liblink-queue, 1.5",
    "liblink-queue, 2147483648",
    "liblink-queue, 99999999999",
    "liblink-full, never",
    "liblink-full, DROP-OLDEST",
    "liblink-filter, a ==",
    "liblink-filter, (",
  })
  void whatCantBeUnderstoodIsRefusedByName(String header, String value) {
    assertThatThrownBy(() -> SubscribeRequest.read(Map.of(header, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(header + ": ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"liblink-from", "liblink-queue", "liblink-full", "liblink-filter"})
  void anEmptyValueIsNoDefault(String header) {
    assertThatThrownBy(() -> SubscribeRequest.read(Map.of(header, "")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anyHeadersAreReadOrRefused() {
    Gen.check(2000, gen -> {
      Map<String, String> headers = new HashMap<>();
      headers.put("liblink-from", gen.text(8));
      headers.put("liblink-queue", gen.text(8));
      headers.put("liblink-full", gen.text(8));
      headers.put("liblink-filter", gen.text(12));
      headers.keySet().removeIf(k -> gen.aBoolean());
      try {
        SubscribeRequest.read(headers);
      } catch (IllegalArgumentException expected) {
        assertThat(expected.getMessage()).startsWith("liblink-");
      }
    });
  }

  @ParameterizedTest
  @CsvSource({
    "prices, prices, true",
    "prices, price, false",
    "*, prices, true",
    "*, prices.eu, false",
    "prices.*, prices.eu, true",
    "prices.*, prices, false",
    "prices.*.paris, prices.eu.paris, true",
    "prices.>, prices.eu.paris, true",
    "prices.>, prices, false",
    ">, prices.eu, true",
  })
  void patternsMatchTokenByToken(String pattern, String topic, boolean matches) {
    assertThat(TopicPattern.of(pattern).matches(topic)).isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "a..b", "a*", "*a", ">.a", "a.>.b", "a b", "*.", "prices/x", "**", ">>"})
  void whatIsNeitherNameNorPatternIsRefused(String pattern) {
    assertThatThrownBy(() -> TopicPattern.of(pattern)).isInstanceOf(IllegalArgumentException.class);
  }
}
