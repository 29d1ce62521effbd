package io.liblink.pubsub;

import io.liblink.delivery.Gap;
import java.util.ArrayList;
import java.util.List;

/**
 * What a cursor told: a message (count 0) or a gap.
 *
 * @param last the sequence
 * @param count of a gap
 * @param reason of a gap; TAIL for messages
 */
record Told(long last, long count, Gap.Reason reason) {
  static Told message(long sequence) {
    return new Told(sequence, 0, Gap.Reason.TAIL);
  }

  static Told gap(long last, long count, Gap.Reason reason) {
    return new Told(last, count, reason);
  }

  boolean isMessage() {
    return count == 0;
  }

  /** At most so many things that a cursor tells now; fewer when nothing waits, or it is full. */
  static List<Told> by(Cursor cursor, int most) {
    List<Told> told = new ArrayList<>();
    for (int steps = 0; told.size() < most && steps < 100_000; steps++) {
      switch (cursor.next()) {
        case MESSAGE -> told.add(message(cursor.entry().sequence));
        case GAP -> told.add(gap(cursor.gapLast(), cursor.gapCount(), cursor.gapReason()));
        case NOTHING, FULL -> {
          return told;
        }
        case LATER -> {}
      }
    }
    return told;
  }

  static List<Told> all(Cursor cursor) {
    return by(cursor, Integer.MAX_VALUE);
  }

  static List<Long> messages(List<Told> told) {
    return told.stream().filter(Told::isMessage).map(Told::last).toList();
  }

  static long missed(List<Told> told) {
    return told.stream().mapToLong(Told::count).sum();
  }
}
