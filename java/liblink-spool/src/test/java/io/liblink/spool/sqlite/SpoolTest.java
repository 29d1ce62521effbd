package io.liblink.spool.sqlite;

import static io.liblink.spool.sqlite.Spools.all;
import static io.liblink.spool.sqlite.Spools.append;
import static io.liblink.spool.sqlite.Spools.await;
import static io.liblink.spool.sqlite.Spools.failure;
import static io.liblink.spool.sqlite.Spools.item;
import static io.liblink.spool.sqlite.Spools.number;
import static io.liblink.spool.sqlite.Spools.numbers;
import static io.liblink.spool.sqlite.Spools.open;
import static io.liblink.spool.sqlite.Spools.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.spool.Spool;
import io.liblink.spool.Spool.Entry;
import io.liblink.spool.SpoolProvider;
import io.liblink.spool.SpoolProvider.Settings;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import io.liblink.testkit.TestClock;
import io.liblink.time.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of a spool, one sentence each. */
class SpoolTest {
  @TempDir
  Path directory;

  @Test
  void theServiceLoaderFindsIt() {
    assertThat(ServiceLoader.load(SpoolProvider.class))
        .hasAtLeastOneElementOfType(SqliteProvider.class);
  }

  @Test
  void itemsComeBackAsTheyWereAppendedAndInOrder() {
    try (Spool spool = open(directory)) {
      assertThat(append(spool, item(1, 10), item(2, 5000))).isEqualTo(1);
      assertThat(append(spool, item(3, 8))).isEqualTo(3);

      List<Entry> entries = all(spool);

      assertThat(entries).extracting(Entry::number).containsExactly(1L, 2L, 3L);
      assertThat(entries)
          .extracting(Entry::item)
          .containsExactly(item(1, 10), item(2, 5000), item(3, 8));
      assertThat(spool.items()).isEqualTo(3);
      assertThat(spool.bytes()).isEqualTo(5018);
    }
  }

  @Test
  void anEmptyItemIsAnItem() {
    try (Spool spool = open(directory)) {
      append(spool, new byte[0], new byte[0]);
      append(spool, Collections.nCopies(64, new byte[0]).toArray(new byte[0][]));

      assertThat(all(spool)).hasSize(66).allSatisfy(e -> assertThat(e.item()).isEmpty());
    }
  }

  @Test
  void itIsTheSameAfterItWasOpenedAgain() {
    String id;
    try (Spool spool = open(directory)) {
      id = spool.id();
      append(spool, item(1, 100), item(2, 100), item(3, 100));
      spool.remove(2);
    }
    try (Spool spool = open(directory)) {
      assertThat(spool.id()).isEqualTo(id).matches("[0-9a-f]{32}");
      assertThat(numbers(spool)).containsExactly(1L, 3L);
      assertThat(spool.items()).isEqualTo(2);
      assertThat(spool.bytes()).isEqualTo(200);
    }
  }

  @Test
  void twoSpoolsHaveTwoIds() {
    try (Spool one = open(directory.resolve("one"));
        Spool two = open(directory.resolve("two"))) {
      assertThat(one.id()).isNotEqualTo(two.id());
    }
  }

  @Test
  void noNumberIsGivenTwiceEvenWhenEverythingWasRemoved() {
    for (long round = 0; round < 3; round++) {
      try (Spool spool = open(directory)) {
        assertThat(numbers(spool)).isEmpty();
        assertThat(append(spool, item(1, 10), item(2, 10))).isEqualTo(2 * round + 1);
        spool.remove(2 * round + 1);
        spool.remove(2 * round + 2);
      }
    }
  }

  @Test
  void aRemovedItemIsNotReadAnyMore() {
    try (Spool spool = open(directory)) {
      append(spool, item(1, 10), item(2, 10), item(3, 10));

      spool.remove(2);

      assertThat(numbers(spool)).containsExactly(1L, 3L);
      await("what is removed leaves the counts", () -> spool.items() == 2);
      assertThat(spool.bytes()).isEqualTo(20);
    }
  }

  @Test
  void removingWhatIsNotThereDoesNothing() {
    try (Spool spool = open(directory)) {
      append(spool, item(1, 10), item(2, 10));
      for (long number : new long[] {0, -1, 3, Long.MAX_VALUE, Long.MIN_VALUE, 1, 1}) {
        spool.remove(number);
      }
      await("one is removed once", () -> spool.items() == 1);

      assertThat(append(spool, item(3, 10))).isEqualTo(3);
      assertThat(numbers(spool)).containsExactly(2L, 3L);
    }
  }

