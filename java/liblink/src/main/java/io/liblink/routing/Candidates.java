package io.liblink.routing;

import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.registry.View;
import io.liblink.topology.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The instances of a service that one handle may call: ready, on target, selected. An immutable
 * snapshot of one view; made when the view changes, used for every call until then. Thread-safe.
 *
 * <p>Which of them gets a request is decided by the rules of {@link io.liblink.topology.Routing}: whose
 * share it is here, then the {@link Tiers}, then the {@link Pool}.
 */
public final class Candidates {
  private final String service;
  private final View view;
  private final @Nullable Selector selector;
  private final @Nullable Target target;
  private final InstanceStates states;
  private final RoutingPlan plan;
  private final List<Candidate> all;
  private final List<Instance> selected;

  /** The shares of which there are instances, and the sums of their parts up to each, to 1. */
  private final Tiers[] shares;

  private final double[] sums;

  private Candidates(
      String service,
      View view,
      @Nullable Selector selector,
      @Nullable Target target,
      InstanceStates states,
      RoutingPlan plan) {
    this.service = service;
    this.view = view;
    this.selector = selector;
    this.target = target;
    this.states = states;
    this.plan = plan;
    List<Candidate> chosen = new ArrayList<>();
    List<Instance> matching = new ArrayList<>();
    for (Instance instance : view.instances()) {
      if ((target == null || target.accepts(instance))
          && (selector == null || selector.test(instance))
          && plan.refusal(instance) == null) {
        matching.add(instance);
        if (instance.ready()) {
          chosen.add(new Candidate(instance, states.of(instance.id())));
        }
      }
    }
    this.selected = List.copyOf(matching);
    this.all = List.copyOf(chosen);
    List<Tiers> tiers = new ArrayList<>();
    this.sums = shares(chosen, plan, tiers);
    this.shares = tiers.toArray(new Tiers[0]);
  }

  /** Adds the tiers of each share that somebody is there for; returns the sums of their parts. */
  private static double[] shares(List<Candidate> candidates, RoutingPlan plan, List<Tiers> tiers) {
    List<Split> splits = plan.rules.splits();
    double rest = 100 - splits.stream().mapToDouble(Split::percent).sum();
    double[] parts = new double[splits.size() + 1];
    for (int i = 0; i <= splits.size(); i++) {
      int share = i;
      List<Candidate> of =
          candidates.stream().filter(c -> plan.splitOf(c.instance()) == share).toList();
      boolean isRest = i == splits.size();
      double percent = isRest ? rest : splits.get(i).percent();
      if (!of.isEmpty() && (percent > 0 || (tiers.isEmpty() && isRest))) {
        parts[tiers.size()] = percent;
        tiers.add(Tiers.of(of, plan));
      }
    }
    if (tiers.isEmpty() && !candidates.isEmpty()) { // only such as have a share of nothing
      parts[0] = 1;
      tiers.add(Tiers.of(candidates, plan));
    }
    return sums(parts, tiers.size(), restIsLast(candidates, plan));
  }

  private static boolean restIsLast(List<Candidate> candidates, RoutingPlan plan) {
    return candidates.stream().anyMatch(c -> plan.splitOf(c.instance()) == plan.splits.size());
  }

  /** What belongs to shares without instances goes to the rest, or to all in proportion. */
  private static double[] sums(double[] parts, int count, boolean restIsLast) {
    double total = 0;
    for (int i = 0; i < count; i++) {
      total += parts[i];
    }
    double[] sums = new double[count];
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += restIsLast ? parts[i] / 100 : parts[i] / Math.max(total, Double.MIN_NORMAL);
      sums[i] = sum;
    }
    if (count > 0) {
      sums[count - 1] = 1;
    }
    return sums;
  }

  /**
   * Chooses from a view.
   *
   * @param service the service of the view, for messages
   * @param selector null selects all
   * @param to a node's name, or an instance id or its first digits; null for any, see {@link Target}
   * @param states the states of that service, which must have seen this view
   * @param plan the rules of the caller
   */
  public static Candidates of(
      String service,
      View view,
      @Nullable Selector selector,
      @Nullable String to,
      InstanceStates states,
      RoutingPlan plan) {
    return new Candidates(
        service, view, selector, to == null ? null : Target.of(to, view.instances()), states, plan);
  }

  /** How many there are, ejected ones included. */
  public int size() {
    return all.size();
  }

  /** What is on target and selected, ready or not. */
  public List<Instance> selected() {
    return selected;
  }

  /** Those that this node keeps to: its subsets, and all of the small services. */
  public List<Candidate> inUse() {
    return all.stream()
        .filter(c -> {
          Place place = placeOf(c.instance().id());
          return place != null && place.inSubset();
        })
        .toList();
  }

  /** All of them, ejected ones included: whom a survey asks. */
  public List<Candidate> all() {
    return all;
  }

  /**
   * Chooses one. The caller follows with {@link InstanceState#begin} at once, so that the next pick
   * sees the request.
   *
   * @param tried instances that earlier attempts of this call went to; usually {@code Set.of()}
   * @return null only when there are none at all; {@link #explain} then says why
   */
  public @Nullable Candidate pick(Set<NodeId> tried, long nowNanos, RandomGenerator random) {
    return switch (shares.length) {
      case 0 -> null;
      case 1 -> shares[0].pick(tried, nowNanos, random);
      default -> share(random.nextDouble()).pick(tried, nowNanos, random);
    };
  }

  /**
   * The one that a key belongs to, the same for every caller with the same rules and view; the next
   * one while that is ejected or was tried.
   *
   * @return null only when there are none at all
   */
  public @Nullable Candidate owner(String key, Set<NodeId> tried, long nowNanos) {
    if (shares.length == 0) {
      return null;
    }
    long hash = Rendezvous.hash(key);
    return share(Rendezvous.unit(hash)).owner(hash, tried, nowNanos);
  }

  private Tiers share(double draw) {
    int i = 0;
    while (i < sums.length - 1 && draw >= sums[i]) {
      i++;
    }
    return shares[i];
  }

  /** What became of every instance on the way here, in words. For errors and for {@code explain}. */
  public Explanation explain(long nowNanos) {
    List<Fate> fates = new ArrayList<>();
    for (Instance instance : view.instances()) {
      fates.add(Fate.of(instance, selector, target, states, plan, this, nowNanos));
    }
    return new Explanation(
        service,
        selector == null ? "" : selector.source(),
        target == null ? "" : target.text(),
        fates,
        view,
        "",
        nowNanos);
  }

  /** Whether it is among those that this node has links to, and how far down it stands. */
  @Nullable
  Place placeOf(NodeId id) {
    for (Tiers t : shares) {
      Place place = t.placeOf(id);
      if (place != null) {
        return place;
      }
    }
    return null;
  }

  /**
   * Where an instance stands among those that may get requests.
   *
   * @param tier 0 for those that are asked first
   * @param inSubset whether it is one of those that this node keeps to
   */
  record Place(int tier, boolean inSubset) {}
}
