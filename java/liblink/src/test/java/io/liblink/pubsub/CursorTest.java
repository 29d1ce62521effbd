package io.liblink.pubsub;

import static io.liblink.delivery.Gap.Reason.QUEUE;
import static io.liblink.delivery.Gap.Reason.TAIL;
import static io.liblink.delivery.WhenFull.DISCONNECT;
import static io.liblink.delivery.WhenFull.DROP_NEWEST;
import static io.liblink.delivery.WhenFull.DROP_OLDEST;
import static io.liblink.delivery.WhenFull.LATEST_PER_KEY;
import static io.liblink.pubsub.Told.gap;
import static io.liblink.pubsub.Told.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.delivery.Start;
import io.liblink.delivery.TopicOptions;
import io.liblink.delivery.WhenFull;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a subscriber gets of what was published, by what it wants when its queue is full. */
class CursorTest {
  private static final int ALL = Integer.MAX_VALUE;

  @ParameterizedTest
  @EnumSource(WhenFull.class)
  void whoKeepsUpGetsEverything(WhenFull whenFull) {
    Publishing topic = Publishing.keeping(4);
    topic.publish(3);
    Cursor cursor = topic.cursor(whenFull, 1);
    assertThat(cursor.start).isEqualTo(4);
    assertThat(Told.all(cursor)).isEmpty();
    for (long s = 4; s < 20; s++) {
      topic.publish("k");
      assertThat(cursor.hasMore()).isTrue();
      assertThat(Told.all(cursor)).containsExactly(message(s));
      assertThat(cursor.hasMore()).isFalse();
    }
  }

  @Test
  void theOldestAreLeftOutAsOneGap() {
    Publishing topic = Publishing.keeping(100);
    Cursor cursor = topic.cursor(DROP_OLDEST, 3);
    topic.publish(10);
    assertThat(cursor.waiting()).isEqualTo(10);
    assertThat(Told.by(cursor, 2)).containsExactly(gap(7, 7, QUEUE), message(8));
    topic.publish(2);
    assertThat(Told.all(cursor))
        .containsExactly(gap(9, 1, QUEUE), message(10), message(11), message(12));
  }

  @Test
  void whatIsNotKeptIsAGapOfTheTail() {
    Publishing topic = Publishing.keeping(3);
    Cursor cursor = topic.cursor(DROP_OLDEST, ALL);
    topic.publish(10);
    assertThat(Told.all(cursor))
        .containsExactly(gap(7, 7, TAIL), message(8), message(9), message(10));
  }

  @Test
  void theTailIsBoundedByBytesToo() {
    Publishing topic = new Publishing(TopicOptions.defaults().keep(1000, 10_000));
    Cursor cursor = topic.cursor(DROP_OLDEST, ALL);
    for (int i = 0; i < 10; i++) {
      topic.publish(null, Map.of(), 4000);
    }
    assertThat(Told.all(cursor)).containsExactly(gap(8, 8, TAIL), message(9), message(10));
    topic.publish(null, Map.of(), 1_000_000);
    assertThat(topic.tail.oldest()).isEqualTo(11); // the newest is kept, however large
    assertThat(Told.all(cursor)).containsExactly(message(11));
  }

  @Test
  void whatComesWhileTheQueueIsFullIsLeftOut() {
    Publishing topic = Publishing.keeping(100);
    Cursor cursor = topic.cursor(DROP_NEWEST, 3);
    topic.publish(5);
    assertThat(Told.by(cursor, 1)).containsExactly(message(1));
    topic.publish(5); // room for one: 6
    assertThat(Told.by(cursor, 3)).containsExactly(message(2), message(3), gap(5, 2, QUEUE));
    topic.publish(3); // room for two: 11 and 12
    assertThat(Told.all(cursor))
        .containsExactly(
            message(6), gap(10, 4, QUEUE), message(11), message(12), gap(13, 1, QUEUE));
  }

  @Test
  void whatWasTakenIntoTheQueueMayStillBeEvicted() {
    Publishing topic = Publishing.keeping(4);
    Cursor cursor = topic.cursor(DROP_NEWEST, 3);
    topic.publish(2);
    assertThat(Told.by(cursor, 1)).containsExactly(message(1));
    topic.publish(20);
    List<Told> told = Told.all(cursor);
    assertThat(told.get(0)).isEqualTo(gap(18, 17, TAIL));
    assertThat(told.stream().mapToLong(t -> Math.max(1, t.count())).sum()).isEqualTo(21);
  }

