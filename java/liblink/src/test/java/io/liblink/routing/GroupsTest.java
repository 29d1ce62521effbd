package io.liblink.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.registry.View;
import io.liblink.status.Stage;
import io.liblink.topology.Routing;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GroupsTest {
  private final View view = Sample.view(
      Sample.instance(1, Map.of(Groups.KEY, "billing")),
      Sample.instance(2, Map.of(Groups.KEY, "audit,billing")),
      Sample.instance(3, Map.of()),
      Sample.instance(4, Map.of(Groups.KEY, "shop")));

  @Test
  void aNodeSeesWhatIsForItsGroupsAndWhatIsForAll() {
    assertThat(seen("billing")).containsExactly(1, 2, 3);
    assertThat(seen("audit,shop")).containsExactly(2, 3, 4);
    assertThat(seen("")).containsExactly(3);
  }

  @Test
  void theRestIsExplained() {
    View only = Sample.view(Sample.instance(1, Map.of(Groups.KEY, "audit,billing")));
    Explanation none = candidates(only, "shop").explain(0);
    assertThat(none.stage()).isEqualTo(Stage.AUTHORIZE);
    assertThat(none.text())
        .isEqualTo("1 instance of 'pricing' discovered, 1 ready, 1 selected, 0 allowed, 0 ejected:"
            + " n1@00000001 is for nodes of the groups audit, billing only, and this node is in the"
            + " group shop");
    assertThat(candidates(only, "").explain(0).text()).endsWith("and this node is in no group");
    assertThat(candidates(only, "shop").pick(Set.of(), 0, new SplittableRandom(1)))
        .isNull();
  }

  @Test
  void theyTravelSortedAndComeBack() {
    assertThat(Groups.text(Set.of("b", "a"))).isEqualTo("a,b");
    assertThat(Groups.of(Map.of(Groups.KEY, "a,b"))).containsExactly("a", "b");
    assertThat(Groups.of(Map.of(Groups.KEY, ""))).isEmpty();
    assertThat(Groups.of(Map.of())).isEmpty();
  }

  @Test
  void whatTheRegistrySkippedAndKeepsBackIsSaid() {
    View odd = new View(
        List.of(Sample.instance(1, Map.of()).withReady(false)),
        0,
        "",
        List.of(new View.Skipped("web-1", "not announced by liblink")));
    assertThat(Candidates.of("pricing", odd, null, null, Sample.states(odd), Sample.PLAN)
            .explain(0)
            .text())
        .isEqualTo("1 instance of 'pricing' discovered, 0 ready, 0 selected, 0 ejected:"
            + " n1@00000001 is not ready; the registry also has, and liblink skips, web-1 (not"
            + " announced by liblink)");
  }

  @Test
  void subsetSlowStartAndWeightsAreSaidForEachInstance() {
    View many = Sample.view(40);
    InstanceStates states = Sample.states(Sample.view(39));
    states.update(many, 10 * Sample.SECOND, Sample.LONG_AGO_MILLIS);
    Explanation e =
        Candidates.of("pricing", many, null, null, states, Sample.PLAN).explain(13 * Sample.SECOND);
    assertThat(e.passed(Fate.Step.ALLOWED)).isEqualTo(40);
    assertThat(e.passed(Fate.Step.BALANCED)).isEqualTo(20);
    assertThat(e.fates())
        .filteredOn(f -> f.step() == Fate.Step.ALLOWED)
        .allMatch(
            f -> f.reason().endsWith("is outside of the subset of 20 that this node keeps to"));

    Explanation all = Candidates.of(
            "pricing",
            many,
            null,
            null,
            states,
            Sample.plan(Routing.defaults().subset(Integer.MAX_VALUE)))
        .explain(13 * Sample.SECOND);
    assertThat(all.fates())
        .filteredOn(f -> f.share() < 1)
        .singleElement()
        .satisfies(f ->
            assertThat(f.reason()).isEqualTo("n39@00000027 is new and gets 10 % of its share"));
  }

  private Candidates candidates(View of, String groups) {
    Map<String, String> own = groups.isEmpty() ? Map.of() : Map.of(Groups.KEY, groups);
    RoutingPlan plan = RoutingPlan.of(Routing.defaults(), () -> own, Sample.id(9));
    return Candidates.of("pricing", of, null, null, Sample.states(of), plan);
  }

  private List<Integer> seen(String groups) {
    return candidates(view, groups).all().stream()
        .map(Candidate::instance)
        .map(Instance::id)
        .map(NodeId::toString)
        .map(id -> Integer.parseInt(id.substring(0, 8), 16))
        .toList();
  }
}
