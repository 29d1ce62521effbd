package io.liblink.spool.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.spool.Spool.Entry;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
  @TempDir
  Path directory;

  @Test
  void aGroupThatFailsInTheMiddleLeavesNothingAndTheNextOneIsWritten() throws Exception {
    try (Store store = Store.open(Home.prepare(directory), Mark.UNKNOWN)) {
      store.write(new Ranges(), List.of(append(Spools.item(1, 10))), true);
      Ranges first = new Ranges();
      first.add(1);
      byte[][] many = Collections.nCopies(200, Spools.item(2, 10)).toArray(byte[][]::new);
      many[150] = null;

      assertThatThrownBy(() -> store.write(first, List.of(append(many)), true))
          .isInstanceOf(NullPointerException.class);

      assertThat(store.totals()).isEqualTo(new Totals(1, 1, 10));
      assertThat(numbers(store)).containsExactly(1L);
      store.write(first, List.of(append(Spools.item(3, 20), Spools.item(4, 20))), true);
      assertThat(numbers(store)).containsExactly(2L, 3L);
      assertThat(store.totals()).isEqualTo(new Totals(3, 2, 40));
    }
  }

  private static List<Long> numbers(Store store) throws Exception {
    return store.read(0, 1000, Spools.PLENTY, n -> false).stream()
        .map(Entry::number)
        .toList();
  }

  private static Append append(byte[]... items) {
    long bytes = Arrays.stream(items).mapToLong(i -> i == null ? 0 : i.length).sum();
    return new Append(Arrays.asList(items), bytes, new CompletableFuture<>());
  }
}
