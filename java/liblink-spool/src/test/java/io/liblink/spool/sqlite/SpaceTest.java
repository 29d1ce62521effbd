package io.liblink.spool.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.spool.Spool;
import io.liblink.spool.SpoolProvider.Settings;
import io.liblink.testkit.TestClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is removed makes room: for new items at once, for others on the disk after a while. */
class SpaceTest {
  private static final int ITEM = 1000;

  @TempDir
  Path directory;

  @Test
  void whatPassesThroughNeedsNoMoreRoomThanWhatStays() throws Exception {
    try (Spool spool = Spools.open(directory)) {
      for (int round = 0; round < 30; round++) {
        long first = Spools.append(spool, items(2000));
        LongStream.range(first, first + 2000).forEach(spool::remove);
        Spools.await("removed", () -> spool.items() == 0);
      }
      assertThat(Spools.size(directory)).as("after 60 MB").isLessThan(16 << 20);
    }
  }

  @Test
  void aLargeBacklogGivesItsSpaceBackWhenItIsGone() throws Exception {
    TestClock clock = TestClock.running();
    Settings settings = new Settings(directory, Spools.PLENTY, Duration.ofMillis(1), clock);
    try (Spool spool = new SqliteProvider().open(settings)) {
      for (int i = 0; i < 20; i++) {
        Spools.append(spool, items(2000));
      }
      long full = Spools.size(directory);
      assertThat(full).isGreaterThan(40_000_000);
      LongStream.rangeClosed(1, 40_000).filter(n -> n % 100 != 0).forEach(spool::remove);
      Spools.await("removed", () -> spool.items() == 400);

      clock.advance(Duration.ofSeconds(2));
      Spools.await("given back", () -> size() < 24 << 20);
      assertThat(Spools.numbers(spool))
          .isEqualTo(LongStream.rangeClosed(1, 400).map(n -> n * 100).boxed().toList());
    }
  }

  private long size() {
    try {
      return Spools.size(directory);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static byte[][] items(int count) {
    List<byte[]> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(new byte[ITEM]);
    }
    return items.toArray(byte[][]::new);
  }
}
