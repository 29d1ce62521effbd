package io.liblink.codec.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.testing.Gen;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Input that was made to hurt. Every refusal is an IllegalArgumentException that names no class. */
@Timeout(60)
class JsonHostileTest {
  private static final JsonCodec JSON = new JsonCodec();

  record Item(String name, int count, double price, List<Item> items) {}

  record Any(Object value) {}

  record Big(BigInteger whole, BigDecimal real) {}

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      {"a":"b"                       | ends too early
      {"name":"a                     | ends too early
      {"a":[1,2                      | ends too early
      {name:1}                       | not valid JSON
      {'name':1}                     | not valid JSON
      {"name":NaN}                   | not valid JSON
      {"name":01}                    | not valid JSON
      {"name":"a",}                  | not valid JSON
      {"name":"\\x"}                 | not valid JSON
      {"name":"\\u12"}               | not valid JSON
      {"a":1} {"a":2}                | something stands behind the value
      {"a":1}]                       | not valid JSON
      /* no */ {}                    | not valid JSON
      {"a":1,"b":2,"a":3}            | property 'a' stands twice
      {"a":{"b":1,"b":1}}            | property 'b' stands twice
      """)
  void whatIsNotJsonIsRefused(String json, String reason) {
    assertThat(refusal(json.getBytes(StandardCharsets.UTF_8), Map.class)).contains(reason);
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 1_000, 1_000_000})
  void deepNestingIsRefusedAnywhere(int depth) {
    String nested = "[".repeat(depth) + "]".repeat(depth);

    for (String json :
        List.of(nested, "{\"unknown\":" + nested + "}", "{\"value\":" + nested + "}")) {
      byte[] payload = json.getBytes(StandardCharsets.UTF_8);
      assertThat(refusal(payload, Any.class))
          .matches("JSON at \\$\\S*: (nested deeper than 100|expected an object, got an array)");
      assertThat(refusal(payload, Object.class)).contains("nested deeper than 100");
    }
  }

  @Test
  void depthUpToTheLimitIsRead() {
    String nested = "[".repeat(JsonMapping.MAX_DEPTH) + "]".repeat(JsonMapping.MAX_DEPTH);

    assertThatCode(() -> read(nested, List.class)).doesNotThrowAnyException();
  }

  @Test
  void hugeNumbersAreRefusedWithoutComputingThem() {
    String digits = "9".repeat(5_000_000);

    assertThat(refusal(bytes("{\"whole\":" + digits + "}"), Big.class))
        .contains("a number too long");
    assertThat(refusal(bytes("{\"real\":0." + digits + "}"), Big.class))
        .contains("a number too long");
    assertThat(refusal(bytes("{\"unknown\":" + digits + "}"), Big.class)).contains("too long");
    assertThat(refusal(bytes("{\"whole\":1e999999999}"), Big.class))
        .startsWith("JSON at $.whole: ");
    assertThat(refusal(bytes("{\"count\":1e999999999}"), Item.class))
        .startsWith("JSON at $.count: ");
  }

  @Test
  void aNumberBeyondEveryDoubleRoundsToInfinityAsEverywhere() {
    assertThat(read("1e999", double.class)).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(read("1e-999", double.class)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ff", "c080", "eda080", "f8808080", "c3", "e282", "f4908080", "80"})
  void badUtf8IsRefusedWithItsPlace(String hex) {
    byte[] bad = HexFormat.of().parseHex(hex);
    byte[] start = bytes("{\"name\":\"");
    byte[] payload = Arrays.copyOf(start, start.length + bad.length + 2);
    System.arraycopy(bad, 0, payload, start.length, bad.length);
    payload[payload.length - 2] = '"';
    payload[payload.length - 1] = '}';

    assertThat(refusal(payload, Map.class)).isEqualTo("not UTF-8 at byte 9");
  }

  @Test
  void otherEncodingsAreNotGuessed() {
    byte[] utf16 = "{\"a\":1}".getBytes(StandardCharsets.UTF_16);
    byte[] utf32 = "{\"a\":1}".getBytes(java.nio.charset.Charset.forName("UTF-32BE"));

    assertThat(refusal(utf16, Map.class)).contains("not UTF-8");
    assertThat(refusal(utf32, Map.class)).contains("not valid JSON");
  }

  @Test
  void theInputCannotNameAClass() {
    String payload =
        "{\"value\":[\"java.util.ArrayList\",[1]],\"@class\":\"java.io.File\",\"@type\":\"x\"}";

    assertThat(read(payload, Any.class).value())
        .isEqualTo(List.of("java.util.ArrayList", List.of(1)));
  }

  @Test
  void complaintsStayShortWhateverTheInput() {
    String huge = "x\\n\\u0000".repeat(100_000);

    assertThat(refusal(bytes("{\"count\":\"" + huge + "\"}"), Item.class)).hasSizeLessThan(300);
    assertThat(refusal(bytes("{\"" + "k".repeat(20_000) + "\":x}"), Map.class))
        .hasSizeLessThan(300);
    assertThat(refusal(bytes("y".repeat(1_000_000)), Map.class)).hasSizeLessThan(300);
    assertThat(refusal(bytes("{\"a\":1,\"a\":\"" + huge + "\"}"), Map.class)).hasSizeLessThan(300);
  }

  @Test
  void everyPrefixIsRefused() {
    byte[] whole = bytes("{\"name\":\"é\",\"count\":1,\"price\":1.5e3,\"items\":[]}");

    assertThat(read(new String(whole, StandardCharsets.UTF_8), Item.class).items())
        .isEmpty();
    for (int length = 0; length < whole.length; length++) {
      refusal(Arrays.copyOf(whole, length), Item.class);
    }
  }

  /** Comparing each with each would take longer than the time limit of this class. */
  @Test
  void manyKeysOfOneHashAreReadInTime() {
    List<String> keys = new ArrayList<>(List.of(""));
    while (keys.size() < 1 << 17) {
      List<String> longer = new ArrayList<>();
      keys.forEach(k -> longer.addAll(List.of(k + "Aa", k + "BB")));
      keys = longer;
    }
    String json =
        keys.stream().map(k -> '"' + k + "\":1").collect(Collectors.joining(",", "{", "}"));

    assertThat(keys.stream().map(String::hashCode).distinct()).hasSize(1);
    assertThat(read(json, Map.class)).hasSize(keys.size());
  }

  @Test
  void damagedJsonIsReadOrRefusedAndNothingElse() {
    byte[] whole =
        JSON.encode(new Item("ü\"", 3, -0.25, List.of(new Item("", 0, 1e-7, List.of()))));
    Gen.check(3_000, g -> {
      byte[] payload = g.damaged(g.oneIn(3) ? g.damaged(whole) : whole);
      try {
        JSON.decode(payload, Item.class);
      } catch (IllegalArgumentException e) {
        assertSafe(e.getMessage());
      }
    });
  }

  @Test
  void randomBytesAreReadOrRefusedAndNothingElse() {
    Gen.check(3_000, g -> {
      byte[] payload = g.aBoolean() ? g.bytes(60) : bytes(g.word("{}[]\",:01.eE-+ntfu\\ \"\"", 40));
      for (Class<?> type : List.of(Item.class, Object.class, Big.class, int.class)) {
        try {
          JSON.decode(payload, type);
        } catch (IllegalArgumentException e) {
          assertSafe(e.getMessage());
        }
      }
    });
  }

  private static String refusal(byte[] payload, Class<?> type) {
    List<String> message = new ArrayList<>();
    assertThatThrownBy(() -> JSON.decode(payload, type))
        .isInstanceOf(IllegalArgumentException.class)
        .satisfies(e -> message.add(e.getMessage()));
    assertSafe(message.get(0));
    return message.get(0);
  }

  private static void assertSafe(String complaint) {
    assertThat(complaint)
        .hasSizeLessThan(1_000)
        .doesNotContain("tools.jackson", "java.", "Stream", "io.liblink", "\n");
  }

  private static <T> T read(String json, Class<T> type) {
    return JSON.decode(bytes(json), type);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