  @Test
  void aSubscriberIsDisconnectedWhenMoreWait() {
    Publishing topic = Publishing.keeping(100);
    Cursor cursor = topic.cursor(DISCONNECT, 3);
    topic.publish(3);
    assertThat(cursor.isFull()).isFalse();
    assertThat(Told.by(cursor, 1)).containsExactly(message(1));
    topic.publish(1);
    assertThat(cursor.isFull()).isFalse();
    topic.publish(1);
    assertThat(cursor.isFull()).isTrue();
    assertThat(cursor.next()).isEqualTo(Cursor.Next.FULL);
    assertThat(cursor.next()).isEqualTo(Cursor.Next.FULL);
  }

  @Test
  void whatWasGoneBeforeItBeganDisconnectsNobody() {
    Publishing topic = Publishing.keeping(3);
    topic.publish(10);
    Cursor cursor = topic.cursor(Start.sequence(2), DISCONNECT, 3, "");
    assertThat(cursor.isFull()).isFalse();
    assertThat(Told.by(cursor, 2)).containsExactly(gap(7, 6, TAIL), message(8));
    topic.publish(2);
    assertThat(cursor.isFull()).isTrue(); // the next one, 9, is gone
    assertThat(cursor.next()).isEqualTo(Cursor.Next.FULL);
  }

  @Test
  void ofEachKeyTheNewestComesAndWhatHasNone() {
    Publishing topic = Publishing.keeping(100);
    Cursor cursor = topic.cursor(LATEST_PER_KEY, ALL);
    for (String key : new String[] {"a", "b", "a", null, "b", "c", "a"}) {
      topic.publish(key);
    }
    assertThat(Told.all(cursor)).containsExactly(message(4), message(5), message(6), message(7));
    assertThat(cursor.takeSuperseded()).isEqualTo(3);
  }

  @Test
  void ofTooManyKeysTheOldestAreLeftOut() {
    Publishing topic = Publishing.keeping(100);
    Cursor cursor = topic.cursor(LATEST_PER_KEY, 2);
    for (String key : new String[] {"a", "b", "a", "c", "d", "d"}) {
      topic.publish(key);
    }
    // Live: b 2, a 3, c 4, d 6.
    assertThat(Told.all(cursor)).containsExactly(gap(3, 2, QUEUE), message(4), message(6));
  }

  @Test
  void theLatestOfAKeyThatIsNotKeptIsAGap() {
    Publishing topic = Publishing.keeping(3);
    Cursor cursor = topic.cursor(LATEST_PER_KEY, ALL);
    for (String key : new String[] {"a", "b", "b", "b", "b", "b"}) {
      topic.publish(key);
    }
    assertThat(Told.all(cursor)).containsExactly(gap(3, 1, TAIL), message(6)); // "a"
  }

  @Test
  void theLatestOfAKeyMayBeItsLastValue() {
    Publishing topic =
        new Publishing(TopicOptions.defaults().keep(3, Long.MAX_VALUE).lastValues(10));
    Cursor cursor = topic.cursor(LATEST_PER_KEY, ALL);
    for (String key : new String[] {"a", "b", "b", "b", "b", "b"}) {
      topic.publish(key);
    }
    assertThat(Told.all(cursor)).containsExactly(message(1), message(6));
    topic.publish("a");
    topic.publish((String) null);
    topic.publish("x");
    topic.publish("y");
    topic.publish("y");
    topic.publish("y");
    topic.publish("y");
    // 8 has no key and is gone; 7 and 9 are last values; a gap is told at the last free number.
    assertThat(Told.all(cursor))
        .containsExactly(message(7), message(9), gap(10, 1, TAIL), message(13));
  }

  @Test
  void lastValuesComeFirstWithTheSequencesThatTheyHave() {
    Publishing topic =
        new Publishing(TopicOptions.defaults().keep(2, Long.MAX_VALUE).lastValues(2));
    for (String key : new String[] {"a", "b", "c", "b", null, "c", null}) {
      topic.publish(key);
    }
    // Two keys: b 4 and c 6. Kept: 6 and 7.
    assertThat(Told.all(topic.cursor(Start.latest(), DROP_OLDEST, ALL, "")))
        .containsExactly(message(4), message(6));
    assertThat(Told.all(topic.cursor(Start.earliest(), DROP_OLDEST, ALL, "")))
        .containsExactly(message(4), message(6), message(7));
    assertThat(Told.all(topic.cursor(Start.sequence(5), DROP_OLDEST, ALL, "")))
        .containsExactly(gap(5, 1, TAIL), message(6), message(7));
  }

