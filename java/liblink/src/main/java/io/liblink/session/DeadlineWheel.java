package io.liblink.session;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deadlines of streams: a hashed timing wheel (Varghese and Lauck, 1987, scheme 6) with intrusive
 * lists, so that setting and clearing one cost a few nanoseconds and nothing is allocated. A deadline
 * fires at most one tick late, never early.
 */
final class DeadlineWheel {
  static final long TICK_NANOS = 8_000_000;
  private static final int SLOTS = 256;

  private final @Nullable Stream[] heads = new Stream[SLOTS];
  private final long start;
  private long ticks;
  private int size;

  DeadlineWheel(long now) {
    this.start = now;
  }

  boolean isEmpty() {
    return size == 0;
  }

  void add(Stream stream, long deadlineNanos) {
    remove(stream);
    long tick = Math.max(ticks + 1, (deadlineNanos - start) / TICK_NANOS + 1);
    int slot = (int) (tick & (SLOTS - 1));
    stream.deadlineNanos = deadlineNanos;
    stream.slot = slot;
    Stream head = heads[slot];
    stream.next = head;
    if (head != null) {
      head.previous = stream;
    }
    heads[slot] = stream;
    size++;
  }

  void remove(Stream stream) {
    if (stream.slot < 0) {
      return;
    }
    Stream before = stream.previous;
    Stream after = stream.next;
    if (before == null) {
      heads[stream.slot] = after;
    } else {
      before.next = after;
    }
    if (after != null) {
      after.previous = before;
    }
    stream.previous = null;
    stream.next = null;
    stream.slot = -1;
    size--;
  }

  /** Takes out and tells every stream whose time is over. */
  void advance(long now) {
    long target = (now - start) / TICK_NANOS;
    // After a long pause one turn visits every slot: more would find nothing new.
    long from = Math.max(ticks + 1, target - SLOTS + 1);
    ticks = Math.max(ticks, target);
    for (long tick = from; tick <= target && size > 0; tick++) {
      expire((int) (tick & (SLOTS - 1)), now);
    }
  }

  private void expire(int slot, long now) {
    List<Stream> due = new ArrayList<>();
    for (Stream s = heads[slot]; s != null; s = s.next) {
      if (s.deadlineNanos - now <= 0) {
        due.add(s);
      }
    }
    due.forEach(this::remove);
    for (Stream s : due) {
      // One that fired before may have ended this one, or given it more time.
      if (s.isOpen() && s.slot < 0) {
        s.onDeadline(now);
      }
    }
  }
}
