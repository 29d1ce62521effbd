package io.liblink.spool.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.spool.Spool;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk without room: refused in words, nothing lost that was accepted, and then it goes on. */
class FullDiskTest {
  @TempDir
  Path directory;

  private SmallDisk disk;
  private Path home;

  @BeforeEach
  void mount() throws Exception {
    disk = SmallDisk.mount(directory.resolve("disk"), "4m");
    home = directory.resolve("disk/spool");
  }

  @AfterEach
  void unmount() throws Exception {
    if (disk != null) {
      disk.close();
    }
  }

  @Test
  void aDiskThatTheSpoolFilledIsEmptiedByTheSpool() {
    try (Spool spool = Spools.open(home)) {
      for (int round = 0; round < 4; round++) {
        long first = appendUntilRefused(spool);
        List<Long> kept = Spools.numbers(spool);
        assertThat(kept.size()).as("round %d", round).isGreaterThan(200);
        assertThat(kept)
            .isEqualTo(LongStream.range(first, first + kept.size()).boxed().toList());

        kept.forEach(spool::remove);
        Spools.await("everything is removed", () -> spool.items() == 0);
      }
    }
  }

  @Test
  void aDiskThatOthersFilledIsUsedAgainWhenThereIsRoom() throws Exception {
    try (Spool spool = Spools.open(home)) {
      Spools.append(spool, Spools.item(1, 1000), Spools.item(2, 1000));
      Path filler = disk.fill();

      LinkException refused = Spools.refusal(spool, Spools.item(3, 1000));
      assertThat(refused.status()).isEqualTo(Status.RESOURCE_EXHAUSTED);
      assertThat(refused.problem()).contains(home.toString(), "full", "free some space");
      spool.remove(1);
      assertThat(Spools.numbers(spool)).containsExactly(2L);

      Files.delete(filler);
      assertThat(Spools.append(spool, Spools.item(4, 1000))).isEqualTo(3);
      Spools.await("what could not be removed is", () -> spool.items() == 2);
    }
    try (Spool spool = Spools.open(home)) {
      assertThat(Spools.numbers(spool)).containsExactly(2L, 3L);
    }
  }

  @Test
  void whatIsKeptCanBeReadFromAFullDiskAfterTheEndOfTheProcess() throws Exception {
    Path copy = directory.resolve("disk/copy");
    try (Spool spool = Spools.open(home)) {
      Spools.append(spool, Spools.item(1, 1000), Spools.item(2, 1000));
      Spools.copy(home, copy);
    }
    disk.fill();

    try (Spool spool = Spools.open(copy)) {
      assertThat(Spools.numbers(spool)).containsExactly(1L, 2L);
    }
  }

  @Test
  void aSpoolThatCantBeMadeOnAFullDiskSaysSo() throws Exception {
    disk.fill();

    LinkException refused = Spools.failure(Status.FAILED_PRECONDITION, () -> Spools.open(home));

    assertThat(refused.problem()).contains(home.toString(), "full", "free some space");
  }

  /** Looking before is not enough: the room may be gone when it writes. */
  @ParameterizedTest
  @ValueSource(ints = {500_000, 800_000, 1_000_000, 1_100_000, 1_200_000, 1_300_000, 1_400_000})
  void theStoreRunsIntoTheEndOfTheDiskUnharmed(int filled) throws Exception {
    Path filler = directory.resolve("disk/filler");
    Files.write(filler, new byte[filled]);
    try (Store store = Store.open(Home.prepare(home), Mark.UNKNOWN)) {
      long written = 0;
      SQLException full = null;
      while (full == null) {
        try {
          store.write(new Ranges(), List.of(append(written + 1, 100)), true);
          written += 100;
          if (written % 1000 == 0) {
            store.makeRoom();
          }
        } catch (SQLException e) {
          full = e;
        }
      }
      assertThat(Failures.writing(home, full).status()).isEqualTo(Status.RESOURCE_EXHAUSTED);
      assertThat(store.totals().last()).isEqualTo(written);
      assertThat(store.read(0, 100_000, Spools.PLENTY, n -> false)).hasSize((int) written);
      Path killed = directory.resolve("killed");
      Spools.copy(home, killed);
      try (Store copy = Store.open(Home.prepare(killed), Mark.UNKNOWN)) {
        assertThat(copy.totals().items()).as("if it is killed now").isEqualTo(written);
      }

      Files.delete(filler);
      store.write(new Ranges(), List.of(append(written + 1, 100)), true);
      assertThat(store.read(0, 100_000, Spools.PLENTY, n -> false)).hasSize((int) written + 100);
      assertThat(written).isGreaterThan(1000);
    }
  }

  /** The number of the first. */
  private static long appendUntilRefused(Spool spool) {
    long first = -1;
    while (true) {
      CompletableFuture<Long> append = spool.append(append(1, 40).items());
      try {
        long number = Spools.number(append);
        first = first < 0 ? number : first;
      } catch (java.util.concurrent.CompletionException e) {
        LinkException refused = (LinkException) e.getCause();
        assertThat(refused.status()).as(refused.problem()).isEqualTo(Status.RESOURCE_EXHAUSTED);
        assertThat(refused.problem()).contains("full", "free some space");
        return first;
      }
    }
  }

  private static Append append(long tag, int count) {
    List<byte[]> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(Spools.item(tag + i, 256));
    }
    return new Append(items, 256L * count, new CompletableFuture<>());
  }
}
