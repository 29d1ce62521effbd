package io.liblink.proof.books;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.delivery.ItemId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proofs are worth what their books are: what must be noticed is noticed. */
class BooksTest {
  private static final String PRODUCER = "00ff".repeat(7) + "abcd";

  @TempDir
  Path directory;

  private static Ledger.Entry entry(long value, long number, int attempt, int before) {
    return new Ledger.Entry(value, new ItemId(PRODUCER, number), attempt, before);
  }

  private static List<String> broken(boolean oneIdEach, Ledger.Entry... entries) {
    Deliveries deliveries = new Deliveries(10, oneIdEach);
    for (Ledger.Entry e : entries) {
      deliveries.add(e);
    }
    Findings findings = new Findings();
    deliveries.judge(findings, "stage");
    return findings.broken();
  }

  @Test
  void whatWasWrittenIsReadAgainAndATornEndIsPassedOver() throws IOException {
    Path file = directory.resolve("ledger");
    List<Ledger.Entry> entries = List.of(entry(7, 1, 1, 1), entry(8, Long.MAX_VALUE, 300, 2));
    try (Ledger ledger = new Ledger(file)) {
      ledger.write(entries.get(0));
    }
    try (Ledger ledger = new Ledger(file)) {
      ledger.write(entries.get(1));
    }
    Files.write(file, new byte[39], StandardOpenOption.APPEND);

    List<Ledger.Entry> read = new ArrayList<>();
    Ledger.read(file, read::add);
    assertThat(read).isEqualTo(entries);
    Ledger.read(directory.resolve("none"), read::add);
    assertThat(read).hasSize(2);
  }

  @Test
  void markedDuplicatesAreCountedAndNothingIsWrong() {
    assertThat(broken(true, entry(1, 1, 1, 1), entry(2, 2, 1, 1), entry(1, 1, 2, 1)))
        .isEmpty();
    assertThat(broken(false, entry(1, 1, 1, 1), entry(1, 9, 1, 2))).isEmpty();
  }

  @Test
  void aDuplicateWithoutAMarkIsFound() {
    assertThat(broken(true, entry(1, 1, 1, 1), entry(1, 1, 1, 1)))
        .containsExactly("every duplicate is marked at stage: item 1 came 2 times, 2 without");
  }

  @Test
  void idsThatChangeOrAreSharedAreFound() {
    assertThat(broken(true, entry(1, 1, 1, 1), entry(1, 2, 2, 1)))
        .containsExactly("every item keeps its id at stage");
    assertThat(broken(true, entry(1, 1, 1, 1), entry(2, 1, 1, 1)))
        .containsExactly("no two items have the same id at stage");
  }

  @Test
  void aTableShowsWhatWasCountedAndWhatIsBroken() {
    Findings findings = new Findings();
    findings.count("pushed", 1_000_000);
    findings.note("seed", "42");
    findings.must(true, "kept");
    findings.must(false, "not kept");

    assertThat(findings).hasToString("pushed  1,000,000\nseed           42\nBROKEN: not kept\n");
  }
}
