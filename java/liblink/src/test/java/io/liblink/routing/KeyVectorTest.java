package io.liblink.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.registry.View;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code spec/vectors/keys.json}, which every language reads. */
class KeyVectorTest {
  private static final JsonNode VECTORS = JsonMapper.shared()
      .readTree(Path.of("..", "..", "spec", "vectors", "keys.json").toFile());

  @Test
  void keysAreHashedAsTheVectorsSay() {
    for (JsonNode v : VECTORS.get("hashes")) {
      assertThat(String.format("%016x", Rendezvous.hash(v.get("text").asString())))
          .as(v.toString())
          .isEqualTo(v.get("hash").asString());
    }
  }

  @Test
  void aKeyBelongsToTheInstanceThatTheVectorsSayThenToTheNext() {
    List<Instance> instances = new ArrayList<>();
    for (JsonNode v : VECTORS.get("instances")) {
      instances.add(new Instance(
              "pricing",
              "n",
              NodeId.parse(v.get("id").asString()),
              Sample.instance(1, Map.of()).addresses(),
              "",
              Map.of(),
              true,
              0,
              List.of())
          .withWeight(v.get("weight").asInt()));
    }
    View view = new View(instances, 0, "");
    Candidates c = Candidates.of("pricing", view, null, null, Sample.states(view), Sample.PLAN);
    for (JsonNode v : VECTORS.get("owners")) {
      List<String> order = new ArrayList<>();
      Set<NodeId> tried = new HashSet<>();
      for (int i = 0; i < instances.size(); i++) {
        NodeId id = c.owner(v.get("key").asString(), tried, 0).instance().id();
        tried.add(id);
        order.add(id.shortText());
      }
      List<String> expected = new ArrayList<>();
      v.get("order").forEach(o -> expected.add(o.asString()));
      assertThat(order).as(v.toString()).isEqualTo(expected);
    }
  }
}
