package io.liblink.registry.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.message.NodeId;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

class LivenessVectorTest {
  @TestFactory
  Stream<DynamicTest> anEntryCountsAsTheSpecificationSays() {
    return Vectors.section("liveness")
        .valueStream()
        .map(v -> DynamicTest.dynamicTest(v.get("name").asString(), () -> check(v)));
  }

  private static void check(JsonNode v) {
    Sighting s = new Sighting();
    s.content(new Entry(NodeId.random(), null, List.of()), "", null, 100);
    s.first(v.get("first_age_ms").asLong(), life(v));
    int look = 0;
    for (JsonNode step : v.get("looks")) {
      for (int i = 0; i < step.get("times").asInt(); i++) {
        look++;
        if (step.get("beat").asBoolean()) {
          s.beat();
        } else {
          s.silent(TimeUnit.MILLISECONDS.toNanos(step.get("after_ms").asLong()));
        }
        assertThat(s.counts(life(step)))
            .as("counts at look %d", look)
            .isEqualTo(step.get("counts").asBoolean());
        assertThat(s.isLeftover(life(step)))
            .as("may be removed at look %d", look)
            .isEqualTo(step.get("remove").asBoolean());
      }
    }
  }

  private static Processes.Life life(JsonNode v) {
    return Processes.Life.valueOf(v.get("process").asString().toUpperCase(Locale.ROOT));
  }
}
