package io.liblink.spool.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.spool.Spool;
import io.liblink.spool.Spool.Entry;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import io.liblink.testing.Gen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is left when the power fails, or a file is damaged. The files of a spool that is open are
 * copied before and after an append, and put together in ways a disk may leave them.
 */
class TornWriteTest {
  private static final int SECTOR = 512;
  private static final String LOG = "spool.db-wal";
  private static final String TABLES = "spool.db";
  private static final String MARK = "accepted";

  @TempDir
  Path directory;

  private int copies;

  /**
   * Before a sync is done, any of the sectors written since the last one may be on disk, or not. The
   * mark is written after the sync, so here it is the one from before.
   */
  @Test
  void anAppendThatWasCutOffLeavesEverythingBeforeItAndNothingOfItself() throws IOException {
    Path live = directory.resolve("live");
    try (Spool spool = Spools.open(live)) {
      fill(spool, 1, 600);
      TreeMap<String, byte[]> before = files(live);
      Spools.append(spool, items(601, 700));
      TreeMap<String, byte[]> after = files(live);

      Gen.check(60, g -> {
        double share = g.between(0, 100) / 100.0;
        TreeMap<String, byte[]> torn = new TreeMap<>();
        for (Map.Entry<String, byte[]> file : after.entrySet()) {
          byte[] old = before.getOrDefault(file.getKey(), new byte[0]);
          torn.put(file.getKey(), mixed(g, old, file.getValue(), share));
        }
        torn.put(MARK, before.get(MARK));
        try (Spool again = Spools.open(write(torn))) {
          List<Long> tags = tags(again);
          assertThat(tags).isIn(range(1, 600), range(1, 700));
          // And it goes on from there.
          assertThat(Spools.append(again, Spools.item(9999, 100))).isEqualTo(tags.size() + 1);
        }
      });
    }
  }

  /** The sync was done, so its items were accepted: gone without a word they must never be. */
  @Test
  void aLogThatLostItsSyncedEndIsRefusedAndTheRefusalSaysWhatToDo() throws IOException {
    TreeMap<String, byte[]> files = openSpoolOf(300);
    int length = files.get(LOG).length;

    Gen.check(40, g -> {
      TreeMap<String, byte[]> cut = new TreeMap<>(files);
      cut.put(LOG, Arrays.copyOf(files.get(LOG), g.between(0, length - 1)));
      expectAllOrAnError(cut, 300);
    });

    TreeMap<String, byte[]> without = new TreeMap<>(files);
    without.remove(LOG);
    LinkException refused =
        Spools.failure(Status.FAILED_PRECONDITION, () -> Spools.open(write(without)));
    assertThat(refused.problem()).contains("items 1 to 300 were accepted", "delete", "accepted");
  }

  @Test
  void damageAnywhereInTheLogIsNeverSilentLoss() throws IOException {
    damage(openSpoolOf(300), LOG, 300);
  }

  @Test
  void damageAnywhereInTheTablesIsNeverSilentLoss() throws IOException {
    Path closed = directory.resolve("closed");
    try (Spool spool = Spools.open(closed)) {
      fill(spool, 1, 300);
    }
    damage(files(closed), TABLES, 300);
  }

  @Test
  void anItemWhoseBytesChangedIsNamedWhenItIsRead() throws IOException {
    Path closed = directory.resolve("closed");
    try (Spool spool = Spools.open(closed)) {
      Spools.append(spool, Spools.item(1, 1000), Spools.item(2, 1000), Spools.item(3, 1000));
    }
    TreeMap<String, byte[]> files = files(closed);
    byte[] tables = files.get(TABLES);
    int at = indexOf(tables, Spools.item(2, 1000));
    tables[at + 500] ^= 1;

    try (Spool spool = Spools.open(write(files))) {
      assertThat(spool.read(0, 10, Spools.PLENTY)).as("up to the damage").hasSize(1);
      LinkException failed =
          Spools.failure(Status.DATA_LOSS, () -> spool.read(1, 10, Spools.PLENTY));
      assertThat(failed.problem()).contains("item 2 ", "check sum", "remove it");
      spool.remove(2);
      assertThat(Spools.numbers(spool)).containsExactly(1L, 3L);
    }
  }

  /** As if the place of one item in the table pointed to its neighbour: all sums are right. */
  @Test
  void anItemThatStandsTwiceDoesNotHideThatAnotherIsMissing() throws IOException {
    Path closed = directory.resolve("closed");
    try (Spool spool = Spools.open(closed)) {
      Spools.append(spool, Spools.item(1, 1000), Spools.item(2, 1000), Spools.item(3, 1000));
    }
    TreeMap<String, byte[]> files = files(closed);
    byte[] tables = files.get(TABLES);
    int page = indexOf(tables, Spools.item(2, 1000)) / Schema.PAGE_BYTES * Schema.PAGE_BYTES;
    int pointers = page + 8;
    System.arraycopy(tables, pointers, tables, pointers + 2, 2);

    try (Spool spool = Spools.open(write(files))) {
      LinkException failed = Spools.failure(Status.DATA_LOSS, () -> Spools.all(spool));
      assertThat(failed.problem()).contains("item 1 stands", "missing");
    }
  }

