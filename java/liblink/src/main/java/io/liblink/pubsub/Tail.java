package io.liblink.pubsub;

import io.liblink.delivery.Start;
import io.liblink.delivery.TopicOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The newest messages of a topic, numbered, bounded by count and by bytes. Appending takes a short
 * lock; reading takes none: a ring in which each message says its number, so that a reader who comes
 * too late sees that it does. Subscribers are {@linkplain Cursor cursors} into it: one that is slow
 * costs no memory.
 */
final class Tail {
  private static final int FIRST_SLOTS = 64;

  private final TopicOptions options;
  private final ReentrantLock lock = new ReentrantLock();

  /** Replaced by a larger one, under the lock, before the message that needs it is published. */
  private volatile AtomicReferenceArray<@Nullable TailEntry> slots;

  private volatile long newest;
  private volatile long oldest;

  // Guarded by lock.
  private long bytes;
  private int live;
  private final Map<String, TailEntry> newestOfKey = new HashMap<>();
  private final @Nullable LastValues lastValues;
  private final Ages ages;
  private final List<LatestCursor> latest = new ArrayList<>();

  /**
   * An empty one.
   *
   * @param before what was published under this name before, {@linkplain #clear cleared}: its numbers go
   *     on; null for nothing
   */
  Tail(TopicOptions options, @Nullable Tail before) {
    this.options = options;
    this.slots = new AtomicReferenceArray<>(FIRST_SLOTS);
    this.newest = before == null ? 0 : before.newest;
    this.oldest = newest + 1;
    this.ages = before == null ? new Ages() : before.ages;
    this.lastValues =
        options.lastValues() > 0 ? new LastValues(options.lastValues(), options.bytes()) : null;
  }

  // ---- publishing ---------------------------------------------------------------------------

  /** Numbers a message and keeps it. Any thread. */
  long append(TailEntry entry, long now) {
    lock.lock();
    try {
      long sequence = newest + 1;
      entry.numbered(sequence, now);
      String key = entry.key;
      if (key != null) {
        supersede(newestOfKey.put(key, entry));
      }
      while (oldest < sequence && isFull(entry)) {
        evictOldest();
      }
      place(entry);
      live++;
      bytes += entry.cost();
      if (key != null && lastValues != null) {
        keepLast(lastValues, key, entry);
      }
      newest = sequence;
      return sequence;
    } finally {
      lock.unlock();
    }
  }

