package io.liblink.routing;

import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.registry.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The instances of a service that one handle may call: ready, on target, selected. An immutable
 * snapshot of one view; made when the view changes, used for every call until then. Thread-safe.
 *
 * <p>{@link #pick} takes the cheaper of two drawn at random (power of two choices over peak EWMA
 * latency x requests in flight): nearly as good as the best of all, without every caller running to
 * the same one.
 */
public final class Candidates {
  /** How many pairs are drawn before all are looked at. */
  private static final int DRAWS = 4;

  /** Up to here looking at all costs less than drawing again. */
  private static final int FEW = 16;

  private final String service;
  private final View view;
  private final @Nullable Selector selector;
  private final @Nullable Target target;
  private final InstanceStates states;
  private final Candidate[] all;
  private final List<Instance> selected;

  private Candidates(
      String service,
      View view,
      @Nullable Selector selector,
      @Nullable Target target,
      InstanceStates states) {
    this.service = service;
    this.view = view;
    this.selector = selector;
    this.target = target;
    this.states = states;
    List<Candidate> chosen = new ArrayList<>();
    List<Instance> matching = new ArrayList<>();
    for (Instance instance : view.instances()) {
      if ((target == null || target.accepts(instance))
          && (selector == null || selector.test(instance))) {
        matching.add(instance);
        if (instance.ready()) {
          chosen.add(new Candidate(instance, states.of(instance.id())));
        }
      }
    }
    this.selected = List.copyOf(matching);
    this.all = chosen.toArray(new Candidate[0]);
  }

  /**
   * Chooses from a view.
   *
   * @param service the service of the view, for messages
   * @param selector null selects all
   * @param to a node's name, or an instance id or its first digits; null for any, see {@link Target}
   * @param states the states of that service, which must have seen this view
   */
  public static Candidates of(
      String service,
      View view,
      @Nullable Selector selector,
      @Nullable String to,
      InstanceStates states) {
    return new Candidates(
        service, view, selector, to == null ? null : Target.of(to, view.instances()), states);
  }

  /** How many there are, ejected ones included. */
  public int size() {
    return all.length;
  }

  /** What is on target and selected, ready or not. */
  public List<Instance> selected() {
    return selected;
  }

  /** All of them, ejected ones included: whom a survey asks. */
  public List<Candidate> all() {
    return List.of(all);
  }

  /**
   * Chooses one. Allocates nothing. The caller follows with {@link InstanceState#begin} at once, so
   * that the next pick sees the request.
   *
   * <p>In this order, always two at random and the cheaper of them: those neither ejected nor tried;
   * those ejected but not tried, when all others were (panic: when all are ejected, all are used);
   * any, when all were tried. An ejected one whose probe is due is taken when drawn.
   *
   * @param tried instances that earlier attempts of this call went to; usually {@code Set.of()}
   * @return null only when there are none at all; {@link #explain} then says why
   */
  public @Nullable Candidate pick(Set<NodeId> tried, long nowNanos, RandomGenerator random) {
    int n = all.length;
    if (n <= 1) {
      return n == 0 ? null : all[0];
    }
    for (int draw = 0; draw < DRAWS; draw++) {
      int i = random.nextInt(n);
      int j = random.nextInt(n - 1);
      Candidate a = all[i];
      Candidate b = all[j >= i ? j + 1 : j];
      boolean bothNew = tried.isEmpty() || (isNew(a, tried) && isNew(b, tried));
      if (bothNew && !a.state().ejected() && !b.state().ejected()) {
        return cheaper(a, b, nowNanos);
      }
      if (isDue(a, tried, nowNanos)) {
        return a;
      }
      if (isDue(b, tried, nowNanos)) {
        return b;
      }
      if (n <= FEW) {
        break;
      }
    }
    return pickFromAll(tried, nowNanos, random);
  }

  /** Looks at all: two kept by reservoir sampling per class, so that the choice stays uniform. */
  private Candidate pickFromAll(Set<NodeId> tried, long nowNanos, RandomGenerator random) {
    Candidate first = null;
    Candidate second = null;
    int best = Integer.MAX_VALUE;
    int seen = 0;
    for (Candidate candidate : all) {
      int rank = isNew(candidate, tried) ? 0 : 2;
      rank += candidate.state().ejected() ? 1 : 0;
      if (rank > best) {
        continue;
      }
      if (rank < best) {
        best = rank;
        first = candidate;
        second = null;
        seen = 1;
        continue;
      }
      seen++;
      if (second == null) {
        second = candidate;
      } else {
        int slot = random.nextInt(seen);
        if (slot == 0) {
          first = candidate;
        } else if (slot == 1) {
          second = candidate;
        }
      }
    }
    if (first == null) {
      throw new IllegalStateException("no candidates"); // pick() has at least two
    }
    if (second == null) {
      return first;
    }
    // In random order, since the first wins when both cost the same.
    return random.nextBoolean()
        ? cheaper(first, second, nowNanos)
        : cheaper(second, first, nowNanos);
  }

  private static boolean isNew(Candidate candidate, Set<NodeId> tried) {
    return !tried.contains(candidate.instance().id());
  }

  private static boolean isDue(Candidate candidate, Set<NodeId> tried, long nowNanos) {
    return candidate.state().ejected()
        && isNew(candidate, tried)
        && candidate.state().claimProbe(nowNanos);
  }

  private static Candidate cheaper(Candidate a, Candidate b, long nowNanos) {
    return b.state().cost(nowNanos) < a.state().cost(nowNanos) ? b : a;
  }

  /** What became of every instance on the way here, in words. For errors and for {@code explain}. */
  public Explanation explain(long nowNanos) {
    return Explanation.of(service, view, selector, target, states, nowNanos);
  }
}
