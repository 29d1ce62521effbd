package io.liblink.routing;

import io.liblink.message.NodeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The instances of one share in order of preference: by group, then by nearness. The first tier gets all
 * requests while at least 5 in 7 of it are well, then fewer, in proportion (as Envoy's priority levels with
 * their overprovisioning of 1.4). Immutable; thread-safe.
 */
final class Tiers {
  private static final double OVERPROVISIONED = 1.4;

  /** Requests in flight to a near instance from which on a farther one may be better. */
  private static final int SPILL_IN_FLIGHT = 8;

  /** How many times dearer the near one must be. */
  private static final double SPILL_COST = 2;

  /** Below this part of a subset that is well all instances are used: others may be better. */
  private static final double ENOUGH = 0.5;

  private final Tier[] tiers;

  /** The instances of one tier. Keys belong to any of them, inside of the subset or not. */
  private record Tier(Pool subset, Pool whole, List<Candidate> all) {
    Pool pool(Set<NodeId> tried) {
      boolean enough = subset == whole
          || (subset.healthy() >= ENOUGH && (tried.isEmpty() || subset.hasFresh(tried)));
      return enough ? subset : whole;
    }
  }

  private Tiers(List<Tier> tiers) {
    this.tiers = tiers.toArray(new Tier[0]);
  }

  static Tiers of(List<Candidate> candidates, RoutingPlan plan) {
    Map<Integer, List<Candidate>> byRank = new TreeMap<>();
    int distances = plan.rules.nearness().size() + 1;
    for (Candidate c : withWeight(candidates)) {
      int rank = plan.groupOf(c.instance()) * distances + plan.distanceOf(c.instance());
      byRank.computeIfAbsent(rank, k -> new ArrayList<>()).add(c);
    }
    List<Tier> tiers = new ArrayList<>();
    for (List<Candidate> tier : byRank.values()) {
      Pool whole = new Pool(tier, plan.slowStartNanos());
      List<Candidate> subset = subset(tier, plan);
      tiers.add(new Tier(
          subset.size() == tier.size() ? whole : new Pool(subset, plan.slowStartNanos()),
          whole,
          tier));
    }
    return new Tiers(tiers);
  }

  /** Those of weight 0 only when there are no others. */
  private static List<Candidate> withWeight(List<Candidate> candidates) {
    List<Candidate> some =
        candidates.stream().filter(c -> c.instance().weight() > 0).toList();
    return some.isEmpty() ? candidates : some;
  }

  private static List<Candidate> subset(List<Candidate> tier, RoutingPlan plan) {
    if (tier.size() <= plan.rules.subset()) {
      return tier;
    }
    return tier.stream()
        .sorted(
            Comparator.comparingLong((Candidate c) -> plan.scoreOf(c.hash())).reversed())
        .limit(plan.rules.subset())
        .toList();
  }

  Candidates.@Nullable Place placeOf(NodeId id) {
    for (int i = 0; i < tiers.length; i++) {
      for (Candidate c : tiers[i].all()) {
        if (c.instance().id().equals(id)) {
          return new Candidates.Place(i, tiers[i].subset().has(id));
        }
      }
    }
    return null;
  }

  Candidate pick(Set<NodeId> tried, long now, RandomGenerator random) {
    if (tiers.length == 1) {
      return tiers[0].pool(tried).pick(tried, now, random);
    }
    int at = tier(random.nextDouble(), tried);
    for (int more = 0; more < tiers.length && tiers[at].pool(tried).allIn(tried); more++) {
      at = (at + 1) % tiers.length;
    }
    Candidate chosen = tiers[at].pool(tried).pick(tried, now, random);
    if (at + 1 < tiers.length && mayBeOverloaded(chosen, now)) {
      Candidate farther = tiers[at + 1].pool(tried).pick(tried, now, random);
      if (isMuchCheaper(farther, chosen, now)) {
        return farther;
      }
    }
    return chosen;
  }

  /** Which tier a request is for; {@code draw} is from 0 to 1. */
  private int tier(double draw, Set<NodeId> tried) {
    double given = 0;
    for (int i = 0; i < tiers.length; i++) {
      given += Math.min(1 - given, OVERPROVISIONED * tiers[i].pool(tried).healthy());
      if (draw < given) {
        return i;
      }
    }
    return 0; // too few are well everywhere: as if all were
  }

  private static boolean mayBeOverloaded(Candidate chosen, long now) {
    return chosen.state().busy(now) || chosen.state().inFlight() >= SPILL_IN_FLIGHT;
  }

  private static boolean isMuchCheaper(Candidate farther, Candidate near, long now) {
    return !farther.state().ejected()
        && farther.state().inFlight() < near.state().inFlight()
        && farther.state().cost(now) * SPILL_COST < near.state().cost(now);
  }

  /** The instance that the key belongs to, in the first tier that has one which is well and not tried. */
  Candidate owner(long key, Set<NodeId> tried, long now) {
    Candidate fallback = null;
    for (Tier tier : tiers) {
      Candidate best = null;
      double bestScore = Double.POSITIVE_INFINITY;
      for (Candidate c : tier.all()) {
        double score =
            Rendezvous.weighted(key, c.hash(), Math.max(1, c.instance().weight()));
        if (score < bestScore && isUsable(c, tried, now)) {
          best = c;
          bestScore = score;
        }
      }
      if (best != null) {
        return best;
      }
      if (fallback == null) {
        fallback = tier.all().get(0);
      }
    }
    return fallback == null ? tiers[0].all().get(0) : fallback;
  }

  private static boolean isUsable(Candidate c, Set<NodeId> tried, long now) {
    return !tried.contains(c.instance().id())
        && (!c.state().ejected() || c.state().claimProbe(now));
  }
}
