package io.liblink.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.message.Names;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.testing.FrameVectors;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code spec/frames.json} and {@code spec/limits.json} against {@link Protocol}. */
class TablesTest {
  private final JsonNode frames = read("frames.json");
  private final JsonNode limits = read("limits.json");

  TablesTest() throws IOException {}

  @Test
  void typesAndFlagsAreThoseOfTheCode() {
    Set<Integer> codes = new TreeSet<>();
    for (JsonNode type : frames.get("types")) {
      int code = type.get("code").asInt();
      codes.add(code);
      assertThat(Protocol.nameOf(code)).isEqualTo(type.get("name").asString());
      int flags = 0;
      for (JsonNode flag : type.get("flags")) {
        assertThat(flag.get("bit").asInt())
            .isEqualTo(constant("FLAG_" + flag.get("name").asString()));
        flags |= flag.get("bit").asInt();
      }
      assertThat(Protocol.knownFlags(code)).as(type.get("name").asString()).isEqualTo(flags);
    }
    Set<Integer> known = new TreeSet<>();
    for (int type = 0; type < 256; type++) {
      if (!Protocol.nameOf(type).startsWith("frame type")) {
        known.add(type);
      }
    }
    assertThat(codes).isEqualTo(known);
    assertThat(frames.get("optional_type_bit").asInt()).isEqualTo(Protocol.OPTIONAL_TYPE);
    assertThat(frames.get("optional_flag_bits").asInt()).isEqualTo(Protocol.OPTIONAL_FLAGS);
    assertThat(frames.get("header_bytes").asInt()).isEqualTo(Protocol.HEADER_SIZE);
    assertThat(frames.get("length_extra").asInt()).isEqualTo(Protocol.LENGTH_EXTRA);
  }

  @Test
  void kindsStagesAndRanAreThoseOfTheCode() {
    assertThat(codes("kinds"))
        .isEqualTo(Map.of(
            "call", OpenFrame.CALL, "subscribe", OpenFrame.SUBSCRIBE, "push", OpenFrame.PUSH));
    Map<String, Integer> stages = new TreeMap<>();
    for (Stage stage : Stage.values()) {
      stages.put(stage.name(), stage.code());
    }
    assertThat(codes("stages")).isEqualTo(stages);
    Map<String, Integer> ran = new TreeMap<>();
    for (Ran value : Ran.values()) {
      ran.put(value.name(), value.code());
    }
    assertThat(codes("ran")).isEqualTo(ran);
  }

  @Test
  void everyFixedLimitIsThatOfTheCodeAndHasAReason() {
    assertThat(limits.get("fixed")).hasSizeGreaterThan(15);
    for (JsonNode limit : limits.get("fixed")) {
      check(limit);
    }
  }

  @Test
  void everyDefaultOfTheProtocolIsThatOfTheCode() {
    for (JsonNode limit : limits.get("default")) {
      check(limit);
    }
  }

  @Test
  void everyNumberOfTheCodeIsInTheTable() {
    Set<String> table = new TreeSet<>();
    for (String list : new String[] {"fixed", "default"}) {
      limits.get(list).forEach(limit -> table.add(limit.get("java").asString()));
    }
    for (Field field : Protocol.class.getFields()) {
      String name = field.getName();
      boolean limit = Modifier.isStatic(field.getModifiers())
          && field.getType() != String.class
          && !name.startsWith("FLAG_")
          && !name.startsWith("OPTIONAL_")
          && !Protocol.nameOf((int) constant(name)).equals(name);
      if (limit) {
        assertThat(table).contains("Protocol." + name);
      }
    }
  }

  private static void check(JsonNode limit) {
    assertThat(limit.get("reason").asString()).isNotBlank();
    long value = limit.get("value").asLong();
    String java = limit.get("java").asString();
    if (java.startsWith("Protocol.")) {
      assertThat(constant(java.substring(9))).as(java).isEqualTo(value);
    } else if (java.equals("Names.MAX_SERVICE")) {
      assertThat(value).isEqualTo(Names.MAX_SERVICE);
    } else if (java.equals("Names.MAX_ENDPOINT")) {
      assertThat(value).isEqualTo(Names.MAX_ENDPOINT);
    } else {
      assertThat(java).matches("(Limits|Timeouts)\\.[a-zA-Z]+");
    }
  }

  private Map<String, Integer> codes(String list) {
    Map<String, Integer> codes = new TreeMap<>();
    frames
        .get(list)
        .forEach(e -> codes.put(e.get("name").asString(), e.get("code").asInt()));
    return codes;
  }

  private static long constant(String name) {
    try {
      return ((Number) Protocol.class.getField(name).get(null)).longValue();
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("no constant Protocol." + name, e);
    }
  }

  private static JsonNode read(String table) throws IOException {
    return JsonMapper.shared()
        .readTree(java.nio.file.Files.readString(FrameVectors.SPEC.resolve(table)));
  }
}