  @Test
  void pagesEndAtTheirBounds() {
    try (Spool spool = open(directory)) {
      append(spool, item(1, 100), item(2, 100), item(3, 100), item(4, 100));

      assertThat(spool.read(0, 3, 1000)).hasSize(3);
      assertThat(spool.read(1, 3, 250)).extracting(Entry::number).containsExactly(2L, 3L);
      assertThat(spool.read(0, 3, 1)).extracting(Entry::number).containsExactly(1L);
      assertThat(spool.read(3, 100, 0)).extracting(Entry::number).containsExactly(4L);
      assertThat(spool.read(4, 100, 1000)).isEmpty();
      assertThat(spool.read(Long.MAX_VALUE, 100, 1000)).isEmpty();
      assertThat(spool.read(-5, 0, 1000)).isEmpty();
    }
  }

  @Test
  void aFullSpoolRefusesWithPathSizeAndCureAndTakesAgainWhatFits() {
    try (Spool spool = open(directory, 1000)) {
      append(spool, item(1, 400), item(2, 400));

      LinkException refused = refusal(spool, item(3, 150), item(4, 100));

      assertThat(refused.status()).isEqualTo(Status.RESOURCE_EXHAUSTED);
      assertThat(refused.problem())
          .contains(directory.toString(), "800 bytes of at most 1,000 bytes", "250 bytes")
          .contains("workers");
      assertThat(append(spool, item(5, 200))).as("exactly full").isEqualTo(3);
      spool.remove(1);
      await("there is room", () -> spool.bytes() == 600);
      assertThat(append(spool, item(6, 400))).isEqualTo(4);
      assertThat(numbers(spool)).containsExactly(2L, 3L, 4L);
    }
  }

  @Test
  void whatCanNeverFitSaysSo() {
    try (Spool spool = open(directory, 1000)) {
      LinkException refused = refusal(spool, item(1, 1001));

      assertThat(refused.status()).isEqualTo(Status.RESOURCE_EXHAUSTED);
      assertThat(refused.problem()).contains("1,001 bytes", "may have 1,000 bytes", "raise");
    }
  }

  @Test
  void appendsThatWaitCountTowardsTheBound() {
    TestClock clock = TestClock.stopped();
    Settings settings = new Settings(directory, 1000, Duration.ofMillis(5), clock);
    try (Spool spool = new SqliteProvider().open(settings)) {
      append(spool, item(1, 300));
      CompletableFuture<Long> waits = spool.append(List.of(item(2, 300)));

      assertThat(refusal(spool, item(3, 401)).status()).isEqualTo(Status.RESOURCE_EXHAUSTED);

      clock.advance(Duration.ofMillis(5));
      assertThat(number(waits)).isEqualTo(2);
    }
  }

  /** The first waits for nobody; those after it wait for the interval to pass, together. */
  @Test
  void appendsOfOneIntervalAreSyncedTogether() {
    TestClock clock = TestClock.stopped();
    Settings settings = new Settings(directory, 100_000, Duration.ofMillis(5), clock);
    try (Spool spool = new SqliteProvider().open(settings)) {
      append(spool, item(1, 100));
      List<CompletableFuture<Long>> waiting = new ArrayList<>();
      for (long i = 2; i <= 20; i++) {
        waiting.add(spool.append(List.of(item(i, 100))));
      }

      clock.advance(Duration.ofMillis(4));
      assertThat(numbers(spool)).containsExactly(1L);
      assertThat(waiting).noneMatch(CompletableFuture::isDone);

      clock.advance(Duration.ofMillis(1));
      number(waiting.get(18));
      assertThat(waiting).allMatch(CompletableFuture::isDone);
      assertThat(numbers(spool)).hasSize(20);
    }
  }

  @Test
  void moreThanAGroupHoldsIsWrittenWithoutWaiting() {
    TestClock clock = TestClock.stopped();
    Settings settings = new Settings(directory, Spools.PLENTY, Duration.ofHours(1), clock);
    try (Spool spool = new SqliteProvider().open(settings)) {
      append(spool, item(1, 100));
      CompletableFuture<Long> second = spool.append(List.of(item(2, 5 << 20)));
      CompletableFuture<Long> third = spool.append(List.of(item(3, 5 << 20)));

      assertThat(number(second)).isEqualTo(2);
      assertThat(third).as("left over, and not full").isNotDone();
    }
  }

  /** Else a disk that hangs would fill the heap. */
  @Test
  void whatWaitsForTheDiskIsBounded() {
    TestClock clock = TestClock.stopped();
    Settings settings = new Settings(directory, Spools.PLENTY, Duration.ofHours(1), clock);
    Inbox inbox = new Inbox(
        directory, settings.mostBytes(), Duration.ofHours(1).toNanos(), clock, new Totals(0, 0, 0));
    byte[] item = new byte[8 << 20];
    LinkException refused = null;
    for (int i = 0; i < 9 && refused == null; i++) {
      CompletableFuture<Long> append = inbox.append(List.of(item));
      refused = append.isDone() ? refusal(append) : null;
    }

    assertThat(refused).isNotNull();
    assertThat(refused.status()).isEqualTo(Status.RESOURCE_EXHAUSTED);
    assertThat(refused.problem()).contains(directory.toString(), "does not keep up");
  }

