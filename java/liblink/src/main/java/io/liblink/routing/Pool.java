package io.liblink.routing;

import io.liblink.message.NodeId;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Instances among which only load decides. {@link #pick} takes the cheaper of two drawn at random
 * (power of two choices over peak EWMA latency x requests in flight; Mitzenmacher, 2001): nearly as good
 * as the best of all, without every caller running to the same one. They are drawn by weight, and one that
 * has just started is drawn less. Immutable, never empty; thread-safe.
 */
final class Pool {
  /** How many pairs are drawn before all are looked at. */
  private static final int DRAWS = 4;

  /** Up to here looking at all costs less than drawing again. */
  private static final int FEW = 16;

  /** How often one is drawn again that is the same as before, or that is not wanted yet. */
  private static final int REDRAWS = 3;

  private final Candidate[] all;
  private final long slowStartNanos;

  /** Sums of the weights up to each; null when all weigh the same. */
  private final int @Nullable [] sums;

  private final double meanWeight;

  Pool(List<Candidate> candidates, long slowStartNanos) {
    this.all = candidates.toArray(new Candidate[0]);
    this.slowStartNanos = slowStartNanos;
    this.sums = sums(all);
    this.meanWeight =
        candidates.stream().mapToInt(c -> c.instance().weight()).average().orElse(1);
  }

  private static int @Nullable [] sums(Candidate[] all) {
    int[] sums = new int[all.length];
    boolean same = true;
    long sum = 0;
    for (int i = 0; i < all.length; i++) {
      sum += all[i].instance().weight();
      sums[i] = (int) Math.min(sum, Integer.MAX_VALUE - 1);
      same &= all[i].instance().weight() == all[0].instance().weight();
    }
    return same ? null : sums;
  }

  boolean has(NodeId id) {
    for (Candidate c : all) {
      if (c.instance().id().equals(id)) {
        return true;
      }
    }
    return false;
  }

  /** Which of them are not ejected, from 0 to 1. */
  double healthy() {
    int healthy = 0;
    for (Candidate c : all) {
      healthy += c.state().ejected() ? 0 : 1;
    }
    return healthy / (double) all.length;
  }

  /** Whether one of them is neither ejected nor in that set. */
  boolean hasFresh(Set<NodeId> tried) {
    for (Candidate c : all) {
      if (!c.state().ejected() && isNew(c, tried)) {
        return true;
      }
    }
    return false;
  }

  /** Whether every one of them is in that set. */
  boolean allIn(Set<NodeId> tried) {
    if (tried.size() < all.length) {
      return false;
    }
    for (Candidate c : all) {
      if (!tried.contains(c.instance().id())) {
        return false;
      }
    }
    return true;
  }

  /**
   * Chooses one; allocates nothing. In this order, always two at random and the cheaper of them: those
   * neither ejected nor tried; those ejected but not tried, when all others were (panic: when all are
   * ejected, all are used); any, when all were tried. An ejected one whose probe is due is taken when drawn.
   */
  Candidate pick(Set<NodeId> tried, long now, RandomGenerator random) {
    int n = all.length;
    if (n == 1) {
      return all[0];
    }
    for (int draw = 0; draw < DRAWS; draw++) {
      int i = draw(-1, now, random);
      Candidate a = all[i];
      Candidate b = all[draw(i, now, random)];
      boolean bothNew = tried.isEmpty() || (isNew(a, tried) && isNew(b, tried));
      if (bothNew && !a.state().ejected() && !b.state().ejected()) {
        return cheaper(a, b, now);
      }
      if (isDue(a, tried, now)) {
        return a;
      }
      if (isDue(b, tried, now)) {
        return b;
      }
      if (n <= FEW) {
        break;
      }
    }
    return pickFromAll(tried, now, random);
  }

  /** One by weight, another than {@code not}; one that has just started is often drawn over. */
  private int draw(int not, long now, RandomGenerator random) {
    int i = drawByWeight(not, random);
    for (int again = 0; again < REDRAWS && slowStartNanos > 0; again++) {
      double share = all[i].state().share(now, slowStartNanos);
      if (share >= 1 || random.nextDouble() < share) {
        break;
      }
      i = drawByWeight(not, random);
    }
    return i;
  }

  private int drawByWeight(int not, RandomGenerator random) {
    int[] weights = sums;
    if (weights == null) {
      if (not < 0) {
        return random.nextInt(all.length);
      }
      int j = random.nextInt(all.length - 1);
      return j >= not ? j + 1 : j;
    }
    int i = byWeight(weights, random);
    for (int again = 0; again < REDRAWS && i == not; again++) {
      i = byWeight(weights, random);
    }
    return i; // a second time the same when it outweighs all others: then it is meant
  }

  private static int byWeight(int[] sums, RandomGenerator random) {
    int at = random.nextInt(sums[sums.length - 1]);
    int low = 0;
    int high = sums.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sums[middle] > at) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** Looks at all: two kept by reservoir sampling per class, so that the choice stays uniform. */
  private Candidate pickFromAll(Set<NodeId> tried, long now, RandomGenerator random) {
    Candidate first = all[0];
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
    if (second == null) {
      return first;
    }
    // In random order, since the first wins when both cost the same.
    return random.nextBoolean() ? cheaper(first, second, now) : cheaper(second, first, now);
  }

  private static boolean isNew(Candidate candidate, Set<NodeId> tried) {
    return !tried.contains(candidate.instance().id());
  }

  private static boolean isDue(Candidate candidate, Set<NodeId> tried, long now) {
    return candidate.state().ejected()
        && isNew(candidate, tried)
        && candidate.state().claimProbe(now);
  }

  private Candidate cheaper(Candidate a, Candidate b, long now) {
    if (sums == null) {
      return b.state().cost(now) < a.state().cost(now) ? b : a;
    }
    double costOfA = a.state().cost(now, meanWeight / Math.max(1, a.instance().weight()));
    double costOfB = b.state().cost(now, meanWeight / Math.max(1, b.instance().weight()));
    return costOfB < costOfA ? b : a;
  }
}
