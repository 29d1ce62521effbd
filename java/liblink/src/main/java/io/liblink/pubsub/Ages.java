package io.liblink.pubsub;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * When messages were published that are not kept any more, so that who asks for an age learns about
 * how many it missed. Pairs of time and sequence, the thinner the older: a level takes {@value #SIZE}
 * and hands every second of those that it has no room for to the next, so that the error stays a small
 * part of the age. Guarded by the lock of the {@link Tail}.
 */
final class Ages {
  private static final int SIZE = 64;
  private static final int LEVELS = 24;

  /** Messages closer together are one. */
  private static final long RESOLUTION_NANOS = 1_000_000;

  private record Point(long nanos, long sequence) {}

  private final List<ArrayDeque<Point>> levels = new ArrayList<>();
  private boolean any;
  private long lastNanos;

  /** A message is not kept any more. In the order of their sequences. */
  void evicted(long sequence, long nanos) {
    if (any && nanos - lastNanos < RESOLUTION_NANOS) {
      return;
    }
    any = true;
    lastNanos = nanos;
    add(0, new Point(nanos, sequence));
  }

  private void add(int level, Point point) {
    if (level == levels.size()) {
      levels.add(new ArrayDeque<>());
    }
    ArrayDeque<Point> points = levels.get(level);
    points.add(point);
    if (points.size() > SIZE) {
      Point older = points.remove();
      points.remove();
      if (level + 1 < LEVELS) {
        add(level + 1, older);
      }
    }
  }

  /**
   * Where messages published since then begin, or a little before: behind the last one known to be
   * older; with the oldest one known when all are younger; {@code otherwise} when none is known.
   */
  long since(long nanos, long otherwise) {
    long oldest = otherwise;
    for (ArrayDeque<Point> points : levels) {
      Iterator<Point> newestFirst = points.descendingIterator();
      while (newestFirst.hasNext()) {
        Point p = newestFirst.next();
        if (p.nanos - nanos < 0) {
          return p.sequence + 1;
        }
        oldest = p.sequence;
      }
    }
    return oldest;
  }
}
