package io.liblink.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.testing.Gen;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StreamTableTest {
  @Test
  void itIsAMapFromNumbersToStreams() {
    Gen.check(300, gen -> {
      StreamTable table = new StreamTable();
      Map<Integer, Stream> model = new HashMap<>();
      // Steps that collide in every size of the table, and those that never do.
      int step = gen.oneOf(1, 2, 32, 1 << 13, 1 << 20);
      int next = gen.between(1, 5);
      for (int i = gen.between(1, 400); i > 0; i--) {
        if (model.isEmpty() || gen.between(0, 9) < 6) {
          Stream s = new TestStream(next);
          table.add(s);
          model.put(next, s);
          next += gen.oneIn(4) ? 1 : step;
        } else {
          Stream s = gen.oneOf(List.copyOf(model.values()));
          table.remove(s);
          model.remove(s.id);
        }
        assertThat(table.size()).isEqualTo(model.size());
      }
      model.forEach((id, s) -> assertThat(table.get(id)).isSameAs(s));
      assertThat(new HashSet<>(table.all())).isEqualTo(new HashSet<>(model.values()));
      assertThat(table.get(next)).isNull();
      assertThat(table.get(0)).isNull();
    });
  }

  @Test
  void removingWhatIsNotInItChangesNothing() {
    StreamTable table = new StreamTable();
    table.add(new TestStream(1));
    table.remove(new TestStream(33)); // the same place
    table.remove(new TestStream(3));
    assertThat(table.size()).isEqualTo(1);
    assertThat(table.get(1)).isNotNull();
  }

  @Test
  void theLargestNumberIsANumberLikeOthers() {
    StreamTable table = new StreamTable();
    TestStream last = new TestStream(Integer.MAX_VALUE);
    table.add(last);
    assertThat(table.get(Integer.MAX_VALUE)).isSameAs(last);
    assertThat(table.get(Integer.MAX_VALUE - 1)).isNull();
  }
}
