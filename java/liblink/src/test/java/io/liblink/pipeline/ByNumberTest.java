package io.liblink.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.testing.Gen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ByNumberTest {
  @Test
  void itIsAMap() {
    Gen.check(300, gen -> {
      ByNumber<String> table = new ByNumber<>();
      Map<Long, String> model = new HashMap<>();
      // Few different numbers, far apart, so that they meet.
      List<Long> numbers = new ArrayList<>();
      for (int i = 0; i < gen.between(1, 80); i++) {
        numbers.add(gen.aLong() & Long.MAX_VALUE | 1);
      }
      for (int step = 0; step < 400; step++) {
        long number = numbers.get(gen.between(0, numbers.size() - 1));
        if (gen.between(0, 1) == 0) {
          assertThat(table.remove(number)).isEqualTo(model.remove(number));
        } else if (model.putIfAbsent(number, "v" + step) == null) {
          table.put(number, "v" + step);
        }
        assertThat(table.contains(number)).isEqualTo(model.containsKey(number));
        assertThat(table.size()).isEqualTo(model.size());
        assertThat(table.isEmpty()).isEqualTo(model.isEmpty());
      }
      assertThat(table.all()).containsExactlyInAnyOrderElementsOf(model.values());
      table.clear();
      assertThat(table.all()).isEmpty();
    });
  }
}
