package io.liblink.pubsub;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The last message of each key: of the keys that changed last, bounded by their number and their
 * bytes. Guarded by the lock of the {@link Tail}.
 */
final class LastValues {
  private final int mostKeys;
  private final long mostBytes;
  private final Map<String, TailEntry> byKey = new HashMap<>();
  private final TreeMap<Long, TailEntry> bySequence = new TreeMap<>();
  private long bytes;

  LastValues(int mostKeys, long mostBytes) {
    this.mostKeys = mostKeys;
    this.mostBytes = mostBytes;
  }

  /** Keeps it, and gives back the one that it replaces. */
  @Nullable
  TailEntry put(String key, TailEntry entry) {
    TailEntry before = byKey.put(key, entry);
    if (before != null) {
      bySequence.remove(before.sequence);
      bytes -= before.cost();
    }
    bySequence.put(entry.sequence, entry);
    bytes += entry.cost();
    return before;
  }

  /** Gives up the oldest if there are too many; null when there are not. The newest always stays. */
  @Nullable
  TailEntry trim() {
    if (byKey.size() <= 1 || (byKey.size() <= mostKeys && bytes <= mostBytes)) {
      return null;
    }
    TailEntry oldest = bySequence.pollFirstEntry().getValue();
    byKey.remove(oldest.key);
    bytes -= oldest.cost();
    return oldest;
  }

  void clear() {
    byKey.clear();
    bySequence.clear();
    bytes = 0;
  }

  boolean has(long sequence) {
    return bySequence.containsKey(sequence);
  }

  /** How many there are with a sequence in a range, the end excluded. */
  int countBetween(long from, long below) {
    return from >= below ? 0 : bySequence.subMap(from, below).size();
  }

  /** The first with at least that sequence; null for none. */
  @Nullable
  TailEntry from(long sequence) {
    Map.Entry<Long, TailEntry> found = bySequence.ceilingEntry(sequence);
    return found == null ? null : found.getValue();
  }
}
