package io.liblink.bench.topology;

import io.liblink.message.Address;
import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.registry.View;
import io.liblink.routing.Candidate;
import io.liblink.routing.Candidates;
import io.liblink.routing.InstanceStates;
import io.liblink.routing.Outcome;
import io.liblink.routing.RoutingPlan;
import io.liblink.topology.Routing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * How evenly callers that know nothing of each other load one service, each keeping to a subset that the
 * library chose. Callers and instances are different nodes.
 */
final class Spread {
  private static final long MEAN_NANOS = 5_000_000;

  private final int instances;
  private final SplittableRandom random;
  private final Map<NodeId, Integer> numbers = new HashMap<>();
  private final List<Candidates> callers = new ArrayList<>();

  /** Whom each caller keeps to. */
  private final List<int[]> subsets = new ArrayList<>();

  Spread(int callers, int instances, int subset, long seed) {
    this.instances = instances;
    this.random = new SplittableRandom(seed);
    List<NodeId> ids = Decided.ids(instances, random.nextLong());
    List<Instance> all = new ArrayList<>();
    for (int i = 0; i < instances; i++) {
      numbers.put(ids.get(i), i);
      all.add(new Instance(
          "pricing",
          "node-" + i,
          ids.get(i),
          List.of(new Address("127.0.0.1", 1)),
          "",
          Map.of(),
          true,
          0,
          List.of()));
    }
    View view = new View(all, 0, "");
    Routing rules = Routing.defaults().subset(subset).slowStart(Duration.ZERO);
    for (NodeId caller : Decided.ids(callers, random.nextLong())) {
      InstanceStates states = new InstanceStates(() -> random);
      states.update(view, 0, Long.MAX_VALUE / 2_000_000);
      Candidates chosen = Candidates.of(
          "pricing", view, null, null, states, RoutingPlan.of(rules, Map::of, caller));
      this.callers.add(chosen);
      subsets.add(chosen.inUse().stream().mapToInt(this::number).toArray());
    }
  }

  private int number(Candidate c) {
    return numbers.getOrDefault(c.instance().id(), -1);
  }

  /** The most by the mean, when each caller loads those that it keeps to alike. */
  double equal() {
    double[] load = new double[instances];
    for (int[] subset : subsets) {
      for (int i : subset) {
        load[i] += 1.0 / subset.length;
      }
    }
    return spread(load);
  }

  /** The same if callers knew how many callers each instance has, and gave it the less the more. */
  double weighted() {
    int[] degrees = new int[instances];
    subsets.forEach(subset -> Arrays.stream(subset).forEach(i -> degrees[i]++));
    double[] load = new double[instances];
    for (int[] subset : subsets) {
      double sum = Arrays.stream(subset).mapToDouble(i -> 1.0 / degrees[i]).sum();
      for (int i : subset) {
        load[i] += 1.0 / degrees[i] / sum;
      }
    }
    return spread(load);
  }

  /** Instances that no caller keeps to. */
  int unused() {
    boolean[] used = new boolean[instances];
    subsets.forEach(subset -> Arrays.stream(subset).forEach(i -> used[i] = true));
    int unused = 0;
    for (boolean u : used) {
      unused += u ? 0 : 1;
    }
    return unused;
  }

  /** The best that subsets of that size could be, were they dealt out like cards. */
  static double best(int callers, int instances, int subset) {
    double mean = callers * (double) Math.min(subset, instances) / instances;
    return Math.ceil(mean) / mean;
  }

  private static double spread(double[] load) {
    return Arrays.stream(load).max().orElse(0) / Arrays.stream(load).average().orElse(Double.NaN);
  }

  /**
   * What came of a run in virtual time.
   *
   * @param spread the most requests of one instance by the mean
   * @param p50 the usual latency, in milliseconds
   * @param p99 the latency that one in a hundred exceeds, in milliseconds
   */
  record Run(double spread, double p50, double p99) {}

  /**
   * Lets all callers call at the same rate, at random moments. An instance serves one request after the
   * other, 5 ms each on average (exponential), so that one that is called more is slower.
   *
   * @param use what all instances together are used to, from 0 to 1
   * @param requests how many; the first third does not count
   */
  Run run(double use, int requests) {
    record End(long at, Candidate who, long took) {}
    PriorityQueue<End> ends = new PriorityQueue<>((a, b) -> Long.compare(a.at(), b.at()));
    long[] freeAt = new long[instances];
    double[] counts = new double[instances];
    long[] latencies = new long[requests - requests / 3];
    long now = 0;
    for (int i = 0; i < requests; i++) {
      now += (long) (exponential() * MEAN_NANOS / instances / use);
      for (End e = ends.peek(); e != null && e.at() <= now; e = ends.peek()) {
        ends.remove();
        e.who().state().end(Outcome.REPLIED, e.took(), e.at());
      }
      Candidate chosen = callers.get(random.nextInt(callers.size())).pick(Set.of(), now, random);
      if (chosen == null) {
        throw new IllegalStateException("nobody to call");
      }
      int n = number(chosen);
      freeAt[n] = Math.max(freeAt[n], now) + (long) (exponential() * MEAN_NANOS);
      chosen.state().begin();
      ends.add(new End(freeAt[n], chosen, freeAt[n] - now));
      if (i >= requests / 3) {
        counts[n]++;
        latencies[i - requests / 3] = freeAt[n] - now;
      }
    }
    Arrays.sort(latencies);
    return new Run(
        spread(counts),
        latencies[latencies.length / 2] / 1e6,
        latencies[latencies.length / 100 * 99] / 1e6);
  }

  private double exponential() {
    return -Math.log(1 - random.nextDouble());
  }
}
