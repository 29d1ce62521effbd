package io.liblink.pubsub;

import io.liblink.delivery.Gap;

/**
 * Message by message; when the queue is full, the oldest are left out, or that is the end.
 *
 * <p>With a filter, only the messages that pass it count as waiting: they are counted ahead, up to
 * {@link #counted}, each once.
 */
final class OrderedCursor extends Cursor {
  private final boolean disconnect;

  /** What was not kept any more at the start is told as a gap, and is no reason to disconnect. */
  private final long keptAtStart;

  /** Whether waiting messages need to be counted one by one. */
  private final boolean counts;

  /** The next sequence to be counted. */
  private long counted;

  /** Of those from the position to {@link #counted}, how many pass the filter. */
  private int passing;

  OrderedCursor(
      Tail tail, SubscribeRequest request, long start, boolean lastValues, boolean disconnect) {
    super(tail, request, start, lastValues);
    this.disconnect = disconnect;
    this.keptAtStart = tail.oldest();
    this.counts = filter != null && queue < tail.most();
    this.counted = start;
  }

  @Override
  Next step() {
    for (int looked = 0; looked < LOOK; looked++) {
      long at = position();
      long newest = tail.newest();
      if (at > newest) {
        return Next.NOTHING;
      }
      long kept = tail.oldest(); // behind the newest: then it is never too low for that
      if (kept > at) {
        return evicted(at, kept, newest);
      }
      if (!counts && newest - queue + 1 > at) {
        return overflow(newest - queue + 1, newest - queue + 1 - at);
      }
      if (counts && count(newest) > queue) {
        int many = passing - queue;
        passing = queue;
        return overflow(behind(at, many), many);
      }
      TailEntry found = tail.get(at);
      if (found != null) {
        position(at + 1);
        if (passes(found)) {
          passing--;
          return message(found);
        }
        leaveOut();
      }
    }
    return Next.LATER;
  }

  private Next evicted(long at, long kept, long newest) {
    long queued = counts ? kept : Math.max(kept, newest - queue + 1);
    if (disconnect && at >= keptAtStart) {
      return Next.FULL;
    }
    long to = disconnect ? keptAtStart : queued;
    counted = to; // nobody knows how many of those that are gone passed the filter
    passing = 0;
    position(to);
    return gap(to - 1, to - at, queued > kept ? Gap.Reason.QUEUE : Gap.Reason.TAIL);
  }

  private Next overflow(long to, long count) {
    if (disconnect) {
      return Next.FULL;
    }
    position(to);
    return gap(to - 1, count, Gap.Reason.QUEUE);
  }

  /** Counts ahead: a part of it, if there is much; the rest in time. */
  private int count(long newest) {
    long end = Math.min(newest, counted + LOOK - 1);
    while (counted <= end) {
      TailEntry ahead = tail.get(counted++);
      if (ahead != null && passes(ahead)) {
        passing++;
      }
    }
    return passing;
  }

  /** The sequence behind so many that pass. */
  private long behind(long at, int many) {
    long sequence = at;
    int left = many;
    while (left > 0 && sequence < counted) {
      TailEntry found = tail.get(sequence++);
      if (found != null && passes(found)) {
        left--;
      }
    }
    return sequence;
  }

  @Override
  boolean isFull() {
    if (!disconnect) {
      return false;
    }
    long newest = tail.newest();
    long from = Math.max(position(), keptAtStart);
    return tail.oldest() > from || (!counts && newest - from + 1 > queue);
  }
}
