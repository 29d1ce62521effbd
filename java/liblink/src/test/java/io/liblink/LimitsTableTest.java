package io.liblink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The defaults in {@code spec/limits.json} against those of a node. */
class LimitsTableTest {
  @Test
  void theDefaultsOfANodeAreThoseOfTheTable() throws IOException, ReflectiveOperationException {
    String json = Files.readString(Path.of("../../spec/limits.json"));
    int compared = 0;
    for (JsonNode limit : JsonMapper.shared().readTree(json).get("default")) {
      String[] java = limit.get("java").asString().split("\\.", -1);
      Object defaults = java[0].equals("Limits")
          ? Limits.defaults()
          : java[0].equals("Timeouts") ? Timeouts.defaults() : null;
      if (defaults != null) {
        Object value = defaults.getClass().getMethod(java[1]).invoke(defaults);
        long number = value instanceof Duration d ? d.toMillis() : ((Number) value).longValue();
        assertThat(number).as(java[1]).isEqualTo(limit.get("value").asLong());
        compared++;
      }
    }
    assertThat(compared).isEqualTo(8);
  }
}