  /** Gives up all messages, and remembers which they were. Nothing is appended any more. */
  void clear() {
    lock.lock();
    try {
      while (oldest <= newest) {
        evictOldest();
      }
      slots = new AtomicReferenceArray<>(FIRST_SLOTS);
      if (lastValues != null) {
        lastValues.clear();
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isFull(TailEntry next) {
    return newest - oldest + 1 >= options.messages() || bytes + next.cost() > options.bytes();
  }

  private void place(TailEntry entry) {
    AtomicReferenceArray<@Nullable TailEntry> ring = slots;
    if (entry.sequence - oldest >= ring.length()) {
      AtomicReferenceArray<@Nullable TailEntry> larger =
          new AtomicReferenceArray<>(2 * ring.length());
      for (long s = oldest; s < entry.sequence; s++) {
        larger.set(index(s, larger), ring.get(index(s, ring)));
      }
      slots = ring = larger;
    }
    ring.setRelease(index(entry.sequence, ring), entry);
  }

  private void evictOldest() {
    long sequence = oldest;
    AtomicReferenceArray<@Nullable TailEntry> ring = slots;
    TailEntry entry = ring.get(index(sequence, ring));
    oldest = sequence + 1; // first, so that who finds the slot empty finds this, too
    ring.setRelease(index(sequence, ring), null);
    if (entry == null) {
      return;
    }
    bytes -= entry.cost();
    ages.evicted(sequence, entry.nanos);
    if (!entry.superseded) {
      live--;
      if (entry.key != null) {
        newestOfKey.remove(entry.key, entry);
      }
      if (lastValues == null || !lastValues.has(sequence)) {
        lost(sequence);
      }
    }
  }

  private void supersede(@Nullable TailEntry entry) {
    if (entry != null) {
      entry.superseded = true;
      live--;
    }
  }

  private void keepLast(LastValues values, String key, TailEntry entry) {
    values.put(key, entry);
    for (TailEntry out = values.trim(); out != null; out = values.trim()) {
      if (out.sequence < oldest) {
        lost(out.sequence);
      }
    }
  }

  /** Nobody can have that message any more, and no newer one stands for it. */
  private void lost(long sequence) {
    for (LatestCursor c : latest) {
      c.lost(sequence);
    }
  }

  private static int index(long sequence, AtomicReferenceArray<?> ring) {
    return (int) sequence & (ring.length() - 1);
  }

  // ---- reading, any thread ------------------------------------------------------------------

  /** The number of the newest message; that of the last before when there is none. */
  long newest() {
    return newest;
  }

  /** The number of the oldest message that is kept; one above the newest when there is none. */
  long oldest() {
    return oldest;
  }

  /** How many it keeps at most. */
  int most() {
    return options.messages();
  }

  /**
   * A message.
   *
   * @param sequence at most {@link #newest}
   * @return null when it is not kept any more: {@link #oldest} is above it then
   */
  @Nullable
  TailEntry get(long sequence) {
    AtomicReferenceArray<@Nullable TailEntry> ring = slots;
    TailEntry entry = ring.getAcquire(index(sequence, ring));
    return entry != null && entry.sequence == sequence ? entry : null;
  }

  /**
   * Looks at messages that are sent next, so that the processor fetches them side by side: they were
   * written on another one, and a miss for each, one after the other, is what sending them costs most.
   *
   * @return nothing of use, so that the looking is not left out
   */
  int lookAhead(long from, int count) {
    AtomicReferenceArray<@Nullable TailEntry> ring = slots;
    long end = Math.min(newest, from + count - 1);
    int seen = 0;
    for (long sequence = from; sequence <= end; sequence++) {
      TailEntry entry = ring.getPlain(index(sequence, ring));
      if (entry != null) {
        seen ^= entry.frameSize();
      }
    }
    return seen;
  }

  /**
   * The first sequence of a subscription that starts so now.
   *
   * @return 0 when that is a number above the next one
   */
  long startOf(Start start, long now) {
    lock.lock();
    try {
      if (start.isSequence()) {
        return start.number() > newest + 1 ? 0 : start.number();
      }
      if (start.isAge()) {
        long since =
            publishedSince(now - Math.min(start.number(), Long.MAX_VALUE / 4_000_000) * 1_000_000);
        return start.isEarliest() ? Math.min(oldest, since) : since;
      }
      return start.isEarliest() ? oldest : newest + 1;
    } finally {
      lock.unlock();
    }
  }

  private long publishedSince(long nanos) {
    if (oldest > newest || sinceStartOf(oldest) - nanos >= 0) {
      return Math.min(oldest, ages.since(nanos, oldest));
    }
    long before = oldest; // published before that time
    long since = newest + 1; // published since, or not yet
    while (since - before > 1) {
      long middle = (before + since) >>> 1;
      if (sinceStartOf(middle) - nanos >= 0) {
        since = middle;
      } else {
        before = middle;
      }
    }
    return since;
  }

  private long sinceStartOf(long sequence) {
    TailEntry entry = get(sequence);
    if (entry == null) {
      throw new IllegalStateException("message " + sequence + " should be kept");
    }
    return entry.nanos;
  }

  // ---- last values and the latest of each key -----------------------------------------------

  /**
   * The last value of a key with the lowest sequence in a range; null for none.
   *
   * @param from inclusive
   * @param below exclusive
   */
  @Nullable
  TailEntry lastValue(long from, long below) {
    if (lastValues == null) {
      return null;
    }
    lock.lock();
    try {
      TailEntry found = lastValues.from(from);
      return found == null || found.sequence >= below ? null : found;
    } finally {
      lock.unlock();
    }
  }

  /** Whether last values are kept. */
  boolean keepsLastValues() {
    return lastValues != null;
  }

  void add(LatestCursor cursor) {
    lock.lock();
    try {
      latest.add(cursor);
      long missing = Math.max(0, oldest - cursor.start);
      if (lastValues != null) {
        missing -= lastValues.countBetween(cursor.start, oldest);
      }
      cursor.missing(missing);
    } finally {
      lock.unlock();
    }
  }

  void remove(LatestCursor cursor) {
    lock.lock();
    try {
      latest.remove(cursor);
    } finally {
      lock.unlock();
    }
  }

  /** For {@link LatestCursor}, which moves under it. */
  ReentrantLock lock() {
    return lock;
  }

  /** Messages kept that no newer one with their key supersedes. Under the lock. */
  int live() {
    return live;
  }

  /** Whether that message is the last value of a key. Under the lock. */
  boolean isLastValue(long sequence) {
    return lastValues != null && lastValues.has(sequence);
  }
}
