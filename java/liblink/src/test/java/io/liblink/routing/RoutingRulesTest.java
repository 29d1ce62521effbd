package io.liblink.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.registry.View;
import io.liblink.testing.Gen;
import io.liblink.topology.Routing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RoutingRulesTest {
  private static final int MANY = 20_000;
  private static final long SECOND = Sample.SECOND;

  private final SplittableRandom random = new SplittableRandom(3);

  @Test
  void theNearestComeFirst() {
    View view = Sample.view(
        zone(1, "eu", "west"), zone(2, "eu", "west"), zone(3, "us", "west"), zone(4, "us", "east"));
    Candidates c = candidates(view, Routing.defaults().preferSame("zone", "region"));
    assertThat(shares(c, 0).keySet()).containsExactlyInAnyOrder(1, 2);

    View far = Sample.view(zone(3, "us", "west"), zone(4, "us", "east"));
    assertThat(shares(candidates(far, Routing.defaults().preferSame("zone", "region")), 0))
        .containsOnlyKeys(3);
  }

  @Test
  void asTheNearOnesFailEverMoreSpillsOver() {
    List<Instance> all = new ArrayList<>();
    for (int i = 1; i <= 10; i++) {
      all.add(zone(i, "eu", "west"));
    }
    for (int i = 11; i <= 20; i++) {
      all.add(zone(i, "us", "west"));
    }
    View view = Sample.view(all.toArray(new Instance[0]));
    InstanceStates states = Sample.states(view);
    Candidates c = Candidates.of(
        "pricing", view, null, null, states, Sample.plan(Routing.defaults().preferSame("zone")));

    eject(states, 2); // 8 of 10 are well: above 5 in 7
    assertThat(near(shares(c, 0))).isCloseTo(1.0, within(1e-6));
    eject(states, 4); // 6 of 10: 1.4 x 0.6
    assertThat(near(shares(c, 0))).isCloseTo(0.84, within(0.02));
    eject(states, 8); // 2 of 10: 1.4 x 0.2
    assertThat(near(shares(c, 0))).isCloseTo(0.28, within(0.02));
  }

  @Test
  void aRepeatLeavesATierThatWasTried() {
    View view = Sample.view(zone(1, "eu", "west"), zone(2, "us", "west"));
    Candidates c = candidates(view, Routing.defaults().preferSame("zone"));
    for (int i = 0; i < 100; i++) {
      assertThat(c.pick(Set.of(Sample.id(1)), 0, random).instance().id()).isEqualTo(Sample.id(2));
    }
  }

  @Test
  void anOverloadedZoneSpillsOverToACheaperOne() {
    View view = Sample.view(zone(1, "eu", "west"), zone(2, "us", "west"));
    InstanceStates states = Sample.states(view);
    Candidates c = Candidates.of(
        "pricing", view, null, null, states, Sample.plan(Routing.defaults().preferSame("zone")));
    InstanceState near = states.of(Sample.id(1));
    InstanceState far = states.of(Sample.id(2));
    for (InstanceState s : List.of(near, far)) {
      s.begin();
      s.end(Outcome.REPLIED, Sample.MS, 0);
    }
    assertThat(c.pick(Set.of(), 1, random).state()).isSameAs(near);
    for (int i = 0; i < 7; i++) {
      near.begin();
    }
    assertThat(c.pick(Set.of(), 1, random).state()).as("seven in flight").isSameAs(near);
    near.begin();
    assertThat(c.pick(Set.of(), 1, random).state()).as("eight in flight").isSameAs(far);
    for (int i = 0; i < 5; i++) {
      far.begin();
    }
    assertThat(c.pick(Set.of(), 1, random).state()).as("not twice as dear").isSameAs(near);
  }

  @Test
  void groupsFailOverInOrder() {
    Routing rules = Routing.defaults().failover("zone == us", "zone == eu");
    View view = Sample.view(zone(1, "eu", "a"), zone(2, "us", "a"), zone(3, "asia", "a"));
    assertThat(shares(candidates(view, rules), 0)).containsOnlyKeys(2);
    View without = Sample.view(zone(1, "eu", "a"), zone(3, "asia", "a"));
    assertThat(shares(candidates(without, rules), 0)).containsOnlyKeys(1);
    View last = Sample.view(zone(3, "asia", "a"));
    assertThat(shares(candidates(last, rules), 0)).containsOnlyKeys(3);
    assertThatThrownBy(() -> Sample.plan(Routing.defaults().failover("zone =")))
        .isInstanceOf(SelectorException.class);
  }

  @Test
  void aCanaryGetsItsShareAndNoMore() {
    Routing rules = Routing.defaults().split(5, "zone == us");
    View view = Sample.view(zone(1, "eu", "a"), zone(2, "eu", "a"), zone(3, "us", "a"));
    assertThat(shares(candidates(view, rules), 0).get(3)).isCloseTo(0.05, within(0.01));

    View gone = Sample.view(zone(1, "eu", "a"), zone(2, "eu", "a"));
    assertThat(shares(candidates(gone, rules), 0)).containsOnlyKeys(1, 2);
    View only = Sample.view(zone(3, "us", "a"));
    assertThat(shares(candidates(only, rules), 0)).as("better than nobody").containsOnlyKeys(3);
  }

  @Test
  void splitsOfEverythingShareWhatAMissingOneHad() {
    Routing rules = Routing.defaults()
        .split(50, "zone == eu")
        .split(25, "zone == us")
        .split(25, "zone == asia");
    View all = Sample.view(zone(1, "eu", "a"), zone(2, "us", "a"), zone(3, "asia", "a"));
    Map<Integer, Double> shares = shares(candidates(all, rules), 0);
    assertThat(shares.get(1)).isCloseTo(0.5, within(0.02));
    assertThat(shares.get(3)).isCloseTo(0.25, within(0.02));

    View two = Sample.view(zone(1, "eu", "a"), zone(2, "us", "a"));
    assertThat(shares(candidates(two, rules), 0).get(1)).isCloseTo(0.667, within(0.02));

    assertThatThrownBy(() -> rules.split(1, "zone == x")).hasMessageContaining("101");
    Routing nothing = Routing.defaults().split(0, "zone == us");
    assertThat(shares(candidates(two, nothing), 0)).containsOnlyKeys(1);
    assertThat(shares(candidates(Sample.view(zone(2, "us", "a")), nothing), 0)).containsOnlyKeys(2);
  }

  @Test
  void weightsAreHonouredAlsoWhenNobodyIsBusy() {
    View view = Sample.view(
        zone(1, "eu", "a").withWeight(1), zone(2, "eu", "a").withWeight(2),
        zone(3, "eu", "a").withWeight(7), zone(4, "eu", "a").withWeight(0));
    Map<Integer, Double> shares = busyShares(view, Routing.defaults());
    assertThat(shares.get(1)).isCloseTo(0.1, within(0.05));
    assertThat(shares.get(3)).isGreaterThan(0.5);
    assertThat(shares).doesNotContainKey(4);
    View idle = Sample.view(zone(4, "eu", "a").withWeight(0));
    assertThat(shares(candidates(idle, Routing.defaults()), 0)).containsOnlyKeys(4);
  }

  @Test
  void aNewInstanceGetsItsShareByAndBy() {
    View before = Sample.view(zone(1, "eu", "a"), zone(2, "eu", "a"), zone(3, "eu", "a"));
    InstanceStates states = Sample.states(before);
    View after =
        Sample.view(zone(1, "eu", "a"), zone(2, "eu", "a"), zone(3, "eu", "a"), zone(4, "eu", "a"));
    states.update(after, 100 * SECOND, Sample.LONG_AGO_MILLIS);
    Candidates c = Candidates.of("pricing", after, null, null, states, Sample.PLAN);

    double atOnce = shares(c, 100 * SECOND).getOrDefault(4, 0.0);
    double halfway = shares(c, 115 * SECOND).get(4);
    double full = shares(c, 131 * SECOND).get(4);
    assertThat(atOnce).isBetween(0.005, 0.09);
    assertThat(halfway).isBetween(atOnce, 0.24);
    assertThat(full).isCloseTo(0.25, within(0.02));
    Candidates eager = Candidates.of(
        "pricing",
        after,
        null,
        null,
        states,
        Sample.plan(Routing.defaults().slowStart(Duration.ZERO)));
    assertThat(shares(eager, 100 * SECOND).get(4)).isCloseTo(0.25, within(0.02));
  }

  @Test
  void whoStartsWithTheFirstViewIsNewByItsOwnWords() {
    View view = Sample.view(zone(1, "eu", "a"), zone(2, "eu", "a"));
    InstanceStates fresh = new InstanceStates(() -> random);
    fresh.update(view, 50 * SECOND, 10_000); // both say that they started 10 s ago
    assertThat(fresh.of(Sample.id(1)).share(50 * SECOND, 30 * SECOND))
        .isCloseTo(0.333, within(0.01));
    assertThat(Sample.states(view).of(Sample.id(1)).share(0, 30 * SECOND)).isEqualTo(1);
  }

  @Test
  void aSubsetIsBoundedStableAndDifferentForEachNode() {
    Gen.check(20, gen -> {
      int servers = gen.between(30, 200);
      View view = Sample.view(servers);
      Set<Integer> mine = shares(candidates(view, Routing.defaults()), 0).keySet();
      assertThat(mine).hasSize(20);
      List<Instance> fewer = new ArrayList<>(view.instances());
      Instance gone = fewer.remove(gen.between(0, servers - 1));
      Set<Integer> then = shares(
              candidates(Sample.view(fewer.toArray(new Instance[0])), Routing.defaults()), 0)
          .keySet();
      Set<Integer> changed = new HashSet<>(then);
      changed.removeAll(mine);
      assertThat(changed.size()).isEqualTo(mine.contains(number(gone.id())) ? 1 : 0);
    });
  }

  @Test
  void keysBelongToOneInstanceEverywhereAndOnlyThoseOfALostOneMove() {
    View view = Sample.view(40);
    Candidates here = candidates(view, Routing.defaults());
    Candidates there = Candidates.of(
        "pricing",
        view,
        null,
        null,
        Sample.states(view),
        RoutingPlan.of(Routing.defaults(), () -> Map.of("zone", "us"), Sample.id(5)));
    InstanceStates states = Sample.states(view);
    Candidates broken = Candidates.of("pricing", view, null, null, states, Sample.PLAN);
    NodeId lost = Sample.id(7);
    Sample.faults(states.of(lost), InstanceState.FAULTS_TO_EJECT, 0);
    Map<NodeId, Integer> spread = new HashMap<>();
    for (int i = 0; i < 4000; i++) {
      String key = "customer-" + i;
      NodeId owner = here.owner(key, Set.of(), 0).instance().id();
      spread.merge(owner, 1, Integer::sum);
      assertThat(there.owner(key, Set.of(), 0).instance().id()).isEqualTo(owner);
      NodeId now = broken.owner(key, Set.of(), 0).instance().id();
      assertThat(now.equals(owner)).as(key).isEqualTo(!owner.equals(lost));
      assertThat(here.owner(key, Set.of(owner), 0).instance().id()).isNotEqualTo(owner);
    }
    assertThat(spread).hasSize(40);
    assertThat(spread.values()).allMatch(n -> n > 50 && n < 170);
  }

  @Test
  void thereIsNoOwnerWhereThereIsNobody() {
    Candidates none = candidates(new View(List.of(), 0, ""), Routing.defaults());
    assertThat(none.owner("k", Set.of(), 0)).isNull();
    assertThat(none.pick(Set.of(), 0, random)).isNull();
  }

  // ---- what the tests say it with ------------------------------------------------------------

  private static Instance zone(int number, String zone, String region) {
    return Sample.instance(number, Map.of("zone", zone, "region", region));
  }

  private Candidates candidates(View view, Routing rules) {
    return Candidates.of("pricing", view, null, null, Sample.states(view), Sample.plan(rules));
  }

  private static void eject(InstanceStates states, int count) {
    for (int i = 1; i <= count; i++) {
      Sample.faults(states.of(Sample.id(i)), InstanceState.FAULTS_TO_EJECT, 0);
    }
    assertThat(states.ejected()).isEqualTo(count);
  }

  private static double near(Map<Integer, Double> shares) {
    return shares.entrySet().stream()
        .filter(e -> e.getKey() <= 10)
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  private static int number(NodeId id) {
    return Integer.parseUnsignedInt(id.toString().substring(0, 8), 16);
  }

  /** Who gets which part of the requests while nothing is in flight. */
  private Map<Integer, Double> shares(Candidates c, long now) {
    Map<Integer, Double> shares = new HashMap<>();
    for (int i = 0; i < MANY; i++) {
      shares.merge(number(c.pick(Set.of(), now, random).instance().id()), 1.0 / MANY, Double::sum);
    }
    return shares;
  }

  /** The same while the last ten requests are in flight. */
  private Map<Integer, Double> busyShares(View view, Routing rules) {
    Candidates c = candidates(view, rules);
    List<InstanceState> going = new ArrayList<>();
    Map<Integer, Double> shares = new HashMap<>();
    for (int i = 0; i < MANY; i++) {
      Candidate chosen = c.pick(Set.of(), i, random);
      chosen.state().begin();
      going.add(chosen.state());
      if (going.size() > 10) {
        going.remove(0).end(Outcome.REPLIED, Sample.MS, i);
      }
      shares.merge(number(chosen.instance().id()), 1.0 / MANY, Double::sum);
    }
    return shares;
  }
}
