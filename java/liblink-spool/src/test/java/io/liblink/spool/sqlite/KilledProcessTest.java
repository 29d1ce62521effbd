package io.liblink.spool.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.spool.Spool;
import io.liblink.spool.Spool.Entry;
import io.liblink.testing.Gen;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that appends is killed again and again: what it was told is kept is there. */
class KilledProcessTest {
  private static final int ROUNDS = 20;
  private static final long TAGS_PER_ROUND = 1_000_000_000L;

  @TempDir
  Path directory;

  /** Tag by number, of what was told accepted or seen on disk, over all rounds. */
  private final TreeMap<Long, Long> known = new TreeMap<>();

  /** Numbers that a process or this test removed. */
  private final Set<Long> gone = new HashSet<>();

  private long accepted;

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void whatWasAcceptedSurvivesSigkillInOrderAndNoNumberIsGivenTwice() {
    Gen.check(1, g -> {
      for (int round = 0; round < ROUNDS; round++) {
        runAndKill(round, g.between(0, g.oneIn(4) ? 20 : 400));
        look(round, g.oneIn(5));
      }
      assertThat(accepted).as("items accepted over all rounds").isGreaterThan(1000);
    });
  }

  private void runAndKill(int round, int millis) throws Exception {
    long tag = round * TAGS_PER_ROUND;
    try (AppendingProcess child = AppendingProcess.start(directory, "stream", tag, List.of())) {
      assertThat(child.line()).isEqualTo("open");
      note(child.line());
      // The moment is meant to be any.
      CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS).execute(child::kill);
      for (String line : child.rest()) {
        note(line);
      }
    }
  }

  private void note(String line) {
    String[] words = line.split(" ");
    long number = Long.parseLong(words[1]);
    if (words[0].equals("removing")) {
      gone.add(number);
      return;
    }
    assertThat(words[0]).as(line).isEqualTo("accepted");
    for (int i = 2; i < words.length; i++, number++) {
      assertThat(known.put(number, Long.parseLong(words[i])))
          .as("number %d was given before", number)
          .isNull();
      assertThat(known.lastKey()).as("numbers grow").isEqualTo(number);
      accepted++;
    }
  }

  private void look(int round, boolean removeAll) {
    try (Spool spool = Spools.open(directory)) {
      Set<Long> missing = new HashSet<>(known.keySet());
      missing.removeAll(gone);
      long before = 0;
      long tagBefore = -1;
      for (Entry entry : Spools.all(spool)) {
        long tag = Spools.tag(entry.item());
        assertThat(entry.number()).isGreaterThan(before);
        assertThat(tag).as("order of item %d", entry.number()).isGreaterThan(tagBefore);
        before = entry.number();
        tagBefore = tag;
        missing.remove(entry.number());
        Long told = known.put(entry.number(), tag);
        assertThat(told == null ? tag : told).isEqualTo(tag);
        if (removeAll) {
          spool.remove(entry.number());
          gone.add(entry.number());
        }
      }
      assertThat(missing).as("accepted, and lost after round %d", round).isEmpty();
    }
  }
}
