package io.liblink.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.delivery.Start;
import io.liblink.delivery.TopicOptions;
import io.liblink.delivery.WhenFull;
import io.liblink.testing.Gen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TailTest {
  private static final long MILLI = 1_000_000;

  @Test
  void readersThatRunBesidePublishersMissNothingWithoutAWord() throws Exception {
    Publishing topic =
        new Publishing(TopicOptions.defaults().keep(100, Long.MAX_VALUE).lastValues(3));
    AtomicBoolean over = new AtomicBoolean();
    List<Callable<Long>> readers = new ArrayList<>();
    for (WhenFull whenFull :
        List.of(WhenFull.DROP_OLDEST, WhenFull.DROP_NEWEST, WhenFull.LATEST_PER_KEY)) {
      for (int queue : new int[] {Integer.MAX_VALUE, 20}) {
        Cursor cursor = topic.cursor(whenFull, queue);
        readers.add(() -> read(cursor, over));
      }
    }
    ExecutorService threads = Executors.newFixedThreadPool(readers.size() + 2);
    try {
      List<Future<Long>> reading = new ArrayList<>();
      readers.forEach(r -> reading.add(threads.submit(r)));
      Callable<Boolean> publisher = () -> {
        for (int i = 0; i < 50_000; i++) {
          topic.publish(i % 3 == 0 ? null : "k" + i % 5);
        }
        return true;
      };
      for (Future<Boolean> published :
          List.of(threads.submit(publisher), threads.submit(publisher))) {
        assertThat(published.get()).isTrue();
      }
      over.set(true);
      for (Future<Long> counted : reading) {
        assertThat(counted.get()).isBetween(0L, 100_000L);
      }
      assertThat(topic.tail.newest()).isEqualTo(100_000);
    } finally {
      threads.shutdownNow();
      threads.awaitTermination(10, TimeUnit.SECONDS);
    }
  }

  /** Reads to the end, asserting that everything is told in order; returns how many came. */
  private static long read(Cursor cursor, AtomicBoolean over) {
    boolean complete = !(cursor instanceof LatestCursor);
    long next = cursor.start;
    long last = 0;
    long messages = 0;
    boolean wasOver = false;
    while (true) {
      List<Told> told = Told.by(cursor, 50);
      for (Told t : told) {
        assertThat(t.last()).isGreaterThan(last);
        last = t.last();
        if (complete && t.last() >= cursor.start) {
          assertThat(t.last() - Math.max(1, t.count()) + 1).isEqualTo(next);
          next = t.last() + 1;
        }
        messages += t.isMessage() ? 1 : 0;
      }
      if (told.isEmpty() && wasOver) {
        return messages;
      }
      wasOver = over.get();
    }
  }

  @Test
  void anAgeBeginsWithTheOldestMessageThatIsYoungEnough() {
    Publishing topic = Publishing.keeping(1000);
    for (int i = 1; i <= 100; i++) {
      topic.now = i * 10 * MILLI;
      topic.publish();
    }
    topic.now = 1005 * MILLI;
    assertThat(since(topic, 5)).isEqualTo(100);
    assertThat(since(topic, 4)).isEqualTo(101);
    assertThat(since(topic, 15)).isEqualTo(99);
    assertThat(since(topic, 500)).isEqualTo(51);
    assertThat(since(topic, 100_000)).isEqualTo(1);
    assertThat(topic.tail.startOf(Start.of("age 999999999999999999"), topic.now))
        .isEqualTo(1);
  }

  @Test
  void anAgeReachesBackToWhatIsNotKept() {
    Publishing topic = Publishing.keeping(10);
    for (int i = 1; i <= 50; i++) {
      topic.now = i * 10 * MILLI;
      topic.publish();
    }
    assertThat(since(topic, 95)).isEqualTo(41);
    assertThat(since(topic, 195)).isEqualTo(31);
    assertThat(since(topic, 100_000)).isEqualTo(1);
    topic.tail.clear();
    Tail again = new Tail(TopicOptions.defaults(), topic.tail);
    assertThat(again.startOf(Start.within(Duration.ofMillis(95)), topic.now)).isEqualTo(41);
    assertThat(again.startOf(Start.earliest(), topic.now)).isEqualTo(51);
  }

  private static long since(Publishing topic, long millis) {
    return topic.tail.startOf(Start.within(Duration.ofMillis(millis)), topic.now);
  }

  @Test
  void anAgeIsNeverTooYoungAndNeverMuchTooOld() {
    Gen.check(50, gen -> {
      Ages ages = new Ages();
      List<Long> published = new ArrayList<>();
      long now = 0;
      for (int i = 1; i <= 20_000; i++) {
        now += gen.between(0, 3) * MILLI;
        published.add(now);
        ages.evicted(i, now);
      }
      for (int i = 0; i < 100; i++) {
        long age = (long) (now * gen.between(1, 110) / 100.0);
        long cutoff = now - age;
        long exact = 1 + published.stream().filter(at -> at < cutoff).count();
        long found = ages.since(cutoff, Long.MAX_VALUE);
        assertThat(found).isLessThanOrEqualTo(exact);
        long allowed = 8 + (20_000 - exact) / 8;
        assertThat(exact - found).isLessThanOrEqualTo(allowed);
      }
    });
  }

  @Test
  void lastValuesAreBoundedByKeysAndBytes() {
    LastValues values = new LastValues(2, 100_000);
    Publishing topic = Publishing.keeping(10);
    assertThat(values.trim()).isNull();
    for (int i = 1; i <= 3; i++) {
      long s = topic.publish("k" + i);
      values.put("k" + i, entry(topic, s));
    }
    assertThat(values.trim()).isSameAs(entry(topic, 1));
    assertThat(values.trim()).isNull();
    topic.publish("large", java.util.Map.of(), 200_000);
    values.put("large", entry(topic, 4));
    assertThat(values.trim()).isSameAs(entry(topic, 2));
    assertThat(values.trim()).isSameAs(entry(topic, 3));
    assertThat(values.trim()).isNull(); // the newest stays
    assertThat(values.from(1)).isSameAs(entry(topic, 4));
    assertThat(values.has(3)).isFalse();
  }

  private static TailEntry entry(Publishing topic, long sequence) {
    return java.util.Objects.requireNonNull(topic.tail.get(sequence));
  }
}
