package io.liblink.registry.quarantine;

import io.liblink.message.Address;
import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the instances of one service that a registry lost, rather than lets them go.
 *
 * <p>An instance is <em>missing</em> when it was ready and is gone, or is called unready by the
 * registry for its silence only. Those who said first that they are not ready left in good order and
 * are never missing. Missing instances are kept, ready as they were, for a stated time
 *
 * <ul>
 *   <li>when at least {@value #LEAST} went missing within {@link #WINDOW_NANOS} and they are more
 *       than those that are still ready: services do not die like that, registries do;
 *   <li>or when they are silent and nobody else is ready: to give up the last for silence alone helps
 *       nobody;
 *   <li>or when the registry itself is in doubt: it was away, lost its state, or hung.
 * </ul>
 *
 * <p>A kept instance goes when it is back, when it speaks for itself, when another took its address,
 * when somebody found out that it refuses ({@link #forget}), and when the time is over. To keep one
 * that is dead costs little: its refused connection is evidence that callers use at once.
 *
 * <p>Not thread-safe: one thread uses it. Holds no more than was ready in one view.
 */
public final class Quarantine {
  /** So many at least go missing before it is taken for the registry's fault. */
  public static final int LEAST = 3;

  /** What goes missing within this time went at once. */
  public static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final long keepNanos;
  private final long keepGoneNanos;

  /** What was shown last and was ready. */
  private final Map<NodeId, Instance> shown = new LinkedHashMap<>();

  private final Map<NodeId, Missing> missing = new LinkedHashMap<>();

  private static final class Missing {
    private final Instance instance;
    private final long since;
    private boolean kept;

    /** While {@link #kept}: how long. */
    private long nanos;

    private Missing(Instance instance, long since) {
      this.instance = instance;
      this.since = since;
    }
  }

  /**
   * Keeps nothing yet.
   *
   * @param keep how long a missing instance is kept: longer than live nodes need to come back
   */
  public Quarantine(Duration keep) {
    this(keep, keep);
  }

  /**
   * Keeps nothing yet.
   *
   * @param keep how long a missing instance is kept
   * @param keepGone the same for one that is gone altogether while there was no doubt: who lives is
   *     back soon, and many may have left in good order faster than the registry was looked at
   */
  public Quarantine(Duration keep, Duration keepGone) {
    this.keepNanos = keep.toNanos();
    this.keepGoneNanos = keepGone.toNanos();
  }

  /**
   * Judges what the registry says now. To be called with every answer, and again when {@link
   * #untilChange} is over.
   *
   * @param found all that the registry has, ready or not
   * @param silent those of {@code found} that are called unready for their silence and not by their
   *     own word or an operator's
   * @param doubt whether the registry was in trouble a short while ago
   * @param now nanoseconds of a clock that never jumps
   * @return what a view is to show: {@code found} in its order, then what is kept
   */
  public List<Instance> judge(
      Collection<Instance> found, Set<NodeId> silent, boolean doubt, long now) {
    Set<NodeId> present = new HashSet<>();
    Set<Address> taken = new HashSet<>();
    int ready = 0;
    for (Instance i : found) {
      if (!silent.contains(i.id())) {
        present.add(i.id());
        taken.add(i.addresses().get(0));
        ready += i.ready() ? 1 : 0;
      }
    }
    shown.forEach((id, instance) -> {
      if (!present.contains(id)) {
        missing.putIfAbsent(id, new Missing(instance, now));
      }
    });
    missing.keySet().removeAll(present);
    missing.values().removeIf(m -> taken.contains(m.instance.addresses().get(0)) || over(m, now));
    boolean most = missing.size() >= LEAST && missing.size() > ready;
    for (Missing m : missing.values()) {
      boolean isSilent = silent.contains(m.instance.id());
      if (doubt || most || (isSilent && ready == 0)) {
        m.kept = true;
        m.nanos = Math.max(m.nanos, doubt || isSilent ? keepNanos : keepGoneNanos);
      }
    }
    return show(found);
  }

  private boolean over(Missing m, long now) {
    return now - m.since >= (m.kept ? m.nanos : WINDOW_NANOS);
  }

  private List<Instance> show(Collection<Instance> found) {
    List<Instance> all = new ArrayList<>(found.size() + missing.size());
    Set<NodeId> replaced = new HashSet<>();
    for (Instance i : found) {
      Missing m = missing.get(i.id());
      all.add(m != null && m.kept ? m.instance : i);
      replaced.add(i.id());
    }
    for (Missing m : missing.values()) {
      if (m.kept && !replaced.contains(m.instance.id())) {
        all.add(m.instance);
      }
    }
    shown.clear();
    for (Instance i : all) {
      if (i.ready()) {
        shown.put(i.id(), i);
      }
    }
    return all;
  }

  /** It refused, or is known to be gone: kept no longer, from the next {@link #judge} on. */
  public void forget(NodeId id) {
    missing.remove(id);
    shown.remove(id);
  }

  /** The instances that are kept now. */
  public List<Instance> kept() {
    return missing.values().stream().filter(m -> m.kept).map(m -> m.instance).toList();
  }

  /** Nanoseconds until one that is kept has to go; {@link Long#MAX_VALUE} when none is kept. */
  public long untilChange(long now) {
    long next = Long.MAX_VALUE;
    for (Missing m : missing.values()) {
      if (m.kept) {
        next = Math.min(next, Math.max(0, m.since + m.nanos - now));
      }
    }
    return next;
  }

  /** Why views show instances that the registry does not; empty when they don't. */
  public String problem() {
    int kept = kept().size();
    return kept == 0
        ? ""
        : kept
            + (kept == 1 ? " instance" : " instances")
            + " vanished while the registry was in trouble, or most did at once: kept until back, or"
            + " for "
            + TimeUnit.NANOSECONDS.toSeconds(longest())
            + " s";
  }

  private long longest() {
    return missing.values().stream()
        .filter(m -> m.kept)
        .mapToLong(m -> m.nanos)
        .max()
        .orElse(0);
  }
}
