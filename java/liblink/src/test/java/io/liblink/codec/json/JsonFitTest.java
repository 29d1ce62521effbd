package io.liblink.codec.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What fits a record, what does not, and what the sender is told. */
class JsonFitTest {
  private static final JsonCodec JSON = new JsonCodec();

  enum Size {
    SMALL,
    LARGE
  }

  record Line(String sku, int count, Size size) {}

  record Order(long id, List<Line> lines, boolean paid) {}

  record Loose(String name, Optional<String> note, @Nullable Integer age) {}

  record Times(Instant at, LocalDate day, Duration pause, OffsetDateTime there) {}

  record Checked(int count) {
    Checked {
      if (count < 1) {
        throw new IllegalArgumentException("count must be positive, not " + count);
      }
    }
  }

  record Broken(int count) {
    Broken {
      if (count < 1) {
        throw new IllegalStateException("secret of the house");
      }
    }
  }

  record Numbers(double real, BigInteger whole, byte[] raw, Map<String, Integer> map, UUID id) {}

  record Nothing() {}

  interface Unreadable {
    int x();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      {}                                        | $.id: missing
      {"id":1,"lines":[]}                       | $.paid: missing
      {"id":"1","lines":[],"paid":true}         | $.id: expected a whole number of 64 bits, got a string
      {"id":1.5,"lines":[],"paid":true}         | $.id: expected a whole number of 64 bits, got a number with a fraction
      {"id":null,"lines":[],"paid":true}        | $.id: expected a whole number of 64 bits, got null
      {"id":99999999999999999999,"lines":[],"paid":true} | $.id: a number out of range, expected a whole number of 64 bits
      {"id":1,"lines":{},"paid":true}           | $.lines: expected an array, got an object
      {"id":1,"lines":"x","paid":true}          | $.lines: expected an array, got a string
      {"id":1,"lines":[],"paid":"yes"}          | $.paid: expected true or false, got a string
      {"id":1,"lines":[],"paid":0}              | $.paid: expected true or false, got a whole number
      {"id":1,"lines":[{"sku":"a","count":1}]}  | $.lines[0].size: missing
      {"id":1,"lines":[{"sku":5}]}              | $.lines[0].sku: expected a string, got a whole number
      {"id":1,"lines":[{"sku":true}]}           | $.lines[0].sku: expected a string, got true
      {"id":1,"lines":[{"count":2147483648}]}   | $.lines[0].count: a number out of range, expected a whole number of 32 bits
      {"id":1,"lines":[{"size":"HUGE"}]}        | $.lines[0].size: expected one of SMALL, LARGE, got "HUGE"
      {"id":1,"lines":[{"size":0}]}             | $.lines[0].size: expected one of SMALL, LARGE, got a whole number
      {"id":1,"lines":[7]}                      | $.lines[0]: expected an object, got a whole number
      [1]                                       | $: expected an object, got an array
      "text"                                    | $: expected an object, got a string
      null                                      | $: null where a value is expected
      """)
  void whatDoesNotFitIsToldWithItsPath(String json, String complaint) {
    assertThatThrownBy(() -> read(json, Order.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("JSON at " + complaint);
  }

  @Test
  void datesAreToldInWords() {
    assertThatThrownBy(() -> read("{\"at\":\"yesterday\"}", Times.class))
        .hasMessage("JSON at $.at: expected a date, time or duration as in ISO 8601,"
            + " got \"yesterday\"");
  }

  @Test
  void unknownPropertiesAreIgnoredSoThatSendersMayGrowFirst() {
    assertThat(read("{\"count\":3,\"new\":{\"a\":[1]}}", Checked.class)).isEqualTo(new Checked(3));
  }

  @Test
  void optionalAndNullableMayBeMissingOrNull() {
    Loose bare = new Loose("x", Optional.empty(), null);

    assertThat(read("{\"name\":\"x\"}", Loose.class)).isEqualTo(bare);
    assertThat(read("{\"name\":\"x\",\"note\":null,\"age\":null}", Loose.class)).isEqualTo(bare);
    assertThat(read("{\"name\":\"x\",\"note\":\"n\",\"age\":4}", Loose.class))
        .isEqualTo(new Loose("x", Optional.of("n"), 4));
    assertThatThrownBy(() -> read("{\"note\":\"n\"}", Loose.class))
        .hasMessage("JSON at $.name: missing");
  }

  @Test
  void aTypesOwnRefusalIsToldToTheSender() {
    assertThatThrownBy(() -> read("{\"count\":-1}", Checked.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("JSON at $: count must be positive, not -1");
  }

  @Test
  void otherExceptionsOfATypeAreNotTold() {
    assertThatThrownBy(() -> read("{\"count\":-1}", Broken.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("JSON at $: the value was refused");
  }

  @Test
  void aTypeThatNothingCanBeReadIntoIsAFaultOfThisSide() {
    assertThatThrownBy(() -> read("{\"x\":1}", Unreadable.class))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Unreadable");
  }

  @Test
  void timesAreIso8601AndKeepTheirOffset() {
    Times times = new Times(
        Instant.parse("2026-01-02T03:04:05.123456789Z"),
        LocalDate.of(2026, 2, 28),
        Duration.ofMillis(1500),
        OffsetDateTime.parse("2026-01-02T03:04:05+05:30"));

    assertThat(write(times))
        .isEqualTo("{\"at\":\"2026-01-02T03:04:05.123456789Z\",\"day\":\"2026-02-28\","
            + "\"pause\":\"PT1.5S\",\"there\":\"2026-01-02T03:04:05+05:30\"}");
    assertThat(read(write(times), Times.class)).isEqualTo(times);
  }

  @Test
  void propertiesAreWrittenInTheOrderOfTheRecord() {
    assertThat(write(new Line("s", 1, Size.LARGE)))
        .isEqualTo("{\"sku\":\"s\",\"count\":1,\"size\":\"LARGE\"}");
    assertThat(write(new Nothing())).isEqualTo("{}");
    assertThat(read("{}", Nothing.class)).isEqualTo(new Nothing());
  }

  @Test
  void bytesAreBase64AndKeysAreKept() {
    UUID id = new UUID(1, 2);
    Numbers n = new Numbers(0.5, BigInteger.TWO.pow(200), new byte[] {0, -1}, Map.of("k", 1), id);

    Numbers back = read(write(n), Numbers.class);

    assertThat(write(n)).contains("\"raw\":\"AP8=\"");
    assertThat(back).usingRecursiveComparison().isEqualTo(n);
  }

  @Test
  void halfASurrogatePairIsEscapedAndReadBack() {
    Line line = new Line("\ud800", 1, Size.SMALL);

    assertThat(write(line)).contains("\\uD800");
    assertThat(read(write(line), Line.class)).isEqualTo(line);
  }

  @Test
  void numbersThatJsonLacksAreStringsAndReadBack() {
    for (double d : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
      assertThat(write(d)).isEqualTo("\"" + d + "\"");
      assertThat(read(write(d), double.class)).isEqualTo(Double.valueOf(d));
    }
  }

  @Test
  void whatCannotBeWrittenSaysSo() {
    List<Object> circle = new ArrayList<>();
    circle.add(circle);

    assertThatThrownBy(() -> write(circle))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.util.ArrayList can't be written as JSON: ");
  }

  private static <T> T read(String json, Class<T> type) {
    return JSON.decode(json.getBytes(StandardCharsets.UTF_8), type);
  }

  private static String write(Object value) {
    return new String(JSON.encode(value), StandardCharsets.UTF_8);
  }
}
