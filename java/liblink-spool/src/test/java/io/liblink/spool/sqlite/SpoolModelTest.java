package io.liblink.spool.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.spool.Spool;
import io.liblink.spool.Spool.Entry;
import io.liblink.spool.SpoolProvider.Settings;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import io.liblink.testing.Gen;
import io.liblink.time.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A spool does what a sorted map does, whatever happens to it in whatever order. */
class SpoolModelTest {
  private static final long MOST_BYTES = 20_000;

  @TempDir
  Path directory;

  private int runs;

  @Test
  void aSpoolIsASortedMapThatForgetsNothing() {
    Gen.check(60, g -> {
      Path own = directory.resolve("run" + runs++);
      try (Run run = new Run(g, own)) {
        for (int i = g.between(1, 60); i > 0; i--) {
          run.step();
        }
        run.compare();
      }
    });
  }

  /** One spool and its model. */
  private static final class Run implements AutoCloseable {
    private final Gen g;
    private final Settings settings;
    private final TreeMap<Long, byte[]> model = new TreeMap<>();
    private Spool spool;
    private final String id;
    private long last;

    Run(Gen g, Path directory) {
      this.g = g;
      this.settings = new Settings(
          directory, MOST_BYTES, Duration.ofMillis(g.between(0, 1)), TimeSource.system());
      this.spool = new SqliteProvider().open(settings);
      this.id = spool.id();
    }

    void step() {
      switch (g.between(0, 9)) {
        case 0, 1, 2 -> append(1);
        case 3 -> append(g.between(2, 8));
        case 4, 5 -> remove(g.between(0, (int) last + 1));
        case 6 -> {
          for (long number : new ArrayList<>(model.keySet())) {
            if (g.oneIn(2)) {
              remove(number);
            }
          }
        }
        case 7, 8 -> page();
        default -> reopen();
      }
    }

    /** Several at once go in order; each fits or is refused as a whole. */
    private void append(int appends) {
      awaitRemovals();
      List<List<byte[]>> items = new ArrayList<>();
      List<CompletableFuture<Long>> accepted = new ArrayList<>();
      long promised = bytes();
      List<Boolean> fits = new ArrayList<>();
      for (int i = 0; i < appends; i++) {
        List<byte[]> one = g.list(g.oneIn(8) ? 200 : 5, Run::anItem);
        one.add(g.bytes(100));
        long size = one.stream().mapToLong(b -> b.length).sum();
        boolean fit = promised + size <= MOST_BYTES;
        promised += fit ? size : 0;
        fits.add(fit);
        items.add(one);
        accepted.add(spool.append(one));
      }
      for (int i = 0; i < appends; i++) {
        if (fits.get(i)) {
          assertThat(Spools.number(accepted.get(i))).isEqualTo(last + 1);
          items.get(i).forEach(item -> model.put(++last, item));
        } else {
          LinkException refused = Spools.refusal(accepted.get(i));
          assertThat(refused.status()).isEqualTo(Status.RESOURCE_EXHAUSTED);
        }
      }
    }

    private static byte[] anItem(Gen g) {
      return g.oneIn(20) ? g.bytes(6000) : g.bytes(300);
    }

    private void remove(long number) {
      spool.remove(number);
      model.remove(number);
    }

    private void page() {
      long after = g.between(-1, (int) last + 1);
      int most = g.between(1, 30);
      long mostBytes = g.between(0, 5000);
      List<Entry> page = spool.read(after, most, mostBytes);
      List<Long> expected = new ArrayList<>();
      long bytes = 0;
      for (Map.Entry<Long, byte[]> e : model.tailMap(after, false).entrySet()) {
        bytes += e.getValue().length;
        if (expected.size() == most || bytes > mostBytes && !expected.isEmpty()) {
          break;
        }
        expected.add(e.getKey());
      }
      assertThat(page).extracting(Entry::number).isEqualTo(expected);
      page.forEach(e -> assertThat(e.item()).isEqualTo(model.get(e.number())));
    }

    private void reopen() {
      spool.close();
      spool = new SqliteProvider().open(settings);
      assertThat(spool.id()).isEqualTo(id);
      assertThat(spool.items()).isEqualTo(model.size());
      compare();
    }

    void compare() {
      List<Entry> all = Spools.all(spool);
      assertThat(all).extracting(Entry::number).isEqualTo(List.copyOf(model.keySet()));
      all.forEach(e -> assertThat(e.item()).isEqualTo(model.get(e.number())));
      awaitRemovals();
    }

    private void awaitRemovals() {
      Spools.await(
          "removals are done", () -> spool.bytes() == bytes() && spool.items() == model.size());
    }

    private long bytes() {
      return model.values().stream().mapToLong(b -> b.length).sum();
    }

    @Override
    public void close() {
      spool.close();
    }
  }
}
