package io.liblink.spool.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.testing.Gen;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RangesTest {
  @Test
  void itIsTheSetOfWhatWasAdded() {
    Gen.check(500, g -> {
      Ranges ranges = new Ranges();
      TreeSet<Long> model = new TreeSet<>();
      for (int i = g.between(0, 60); i > 0; i--) {
        switch (g.between(0, 5)) {
          case 0 -> {
            Ranges taken = ranges.take(g.between(0, 3), g.between(0, 20));
            TreeSet<Long> lowest = numbers(taken);
            assertThat(lowest).isSubsetOf(model);
            model.removeAll(lowest);
            assertThat(lowest.isEmpty() || model.isEmpty() || lowest.last() < model.first())
                .isTrue();
          }
          case 1 -> {
            Ranges others = new Ranges();
            for (int k = g.between(0, 10); k > 0; k--) {
              long number = g.between(1, 40);
              others.add(number);
              model.add(number);
            }
            ranges.addAll(others);
          }
          default -> {
            long number = g.between(1, 40);
            ranges.add(number);
            model.add(number);
          }
        }
        assertThat(numbers(ranges)).isEqualTo(model);
        assertThat(ranges.isEmpty()).isEqualTo(model.isEmpty());
        long asked = g.between(0, 41);
        assertThat(ranges.contains(asked)).isEqualTo(model.contains(asked));
      }
    });
  }

  @Test
  void numbersThatFollowEachOtherAreOneRunWhateverTheirOrder() {
    Ranges ranges = new Ranges();
    for (long number : new long[] {5, 1, 3, 2, 4, 9}) {
      ranges.add(number);
    }

    assertThat(ranges.runs()).containsExactly(Map.entry(1L, 5L), Map.entry(9L, 9L));
  }

  private static TreeSet<Long> numbers(Ranges ranges) {
    TreeSet<Long> numbers = new TreeSet<>();
    long before = -1;
    for (Map.Entry<Long, Long> run : ranges.runs().entrySet()) {
      assertThat(run.getKey()).as("runs neither overlap nor touch").isGreaterThan(before + 1);
      for (long n = run.getKey(); n <= run.getValue(); n++) {
        numbers.add(n);
      }
      before = run.getValue();
    }
    return numbers;
  }
}