  @Test
  void closingAcceptsWhatWaitsAndRefusesWhatComesAfter() {
    TestClock clock = TestClock.stopped();
    Spool spool =
        new SqliteProvider().open(new Settings(directory, 10_000, Duration.ofHours(1), clock));
    append(spool, item(1, 10), item(2, 10));
    CompletableFuture<Long> waits = spool.append(List.of(item(3, 10)));
    spool.remove(1);

    spool.close();
    spool.close();

    assertThat(number(waits)).isEqualTo(3);
    assertThat(refusal(spool, item(4, 10)).status()).isEqualTo(Status.UNAVAILABLE);
    assertThat(failure(Status.UNAVAILABLE, () -> spool.read(0, 10, 10)).problem())
        .contains(directory.toString(), "closed");
    spool.remove(2);
    try (Spool again = open(directory)) {
      assertThat(numbers(again)).containsExactly(2L, 3L);
    }
  }

  @Test
  void everyAppendEndsWhenTheSpoolIsClosedMeanwhile() throws InterruptedException {
    List<CompletableFuture<Long>> appends = Collections.synchronizedList(new ArrayList<>());
    Spool spool = open(directory);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      Thread thread = new Thread(() -> {
        for (int i = 0; i < 2000; i++) {
          appends.add(spool.append(List.of(item(i, 50))));
        }
      });
      threads.add(thread);
      thread.start();
    }
    await("some were accepted", () -> spool.items() > 100);
    spool.close();
    for (Thread thread : threads) {
      thread.join();
    }

    List<Long> accepted = new ArrayList<>();
    for (CompletableFuture<Long> append : appends) {
      assertThat(append).isDone();
      if (append.isCompletedExceptionally()) {
        assertThat(refusal(append).status()).isEqualTo(Status.UNAVAILABLE);
      } else {
        accepted.add(append.join());
      }
    }
    Collections.sort(accepted);
    try (Spool again = open(directory)) {
      assertThat(numbers(again)).isEqualTo(accepted);
    }
  }

  /** Whoever closes when the last item is accepted does so on the spool's own thread. */
  @Test
  void itCanBeClosedByWhatDependsOnAnAppend() {
    Spool spool = open(directory);

    CompletableFuture<Void> closed =
        spool.append(List.of(item(1, 10))).thenAccept(number -> spool.close());

    await("closed", closed::isDone);
    await("the lock is free", () -> {
      try (Spool again = open(directory)) {
        return again.items() == 1;
      } catch (LinkException e) {
        return false;
      }
    });
  }

  @Test
  void withoutAnIntervalEachAppendIsSyncedByItself() {
    Settings settings = new Settings(directory, 100_000, Duration.ZERO, TimeSource.system());
    try (Spool spool = new SqliteProvider().open(settings)) {
      List<CompletableFuture<Long>> appends = new ArrayList<>();
      for (long i = 1; i <= 50; i++) {
        appends.add(spool.append(List.of(item(i, 10), item(i, 10))));
      }

      assertThat(appends.stream().map(Spools::number))
          .containsExactlyElementsOf(
              LongStream.range(0, 50).map(i -> 2 * i + 1).boxed().toList());
    }
  }

  @Test
  void nothingAndNullAreNotItems() {
    try (Spool spool = open(directory)) {
      assertThatThrownBy(() -> spool.append(List.of()))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> spool.append(Arrays.asList(item(1, 10), null)))
          .isInstanceOf(NullPointerException.class);
      assertThat(append(spool, item(1, 10))).isEqualTo(1);
    }
  }

  @Test
  void settingsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> open(directory, 0)).isInstanceOf(IllegalArgumentException.class);
    Settings settings = new Settings(directory, 1, Duration.ofMillis(-1), TimeSource.system());
    assertThatThrownBy(() -> new SqliteProvider().open(settings))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void readersSeeOnlyWholeAppendsWhileOthersWrite() {
    try (Spool spool = open(directory)) {
      List<CompletableFuture<Long>> appends = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        appends.add(spool.append(List.of(item(i, 100), item(i, 100), item(i, 100))));
        List<Entry> page = spool.read(0, 100_000, Spools.PLENTY);
        assertThat(page.size() % 3).isZero();
        assertThat(page)
            .extracting(Entry::number)
            .isEqualTo(LongStream.rangeClosed(1, page.size()).boxed().toList());
      }
      appends.forEach(Spools::number);
    }
  }
}
