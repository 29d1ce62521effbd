package io.liblink.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.liblink.message.Address;
import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code spec/vectors/selectors.json}, which every language reads. */
class SelectorVectorTest {
  static final JsonNode VECTORS = JsonMapper.shared()
      .readTree(Path.of("..", "..", "spec", "vectors", "selectors.json").toFile());

  @TestFactory
  Stream<DynamicTest> goodSelectorsSelectWhatTheVectorsSay() {
    return all("valid")
        .map(v -> dynamicTest(v.get("name").asString(), () -> {
          Selector selector = Selector.parse(v.get("selector").asString());
          assertThat(selector.toString()).isEqualTo(v.get("canonical").asString());
          assertThat(Selector.parse(selector.toString())).isEqualTo(selector);
          for (JsonNode c : v.get("cases")) {
            boolean expected = c.get("selected").asBoolean();
            assertThat(tested(selector, c)).as(c.toString()).isEqualTo(expected);
          }
        }));
  }

  @TestFactory
  Stream<DynamicTest> badSelectorsAreRefusedAtTheirPosition() {
    return all("invalid")
        .map(v -> dynamicTest(v.get("name").asString(), () -> {
          String source = v.get("selector").asString();
          SelectorException e =
              catchThrowableOfType(SelectorException.class, () -> Selector.parse(source));
          assertThat(e).as(source).isNotNull();
          assertThat(e.position())
              .as(e.getMessage())
              .isEqualTo(v.get("position").asInt());
          String[] lines = e.getMessage().split("\\R");
          assertThat(lines).hasSize(3);
          assertThat(lines[0]).contains("at column " + (e.position() + 1));
          assertThat(lines[2].strip()).isEqualTo("^");
        }));
  }

  private static Stream<JsonNode> all(String part) {
    return StreamSupport.stream(VECTORS.get(part).spliterator(), false);
  }

  private static boolean tested(Selector selector, JsonNode c) {
    Map<String, String> metadata = new LinkedHashMap<>();
    c.get("metadata")
        .properties()
        .forEach(e -> metadata.put(e.getKey(), e.getValue().asString()));
    JsonNode i = c.get("instance");
    if (i == null) {
      return selector.test(metadata);
    }
    Instance instance = new Instance(
        i.get("service").asString(),
        i.get("node").asString(),
        NodeId.parse(i.get("id").asString()),
        List.of(new Address("127.0.0.1", 1)),
        i.get("version").asString(),
        metadata,
        true,
        0,
        List.of(),
        1,
        i.path("datacenter").asString(""),
        "");
    boolean selected = selector.test(instance);
    String reason = selector.explain(instance);
    if (selected) {
      assertThat(reason).isNull();
    } else {
      assertThat(reason).isNotBlank();
    }
    return selected;
  }
}
