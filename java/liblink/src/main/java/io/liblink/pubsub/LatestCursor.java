package io.liblink.pubsub;

import io.liblink.delivery.Gap;

/**
 * Of each key the newest, and what has none; when too many wait all the same, the oldest are left out.
 * Moves under the lock of the {@link Tail}, which tells it what it can't have any more.
 *
 * <p>What is not kept as part of the tail may still be the last value of its key: it is given then.
 */
final class LatestCursor extends Cursor {
  /** How many that it did not get are gone, and that no newer one with the same key stands for. */
  private long lost;

  /** Up to where it was looked whether too many wait. */
  private long checked;

  private long superseded;

  /** Numbers left behind while some of them are to be told as lost. */
  private long skipped;

  LatestCursor(Tail tail, SubscribeRequest request, long start, boolean lastValues) {
    super(tail, request, start, lastValues);
    tail.add(this);
  }

  /** It will be told from now on of what is lost; that much is already. Under the lock of the tail. */
  void missing(long already) {
    lost = already; // what was superseded among them, nobody knows
  }

  /** Under the lock of the tail. */
  void lost(long sequence) {
    if (sequence >= position()) {
      lost++;
    }
  }

  @Override
  long takeSuperseded() {
    long n = superseded;
    superseded = 0;
    return n;
  }

  @Override
  void close() {
    tail.remove(this);
  }

  @Override
  Next step() {
    for (int looked = 0; looked < LOOK; looked++) {
      tail.lock().lock();
      try {
        Next found = move();
        if (found != Next.MESSAGE || filter == null) {
          return found;
        }
      } finally {
        tail.lock().unlock();
      }
      if (passes(entry())) { // not under the lock: filters may take long
        return Next.MESSAGE;
      }
      leaveOut();
    }
    return Next.LATER;
  }

  private Next move() {
    if (position() < tail.oldest()) {
      Next found = behind(tail.oldest());
      if (found != Next.NOTHING) {
        return found;
      }
    }
    long newest = tail.newest();
    if (tail.live() > queue && checked < newest) {
      checked = newest;
      long count = dropOldest(newest);
      if (count > 0) {
        return gap(position() - 1, count, Gap.Reason.QUEUE);
      }
    }
    for (long at = position(); at <= newest; at++) {
      TailEntry found = tail.get(at);
      if (found != null && !found.superseded) {
        position(at + 1);
        return message(found);
      }
      superseded++;
    }
    position(newest + 1);
    return Next.NOTHING;
  }

  /** Below what is kept: last values, and one gap at the highest number that is none. */
  private Next behind(long kept) {
    long at = position();
    TailEntry value = tail.lastValue(at, kept);
    if (lost > 0) {
      long free = kept - 1;
      while (free > at && tail.isLastValue(free)) {
        free--;
      }
      if (value == null || value.sequence >= free) {
        long count = lost;
        lost = 0;
        skip(free + 1 - at - count);
        position(free + 1);
        return gap(free, count, Gap.Reason.TAIL);
      }
    }
    if (value == null) {
      skip(kept - at);
      position(kept);
      return Next.NOTHING;
    }
    skip(value.sequence - at);
    position(value.sequence + 1);
    return message(value);
  }

  /** Some numbers are left behind: those that are not lost were superseded. */
  private void skip(long numbers) {
    skipped += numbers;
    if (lost == 0) {
      superseded += skipped;
      skipped = 0;
    }
  }

  /** Moves behind the oldest of those that are too many; returns how many those are. */
  private long dropOldest(long newest) {
    long from = position();
    int kept = 0;
    long at = newest;
    for (; at >= from && kept < queue; at--) {
      kept += isLive(at) ? 1 : 0;
    }
    long dropped = 0;
    for (long s = at; s >= from; s--) {
      dropped += isLive(s) ? 1 : 0;
    }
    if (dropped > 0) {
      superseded += at + 1 - from - dropped;
      position(at + 1);
    }
    return dropped;
  }

  private boolean isLive(long sequence) {
    TailEntry found = tail.get(sequence);
    return found != null && !found.superseded;
  }
}
