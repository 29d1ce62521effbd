package io.liblink.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.delivery.Gap;
import io.liblink.delivery.Start;
import io.liblink.delivery.TopicOptions;
import io.liblink.delivery.WhenFull;
import io.liblink.testing.Gen;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Cursors against queues that hold what waits, over random schedules of publishing and taking. */
class CursorPropertyTest {
  private static final int RUNS = 400;

  @Test
  void dropOldestIsAQueueThatDropsTheOldest() {
    Gen.check(RUNS, gen -> {
      int keep = gen.between(1, 20);
      int queue = gen.between(1, 25);
      Publishing topic = Publishing.keeping(keep);
      topic.publish(gen.between(0, 30));
      Cursor cursor = topic.cursor(WhenFull.DROP_OLDEST, queue);
      ArrayDeque<Long> model = new ArrayDeque<>();
      long next = topic.tail.newest() + 1;
      for (int step = 0; step < 200; step++) {
        for (int n = gen.between(0, 8); n > 0; n--) {
          model.add(topic.publish());
          if (model.size() > Math.min(queue, keep)) {
            model.remove();
          }
        }
        List<Told> expected = new ArrayList<>();
        int most = gen.between(0, 10);
        while (expected.size() < most && !model.isEmpty()) {
          long first = model.peek();
          if (first > next) {
            expected.add(Told.gap(
                first - 1, first - next, queue < keep ? Gap.Reason.QUEUE : Gap.Reason.TAIL));
            next = first;
          } else {
            expected.add(Told.message(model.remove()));
            next++;
          }
        }
        assertThat(Told.by(cursor, most)).isEqualTo(expected);
      }
    });
  }

  @Test
  void dropNewestIsAQueueThatTakesNoMore() {
    Gen.check(RUNS, gen -> {
      int queue = gen.between(1, 12);
      Publishing topic = Publishing.keeping(10_000);
      Cursor cursor = topic.cursor(WhenFull.DROP_NEWEST, queue);
      ArrayDeque<Long> model = new ArrayDeque<>();
      List<Long> expected = new ArrayList<>();
      List<Told> told = new ArrayList<>();
      for (int step = 0; step < 200; step++) {
        for (int n = gen.between(0, 8); n > 0; n--) {
          long s = topic.publish();
          if (model.size() < queue) {
            model.add(s);
          }
        }
        for (int n = gen.between(0, 10); n > 0; n--) {
          List<Told> one = Told.by(cursor, 1);
          told.addAll(one);
          if (!one.isEmpty() && one.get(0).isMessage()) {
            expected.add(model.remove());
          }
        }
      }
      told.addAll(Told.all(cursor));
      expected.addAll(model);
      assertThat(Told.messages(told)).isEqualTo(expected);
      assertCovers(told, 1, topic.tail.newest());
    });
  }

  @Test
  void messagesAndGapsCoverEverySequenceOnce() {
    Gen.check(RUNS, gen -> {
      int keep = gen.between(1, 20);
      Publishing topic = Publishing.keeping(keep);
      topic.publish(gen.between(0, 40));
      long start = gen.between(1, (int) topic.tail.newest() + 1);
      WhenFull whenFull = gen.oneOf(WhenFull.DROP_OLDEST, WhenFull.DROP_NEWEST);
      Cursor cursor = topic.cursor(Start.sequence(start), whenFull, gen.between(1, 25), "");
      List<Told> told = new ArrayList<>();
      for (int step = 0; step < 100; step++) {
        topic.publish(gen.between(0, 8));
        told.addAll(Told.by(cursor, gen.between(0, 10)));
      }
      told.addAll(Told.all(cursor));
      assertCovers(told, start, topic.tail.newest());
    });
  }

