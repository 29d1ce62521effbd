package io.liblink.routing;

import static io.liblink.routing.Sample.MS;
import static io.liblink.routing.Sample.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.registry.View;
import io.liblink.status.Stage;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class CandidatesTest {
  private final RandomGenerator random = new SplittableRandom(1);
  private final Instance eu = Sample.instance(1, Map.of("zone", "eu"));
  private final Instance us = Sample.instance(2, Map.of("zone", "us"));
  private final Instance draining = Sample.instance(3, Map.of("zone", "eu")).withReady(false);
  private final View view = Sample.view(eu, us, draining);
  private final InstanceStates states = Sample.states(view);

  @Test
  void onlyReadySelectedInstancesOnTargetRemain() {
    assertThat(instances(null, null)).containsExactly(eu, us);
    assertThat(instances("zone == \"eu\"", null)).containsExactly(eu);
    assertThat(instances(null, "n2")).containsExactly(us);
    assertThat(instances("zone == \"eu\"", "n2")).isEmpty();
  }

  @Test
  void aTargetIsANodeOrAnIdOrItsFirstDigitsOrBoth() {
    String id = us.id().toString();
    assertThat(instances(null, id)).containsExactly(us);
    assertThat(instances(null, us.id().shortText())).containsExactly(us);
    assertThat(instances(null, id.substring(0, 12).toUpperCase(java.util.Locale.ROOT)))
        .containsExactly(us);
    assertThat(instances(null, us.label())).containsExactly(us);
    assertThat(instances(null, "n1@" + us.id().shortText())).isEmpty();
    assertThat(instances(null, "000")).as("too few digits").isEmpty();
    assertThat(instances(null, "n2@")).isEmpty();
    assertThat(instances(null, "@")).isEmpty();
    assertThat(instances(null, "")).isEmpty();
  }

  @Test
  void aNodeWhoseNameLooksLikeAnIdIsMeant() {
    Instance hex = new Instance(
        "pricing", "00000001", Sample.id(9), eu.addresses(), "", Map.of(), true, 0, List.of());
    View both = Sample.view(eu, hex);
    assertThat(Candidates.of("pricing", both, null, "00000001", Sample.states(both), Sample.PLAN)
            .all())
        .extracting(Candidate::instance)
        .containsExactly(hex);
  }

  @Test
  void thereIsNothingToPickOnlyWhenThereIsNobody() {
    assertThat(candidates("zone == \"asia\"", null).pick(Set.of(), 0, random)).isNull();
    Candidates one = candidates(null, "n1");
    assertThat(picked(one, Set.of(eu.id()), 0)).isEqualTo(eu.id());
  }

  @Test
  void theCheaperOfTwoIsPicked() {
    finish(eu, Outcome.REPLIED, 10 * MS);
    finish(us, Outcome.REPLIED, 11 * MS);
    Candidates both = candidates(null, null);
    for (int i = 0; i < 100; i++) {
      assertThat(picked(both, Set.of(), 0)).isEqualTo(eu.id());
    }
    states.of(eu.id()).begin();
    assertThat(picked(both, Set.of(), 0)).isEqualTo(us.id());
  }

  @Test
  void aRepeatGoesToAnInstanceThatWasNotTried() {
    View five = Sample.view(5);
    Candidates all = Sample.candidates(five, Sample.states(five));
    for (int i = 0; i < 200; i++) {
      Set<NodeId> tried = new HashSet<>();
      for (int attempt = 0; attempt < 5; attempt++) {
        assertThat(tried.add(picked(all, tried, 0))).isTrue();
      }
      assertThat(picked(all, tried, 0)).as("all were tried").isNotNull();
    }
  }

  @Test
  void anEjectedInstanceIsPickedForOneProbeWhenItsTimeHasCome() {
    Sample.faults(states.of(eu.id()), 5, 0);
    Candidates both = candidates(null, null);
    for (int i = 0; i < 100; i++) {
      assertThat(picked(both, Set.of(), 400 * MS)).isEqualTo(us.id());
    }
    assertThat(picked(both, Set.of(), SECOND)).isEqualTo(eu.id());
    for (int i = 0; i < 100; i++) {
      assertThat(picked(both, Set.of(), SECOND)).isEqualTo(us.id());
    }
    finish(eu, Outcome.REPLIED, MS);
    assertThat(states.of(eu.id()).ejected()).isFalse();
  }

  @Test
  void aRepeatIsNoProbeOfWhatItAlreadyTried() {
    Sample.faults(states.of(eu.id()), 5, 0);
    Candidates both = candidates(null, null);
    for (int i = 0; i < 100; i++) {
      assertThat(picked(both, Set.of(eu.id()), 60 * SECOND)).isEqualTo(us.id());
    }
  }

  @Test
  void whenAllSelectedAreEjectedAllAreUsed() {
    View eight = Sample.view(8);
    InstanceStates some = Sample.states(eight);
    Selector odd = Selector.parse("node matches `^n[01]$`");
    Candidates two = Candidates.of("pricing", eight, odd, null, some, Sample.PLAN);
    Sample.faults(some.of(Sample.id(0)), 5, 0);
    Sample.faults(some.of(Sample.id(1)), 5, 0);
    Set<NodeId> seen = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      seen.add(picked(two, Set.of(), MS));
    }
    assertThat(seen).containsExactlyInAnyOrder(Sample.id(0), Sample.id(1));
    assertThat(two.explain(MS).text())
        .contains("2 selected by node matches")
        .contains("2 ejected")
        .contains("is ejected after 5 faults in a row, tried again in 0.");
  }

  @Test
  void healthyOnesAreFoundHoweverManyAreEjected() {
    View many = Sample.view(100);
    InstanceStates some = Sample.states(many);
    for (int n = 0; n < 50; n++) {
      Sample.faults(some.of(Sample.id(n)), 5, 0);
    }
    Set<NodeId> tried = new HashSet<>();
    for (int n = 50; n < 98; n++) {
      tried.add(Sample.id(n));
    }
    Candidates all = Sample.candidates(many, some);
    for (int i = 0; i < 200; i++) {
      assertThat(picked(all, tried, 0)).isIn(Sample.id(98), Sample.id(99));
    }
    assertThat(some.ejected()).isEqualTo(50);
  }

  @Test
  void theExplanationSaysWhereItStopped() {
    Explanation none = Candidates.of(
            "pricing",
            new View(List.of(), 0, "connection refused"),
            null,
            null,
            states,
            Sample.PLAN)
        .explain(3_250 * MS);
    assertThat(none.stage()).isEqualTo(Stage.DISCOVER);
    assertThat(none.text())
        .isEqualTo("no instance of 'pricing' is known; the view is 3.2 s old: connection refused");

    Explanation unselected =
        candidates("zone == \"asia\" and tier != \"1\"", null).explain(0);
    assertThat(unselected.stage()).isEqualTo(Stage.SELECT);
    assertThat(unselected.text())
        .isEqualTo(
            "3 instances of 'pricing' discovered, 2 ready, 0 selected by zone == \"asia\" and"
                + " tier != \"1\", 0 ejected: n1@00000001 fails zone == \"asia\" (zone is \"eu\");"
                + " n2@00000002 fails zone == \"asia\" (zone is \"us\"); n3@00000003 is not ready");

    Explanation missed = candidates(null, "n7").explain(0);
    assertThat(missed.text()).contains("0 selected for 'n7'").contains("n1@00000001 is not 'n7'");
  }

  @Test
  void theExplanationNamesOnlyAFew() {
    View many = Sample.view(1000);
    String text = Candidates.of(
            "pricing", many, Selector.parse("zone == eu"), null, Sample.states(many), Sample.PLAN)
        .explain(0)
        .text();
    assertThat(text).endsWith("; and 997 more").hasSizeLessThan(400);
  }

  private Candidates candidates(String selector, String to) {
    Selector parsed = selector == null ? null : Selector.parse(selector);
    return Candidates.of("pricing", view, parsed, to, states, Sample.PLAN);
  }

  private List<Instance> instances(String selector, String to) {
    return candidates(selector, to).all().stream().map(Candidate::instance).toList();
  }

  private NodeId picked(Candidates from, Set<NodeId> tried, long now) {
    Candidate candidate = from.pick(tried, now, random);
    return candidate == null ? null : candidate.instance().id();
  }

  private void finish(Instance instance, Outcome outcome, long elapsed) {
    states.of(instance.id()).begin();
    states.of(instance.id()).end(outcome, elapsed, 0);
  }
}
