package io.liblink.pubsub;

import io.liblink.delivery.Gap;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Message by message; what comes while the queue is full is left out. What was taken into the queue
 * is known as ranges of sequences. Messages are taken or left out when the cursor is moved, before it
 * is: in between nothing leaves the queue, so that comes to the same.
 */
final class FirstCursor extends Cursor {
  /** More ranges than that are not kept: what comes then is left out, too. */
  static final int RANGES = 1024;

  /** Messages that were taken, one behind the other. */
  private static final class Range {
    long from;
    long to;

    /** How many of them pass the filter. */
    int passing;

    Range(long from, long to, int passing) {
      this.from = from;
      this.to = to;
      this.passing = passing;
    }
  }

  private final ArrayDeque<Range> taken = new ArrayDeque<>();

  /** The next sequence to be taken or left out. */
  private long decided;

  /** With a filter: whether the last one that passes was left out, and what does not pass with it. */
  private boolean rejecting;

  /** How many wait: those taken that pass the filter. */
  private int waiting;

  FirstCursor(Tail tail, SubscribeRequest request, long start, boolean lastValues) {
    super(tail, request, start, lastValues);
    this.decided = start;
  }

  @Override
  Next step() {
    long newest = tail.newest();
    decide(newest);
    for (int looked = 0; looked < LOOK; looked++) {
      long at = position();
      if (at >= decided) {
        return at > newest ? Next.NOTHING : Next.LATER;
      }
      long kept = tail.oldest();
      if (kept > at) {
        return evicted(at, kept);
      }
      Range first = taken.peek();
      if (first == null || first.from > at) {
        return rejected(at, first);
      }
      TailEntry found = tail.get(at);
      if (found != null) {
        shift(first, at);
        if (passes(found)) {
          first.passing--;
          waiting--;
          return message(found);
        }
        leaveOut();
      }
    }
    return Next.LATER;
  }

  private void shift(Range first, long at) {
    position(at + 1);
    first.from = at + 1;
    if (first.from > first.to) {
      taken.remove();
    }
  }

  /** Takes what came, as far as there is room; with a filter, a part of it at a time. */
  private void decide(long newest) {
    if (filter == null) {
      long came = newest - decided + 1;
      int take = (int) Math.min(came, queue - waiting);
      if (take > 0) {
        take(decided, decided + take - 1, take);
      }
      decided = Math.max(decided, newest + 1);
      return;
    }
    long end = Math.min(newest, decided + LOOK - 1);
    for (; decided <= end; decided++) {
      TailEntry came = tail.get(decided);
      if (came != null && passes(came)) {
        rejecting = waiting >= queue || !take(decided, decided, 1);
      } else if (!rejecting) {
        take(decided, decided, 0);
      }
    }
  }

  /** False when there are too many ranges. */
  private boolean take(long from, long to, int passing) {
    Range last = taken.peekLast();
    if (last != null && last.to == from - 1) {
      last.to = to;
      last.passing += passing;
    } else if (taken.size() < RANGES) {
      taken.add(new Range(from, to, passing));
    } else {
      return false;
    }
    waiting += passing;
    return true;
  }

  private Next rejected(long at, @Nullable Range next) {
    long to = next == null ? decided : next.from;
    position(to);
    return gap(to - 1, to - at, Gap.Reason.QUEUE);
  }

  /** What was taken and what was not is gone alike. */
  private Next evicted(long at, long kept) {
    decided = Math.max(decided, kept);
    for (Range r = taken.peek(); r != null && r.from < kept; r = taken.peek()) {
      waiting -= r.passing;
      if (r.to < kept) {
        taken.remove();
        continue;
      }
      r.from = kept;
      r.passing = passing(kept, r.to);
      waiting += r.passing;
    }
    position(kept);
    return gap(kept - 1, kept - at, Gap.Reason.TAIL);
  }

  private int passing(long from, long to) {
    if (filter == null) {
      return (int) (to - from + 1);
    }
    int count = 0;
    for (long s = from; s <= to; s++) {
      TailEntry found = tail.get(s);
      count += found != null && passes(found) ? 1 : 0;
    }
    return count;
  }
}