  @Test
  void aFilterOnlyLeavesOutWhatDoesNotPass() {
    Gen.check(RUNS, gen -> {
      int keep = gen.between(1, 20);
      int queue = gen.between(1, 25);
      Publishing topic = Publishing.keeping(keep);
      Cursor cursor = topic.cursor(Start.latest(), WhenFull.DROP_OLDEST, queue, "n == 'x'");
      ArrayDeque<Long> model = new ArrayDeque<>();
      long lost = 0;
      List<Told> told = new ArrayList<>();
      for (int step = 0; step < 200; step++) {
        for (int n = gen.between(0, 8); n > 0; n--) {
          boolean passes = gen.oneIn(3);
          long s = topic.publish(null, Map.of("n", passes ? "x" : "y"), 0);
          if (passes) {
            model.add(s);
          }
          while (model.size() > queue || (!model.isEmpty() && model.peek() <= s - keep)) {
            model.remove();
            lost++;
          }
        }
        for (int n = gen.between(0, 10); n > 0; n--) {
          List<Told> one = Told.by(cursor, 1);
          told.addAll(one);
          if (!one.isEmpty() && one.get(0).isMessage()) {
            assertThat(one.get(0).last()).isEqualTo(model.remove());
          }
        }
      }
      assertThat(Told.messages(Told.all(cursor))).isEqualTo(new ArrayList<>(model));
      assertThat(Told.missed(told)).isGreaterThanOrEqualTo(lost > 0 && model.isEmpty() ? 1 : 0);
      assertIncreasing(told);
    });
  }

  @Test
  void latestPerKeyNeverLosesTheNewestWithoutAWord() {
    Gen.check(RUNS, gen -> {
      int keep = gen.between(1, 20);
      int queue = gen.between(1, 25);
      int keys = gen.between(1, 6);
      int lastValues = gen.oneOf(0, 3, 10);
      Publishing topic =
          new Publishing(TopicOptions.defaults().keep(keep, Long.MAX_VALUE).lastValues(lastValues));
      Cursor cursor = topic.cursor(WhenFull.LATEST_PER_KEY, queue);
      Map<Long, String> published = new HashMap<>();
      Map<String, Long> newest = new HashMap<>();
      List<Told> told = new ArrayList<>();
      for (int step = 0; step < 100; step++) {
        for (int n = gen.between(0, 8); n > 0; n--) {
          String key = gen.oneIn(6) ? null : "k" + gen.between(1, keys);
          long s = topic.publish(key);
          published.put(s, key == null ? "none " + s : key);
          newest.put(published.get(s), s);
        }
        told.addAll(Told.by(cursor, gen.between(0, 10)));
      }
      told.addAll(Told.all(cursor));
      assertIncreasing(told);
      Set<Long> got = new HashSet<>(Told.messages(told));
      long wordless = newest.values().stream().filter(s -> !got.contains(s)).count();
      assertThat(Told.missed(told)).isGreaterThanOrEqualTo(wordless);
      long undelivered = published.size() - got.size();
      assertThat(Told.missed(told)).isLessThanOrEqualTo(undelivered);
      assertThat(cursor.takeSuperseded() + Told.missed(told)).isEqualTo(undelivered);
      boolean allKept = lastValues >= keys && queue >= keep + keys;
      if (allKept && published.values().stream().noneMatch(k -> k.startsWith("none"))) {
        assertThat(wordless).isZero();
        assertThat(Told.missed(told)).isZero();
      }
    });
  }

  @Test
  void theNewestOfEachKeyIsThereWhenLastValuesAreKept() {
    Gen.check(RUNS, gen -> {
      int keys = gen.between(1, 6);
      Publishing topic = new Publishing(
          TopicOptions.defaults().keep(gen.between(1, 10), Long.MAX_VALUE).lastValues(keys));
      Cursor cursor = topic.cursor(WhenFull.LATEST_PER_KEY, 1000);
      Map<String, Long> newest = new HashMap<>();
      Map<String, Long> seen = new HashMap<>();
      Map<Long, String> keyOf = new HashMap<>();
      for (int step = 0; step < 50; step++) {
        for (int n = gen.between(0, 20); n > 0; n--) {
          String key = "k" + gen.between(1, keys);
          long s = topic.publish(key);
          newest.put(key, s);
          keyOf.put(s, key);
        }
        List<Told> told = gen.aBoolean() ? Told.all(cursor) : Told.by(cursor, 3);
        assertThat(Told.missed(told)).isZero();
        Told.messages(told).forEach(s -> seen.put(keyOf.get(s), s));
        if (!cursor.hasMore()) {
          assertThat(seen).isEqualTo(newest);
        }
      }
    });
  }

  private static void assertIncreasing(List<Told> told) {
    long last = 0;
    for (Told t : told) {
      assertThat(t.last()).isGreaterThan(last);
      last = t.last();
    }
  }

  private static void assertCovers(List<Told> told, long start, long newest) {
    long next = start;
    for (Told t : told) {
      assertThat(t.last() - Math.max(1, t.count()) + 1).isEqualTo(next);
      next = t.last() + 1;
    }
    assertThat(next).isEqualTo(newest + 1);
  }
}