  @Test
  void aLastValueThatChangesBeforeItIsSentComesInItsNewPlace() {
    Publishing topic =
        new Publishing(TopicOptions.defaults().keep(10, Long.MAX_VALUE).lastValues(5));
    topic.publish("a");
    topic.publish("b");
    Cursor cursor = topic.cursor(DROP_OLDEST, ALL);
    assertThat(Told.by(cursor, 1)).containsExactly(message(1));
    topic.publish("b");
    assertThat(Told.all(cursor)).containsExactly(message(3));
  }

  @Test
  void whatTheFilterLeavesOutTakesNoPlaceInTheQueue() {
    for (WhenFull whenFull : List.of(DROP_OLDEST, DROP_NEWEST)) {
      Publishing topic = Publishing.keeping(1000);
      Cursor cursor = topic.cursor(Start.latest(), whenFull, 2, "n == 'x'");
      for (int i = 1; i <= 500; i++) {
        topic.publish(null, Map.of("n", i % 250 == 0 ? "x" : "y"), 0);
      }
      assertThat(Told.all(cursor)).containsExactly(message(250), message(500));
      assertThat(cursor.takeLeftOut()).isEqualTo(498);
    }
  }

  @Test
  void aGapOfTheQueueCountsWhatPassesTheFilter() {
    Publishing topic = Publishing.keeping(1000);
    Cursor oldest = topic.cursor(Start.latest(), DROP_OLDEST, 2, "n == 'x'");
    Cursor newest = topic.cursor(Start.latest(), DROP_NEWEST, 2, "n == 'x'");
    for (int i = 1; i <= 50; i++) {
      topic.publish(null, Map.of("n", i % 10 == 0 ? "x" : "y"), 0);
    }
    assertThat(Told.all(oldest)).containsExactly(gap(30, 3, QUEUE), message(40), message(50));
    List<Told> told = Told.all(newest);
    assertThat(Told.messages(told)).containsExactly(10L, 20L);
    assertThat(Told.missed(told)).isGreaterThanOrEqualTo(3);
  }

  @Test
  void aSubscriberMayBeginWhereNumbersWereNotPublishedYetButNoFurther() {
    Publishing topic = Publishing.keeping(10);
    topic.publish(5);
    assertThat(topic.tail.startOf(Start.sequence(6), 0)).isEqualTo(6);
    assertThat(topic.tail.startOf(Start.sequence(7), 0)).isZero();
    assertThat(topic.tail.startOf(Start.earliest(), 0)).isEqualTo(1);
    topic.publish(10);
    assertThat(topic.tail.startOf(Start.earliest(), 0)).isEqualTo(6);
  }

  @Test
  void numbersGoOnWhenATopicIsServedAgain() {
    Publishing topic = Publishing.keeping(10);
    topic.publish(5);
    topic.tail.clear();
    Tail again = new Tail(TopicOptions.defaults(), topic.tail);
    assertThat(again.newest()).isEqualTo(5);
    assertThat(again.oldest()).isEqualTo(6);
    SubscribeRequest request = new SubscribeRequest(Start.sequence(3), ALL, DROP_OLDEST, null);
    assertThat(Told.all(Cursor.of(again, request, 3, false))).containsExactly(gap(5, 3, TAIL));
    long next = again.append(new TailEntry(null, null, io.liblink.wire.Content.EMPTY), 0);
    assertThat(next).isEqualTo(6);
    assertThat(Told.all(Cursor.of(again, request, 3, false)))
        .containsExactly(gap(5, 3, TAIL), message(6));
  }

  @Test
  void aTailGrowsAsItFills() {
    Publishing topic = Publishing.keeping(10_000);
    Cursor cursor = topic.cursor(DROP_OLDEST, ALL);
    topic.publish(5000);
    assertThat(Told.messages(Told.all(cursor)))
        .isEqualTo(LongStream.rangeClosed(1, 5000).boxed().toList());
    topic.publish(10_001);
    assertThat(Told.by(cursor, 2)).containsExactly(gap(5001, 1, TAIL), message(5002));
  }
}
