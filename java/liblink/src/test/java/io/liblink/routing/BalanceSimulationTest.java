package io.liblink.routing;

import static io.liblink.routing.Sample.MS;
import static io.liblink.routing.Sample.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.registry.View;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** One caller and its instances in virtual time; each instance serves one request after the other. */
class BalanceSimulationTest {
  private static final int INSTANCES = 10;
  private static final long MEAN = 5 * MS;

  /** Chooses an instance by number. */
  private interface Chooser {
    int choose(long now);
  }

  /** How it went: the number of requests per instance and the latencies, sorted. */
  private record Result(int[] counts, long[] latencies) {
    long percentile(double share) {
      return latencies[(int) (latencies.length * share)];
    }
  }

  private final View view = Sample.view(INSTANCES);
  private final InstanceStates states = Sample.states(view);
  private final Candidates candidates = Sample.candidates(view, states);
  private final RandomGenerator random = Seeded.fixed(20_251);

  @Test
  void equalInstancesGetEqualLoad() {
    Result result = run(this::balanced, 1);
    int least = Arrays.stream(result.counts()).min().orElseThrow();
    int most = Arrays.stream(result.counts()).max().orElseThrow();
    assertThat((double) most / least).isLessThan(1.25);
  }

  @Test
  void aSlowInstanceIsSparedAndTheTailStaysFarBelowRandomAndRoundRobin() {
    Result balanced = run(this::balanced, 10);
    Result atRandom = run(now -> random.nextInt(INSTANCES), 10);
    int[] turn = {0};
    Result inTurn = run(now -> turn[0]++ % INSTANCES, 10);
    int total = Arrays.stream(balanced.counts()).sum();
    assertThat(balanced.counts()[0]).isLessThan(total / INSTANCES / 5).isPositive();
    assertThat(balanced.percentile(0.99)).isLessThan(atRandom.percentile(0.99) / 5);
    assertThat(balanced.percentile(0.99)).isLessThan(inTurn.percentile(0.99) / 5);
    assertThat(balanced.percentile(0.5)).isLessThan(atRandom.percentile(0.5));
  }

  @Test
  void anInstanceThatWasSlowOnceGetsLoadAgain() {
    states.of(Sample.id(0)).begin();
    states.of(Sample.id(0)).end(Outcome.REPLIED, 5 * SECOND, 0);
    Result result = run(this::balanced, 1);
    int total = Arrays.stream(result.counts()).sum();
    // 5 s fade to about 10 ms, where others are, after 10 s x ln(500); the run takes 120 s.
    assertThat(result.counts()[0]).isBetween(total / INSTANCES / 4, total / INSTANCES);
  }

  @Test
  void aDeadInstanceCostsAFewCallsIsProbedRarelyAndReturnsWhenItIsBack() {
    int failed = 0;
    int afterReturn = 0;
    for (long now = 0; now < 300 * SECOND; now += 10 * MS) {
      Candidate chosen = candidates.pick(Set.of(), now, random);
      assertThat(chosen).isNotNull();
      boolean dead = chosen.instance().id().equals(Sample.id(3)) && now < 120 * SECOND;
      chosen.state().begin();
      chosen.state().end(dead ? Outcome.FAULT : Outcome.REPLIED, MS, now);
      failed += dead ? 1 : 0;
      if (now >= 200 * SECOND && chosen.instance().id().equals(Sample.id(3))) {
        afterReturn++;
      }
    }
    // Five until it is ejected, then probes after 1, 2, 4, 8, 16, 32, 60, 60 s less their jitter.
    assertThat(failed).isBetween(9, 14);
    assertThat(afterReturn).isGreaterThan(10_000 / INSTANCES / 3);
    assertThat(states.ejected()).isZero();
  }

  @Test
  void underRandomOutagesNobodyIsLostAndTheBoundHolds() {
    Seeded.forEach(20, r -> {
      InstanceStates own = Sample.states(view);
      Candidates all = Sample.candidates(view, own);
      boolean[] dead = new boolean[INSTANCES];
      for (long now = 0; now < 400 * SECOND; now += 20 * MS) {
        if (r.nextInt(500) == 0) {
          dead[r.nextInt(INSTANCES)] = now < 200 * SECOND && r.nextInt(3) > 0;
        }
        if (now == 200 * SECOND) {
          Arrays.fill(dead, false);
        }
        Candidate chosen = all.pick(Set.of(), now, r);
        boolean fails = chosen == null || dead[(int) chosen.instance().id().low()];
        assertThat(chosen).isNotNull();
        chosen.state().begin();
        chosen.state().end(fails ? Outcome.FAULT : Outcome.REPLIED, MS, now);
        assertThat(own.ejected()).isLessThanOrEqualTo(INSTANCES / 2);
        assertThat(chosen.state().inFlight()).isZero();
      }
      assertThat(own.ejected()).as("all came back").isZero();
    });
  }

  private int balanced(long now) {
    Candidate chosen = candidates.pick(Set.of(), now, random);
    return chosen == null ? -1 : (int) chosen.instance().id().low();
  }

  /** Poisson arrivals at 60 % of what equal instances can do; instance 0 is that much slower. */
  private Result run(Chooser chooser, int slowness) {
    int requests = 144_000;
    long[] freeAt = new long[INSTANCES];
    int[] counts = new int[INSTANCES];
    long[] latencies = new long[requests];
    Map<Integer, InstanceState> byNumber = new HashMap<>();
    for (int n = 0; n < INSTANCES; n++) {
      byNumber.put(n, states.of(Sample.id(n)));
    }
    PriorityQueue<long[]> ends = new PriorityQueue<>((a, b) -> Long.compare(a[0], b[0]));
    long now = 0;
    for (int i = 0; i < requests; i++) {
      now += (long) (random.nextExponential() * MEAN / INSTANCES / 0.6);
      while (!ends.isEmpty() && ends.element()[0] <= now) {
        long[] end = ends.remove();
        byNumber.get((int) end[1]).end(Outcome.REPLIED, end[2], end[0]);
      }
      int chosen = chooser.choose(now);
      long service = (long) (random.nextExponential() * MEAN) * (chosen == 0 ? slowness : 1);
      freeAt[chosen] = Math.max(freeAt[chosen], now) + service;
      counts[chosen]++;
      latencies[i] = freeAt[chosen] - now;
      byNumber.get(chosen).begin();
      ends.add(new long[] {freeAt[chosen], chosen, latencies[i]});
    }
    while (!ends.isEmpty()) {
      long[] end = ends.remove();
      byNumber.get((int) end[1]).end(Outcome.REPLIED, end[2], end[0]);
    }
    Arrays.sort(latencies);
    System.out.printf(
        "slowness %d: counts %s, p50 %.1f ms, p99 %.1f ms%n",
        slowness,
        Arrays.toString(counts),
        new Result(counts, latencies).percentile(0.5) / 1e6,
        new Result(counts, latencies).percentile(0.99) / 1e6);
    return new Result(counts, latencies);
  }
}
