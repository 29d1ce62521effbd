package io.liblink.pipeline;

import io.liblink.delivery.ItemId;
import io.liblink.delivery.QueueOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which items a queue was done with lately, and which it has: so that the same item is not worked on
 * again. Bounded by {@link QueueOptions#deduplicateItems} and by what producers may have sent.
 * Guarded by the queue's lock.
 */
final class Memory {
  /** What is to be done with an item that came. */
  enum Verdict {
    /** To be worked on. */
    NEW,
    /** It is done with already. */
    DONE,
    /** Somebody is at it: it is settled when that is. */
    FOLLOWS
  }

  private final int most;
  private final long windowNanos;

  /** When they were settled, the oldest first. */
  private final LinkedHashMap<ItemId, Long> done = new LinkedHashMap<>();

  private final Map<ItemId, Received> going = new HashMap<>();

  Memory(QueueOptions options) {
    this.most = options.deduplicateItems();
    this.windowNanos = options.deduplicateWindow().toNanos();
  }

  Verdict came(Received item, long now) {
    ItemId id = item.id();
    Long at = done.get(id);
    if (at != null && now - at < windowNanos) {
      return Verdict.DONE;
    }
    Received before = going.putIfAbsent(id, item);
    if (before == null) {
      return Verdict.NEW;
    }
    before.followers.add(item);
    return Verdict.FOLLOWS;
  }

  /**
   * The worker has answered.
   *
   * @return those that are to be answered alike
   */
  List<Received> answered(Received item, boolean good, long now) {
    ItemId id = item.id();
    if (!going.remove(id, item)) {
      return List.of();
    }
    if (good) {
      done.remove(id);
      done.put(id, now);
      Iterator<Map.Entry<ItemId, Long>> oldest = done.entrySet().iterator();
      while (oldest.hasNext()) {
        if (now - oldest.next().getValue() < windowNanos && done.size() <= most) {
          break;
        }
        oldest.remove();
      }
    }
    return item.followers;
  }

  /**
   * The item was given up before a worker began with it.
   *
   * @return one of the same that takes its place, if there is one
   */
  @Nullable
  Received gaveUp(Received item) {
    ItemId id = item.id();
    if (!going.remove(id, item)) {
      return null;
    }
    List<Received> alive = new ArrayList<>();
    for (Received follower : item.followers) {
      if (!follower.cancelled()) {
        alive.add(follower);
      }
    }
    if (alive.isEmpty()) {
      return null;
    }
    Received next = alive.remove(0);
    next.followers.addAll(alive);
    going.put(id, next);
    return next;
  }

  int size() {
    return done.size() + going.size();
  }
}