  /** The cure that a refusal names must be one: the rest is there, and no number comes twice. */
  @Test
  void deletingTheMarkOpensWhatIsLeftAndSkipsNumbers() throws IOException {
    TreeMap<String, byte[]> files = openSpoolOf(300);
    files.put(LOG, Arrays.copyOf(files.get(LOG), files.get(LOG).length * 2 / 3));
    files.remove(MARK);
    Path cut = write(files);
    int left;
    try (Spool spool = Spools.open(cut)) {
      List<Long> tags = tags(spool);
      left = tags.size();
      assertThat(left).isBetween(1, 299);
      assertThat(tags).isEqualTo(range(1, left));
    }
    try (Spool spool = Spools.open(cut)) {
      assertThat(Spools.append(spool, Spools.item(1, 10))).isGreaterThan(1_000_000_000L);
      assertThat(spool.items()).isEqualTo(left + 1);
    }
  }

  @Test
  void storesThatVanishedAreMissed() throws IOException {
    for (String gone : List.of(TABLES, "both")) {
      TreeMap<String, byte[]> files = openSpoolOf(30);
      files.remove(TABLES);
      if (gone.equals("both")) {
        files.remove(LOG);
      }
      LinkException refused =
          Spools.failure(Status.FAILED_PRECONDITION, () -> Spools.open(write(files)));
      assertThat(refused.problem())
          .as(gone)
          .contains(directory.toString(), "items 1 to 30 were accepted");
    }
  }

  // ---- Making damage ----------------------------------------------------------------------------

  private void damage(TreeMap<String, byte[]> files, String name, int items) {
    Gen.check(150, g -> {
      TreeMap<String, byte[]> damaged = new TreeMap<>(files);
      byte[] bytes = files.get(name).clone();
      int at = g.between(0, bytes.length - 1);
      switch (g.between(0, 3)) {
        case 0 -> bytes[at] ^= (byte) (1 << g.between(0, 7));
        case 1 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + g.between(1, 4096)), (byte) 0);
        case 2 -> bytes = Arrays.copyOf(bytes, at);
        default -> {
          byte[] noise = g.bytes(200);
          System.arraycopy(noise, 0, bytes, at, Math.min(noise.length, bytes.length - at));
        }
      }
      damaged.put(name, bytes);
      expectAllOrAnError(damaged, items);
    });
  }

  private void expectAllOrAnError(TreeMap<String, byte[]> files, int items) throws IOException {
    Path copy = write(files);
    try (Spool spool = Spools.open(copy)) {
      assertThat(tags(spool)).isEqualTo(range(1, items));
    } catch (LinkException e) {
      assertThat(e.status()).isIn(Status.FAILED_PRECONDITION, Status.DATA_LOSS, Status.UNAVAILABLE);
      assertThat(e.problem()).contains(copy.toString());
    }
  }

  private static byte[] mixed(Gen g, byte[] old, byte[] now, double share) {
    byte[] mixed = now.clone();
    for (int at = 0; at < now.length; at += SECTOR) {
      int end = Math.min(at + SECTOR, now.length);
      if (g.between(1, 100) > share * 100) {
        byte[] was = Arrays.copyOfRange(old, Math.min(at, old.length), Math.min(end, old.length));
        Arrays.fill(mixed, at, end, (byte) 0);
        System.arraycopy(was, 0, mixed, at, was.length);
      }
    }
    return mixed;
  }

  /** The files of a spool that holds so many items and was not closed. */
  private TreeMap<String, byte[]> openSpoolOf(int items) throws IOException {
    Path live = directory.resolve("live" + copies++);
    try (Spool spool = Spools.open(live)) {
      fill(spool, 1, items);
      return files(live);
    }
  }

  private static void fill(Spool spool, int first, int last) {
    for (int tag = first; tag <= last; tag += 10) {
      Spools.append(spool, items(tag, tag + 9));
    }
  }

  private static byte[][] items(int first, int last) {
    return LongStream.rangeClosed(first, last)
        .mapToObj(tag -> Spools.item(tag, 256))
        .toArray(byte[][]::new);
  }

  private static List<Long> tags(Spool spool) {
    List<Long> tags = new ArrayList<>();
    for (Entry entry : Spools.all(spool)) {
      tags.add(Spools.tag(entry.item()));
    }
    return tags;
  }

  private static List<Long> range(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }

  private static TreeMap<String, byte[]> files(Path directory) throws IOException {
    TreeMap<String, byte[]> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        contents.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return contents;
  }

  private Path write(Map<String, byte[]> files) {
    Path copy = directory.resolve("copy" + ++copies);
    try {
      Files.createDirectory(copy);
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        Files.write(copy.resolve(file.getKey()), file.getValue());
      }
      return copy;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static int indexOf(byte[] whole, byte[] part) {
    for (int at = 0; at <= whole.length - part.length; at++) {
      if (Arrays.equals(whole, at, at + part.length, part, 0, part.length)) {
        return at;
      }
    }
    throw new AssertionError("not there");
  }
}
