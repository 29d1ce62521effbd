package io.liblink.session;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a session carries. Targets are counted only of streams that were not refused, so that a
 * peer can't fill the table with names of its own. Belongs to the session's thread, as the session does.
 */
final class Traffic {
  /** Targets that are counted one by one; a link between two nodes hardly has more. */
  static final int MOST_TARGETS = 64;

  private static final class Count {
    private long opened;
    private long taken;
  }

  private final Map<String, Count> targets = new LinkedHashMap<>();
  /** Most requests are for the target of the one before, and then it is the same object. */
  private @Nullable String lastTarget;

  private @Nullable Count last;
  private long opened;
  private long taken;
  long sent;
  long received;

  /** This side opens a stream. */
  void opened(String target) {
    opened++;
    Count count = of(target);
    if (count != null) {
      count.opened++;
    }
  }

  /** The peer has opened one. */
  void taken(String target, Stream stream) {
    if (stream instanceof RefusedStream) {
      return;
    }
    taken++;
    Count count = of(target);
    if (count != null) {
      count.taken++;
    }
  }

  private @Nullable Count of(String target) {
    if (target == lastTarget) {
      return last;
    }
    Count known = targets.get(target);
    if (known == null && targets.size() < MOST_TARGETS) {
      known = new Count();
      targets.put(target, known);
    }
    lastTarget = target;
    last = known;
    return known;
  }

  Carried carried() {
    List<Carried.Target> list = new ArrayList<>(targets.size());
    targets.forEach((t, c) -> list.add(new Carried.Target(t, c.opened, c.taken)));
    return new Carried(opened, taken, sent, received, list);
  }
}
