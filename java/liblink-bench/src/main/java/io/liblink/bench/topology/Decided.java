package io.liblink.bench.topology;

import io.liblink.bench.topology.Figures.How;
import io.liblink.bench.topology.Figures.Pair;
import io.liblink.bench.topology.Model.Kind;
import io.liblink.message.Address;
import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.registry.View;
import io.liblink.routing.Candidate;
import io.liblink.routing.Candidates;
import io.liblink.routing.InstanceStates;
import io.liblink.routing.Outcome;
import io.liblink.routing.RoutingPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Has the library choose for every node of a model, from the same ids and views that real nodes would have,
 * and notes which links they would open and whom they would call. All instances answer equally fast.
 */
final class Decided {
  private static final long MILLISECOND = 1_000_000;

  /** Enough for every instance that a node keeps to: of 20 one is missed once in a hundred million. */
  private static final int ENOUGH = 500;

  private static final long LONG_AGO = 1_600_000_000_000L;

  private final Model model;
  private final List<NodeId> ids;
  private final SplittableRandom random;
  private final Map<NodeId, Integer> numbers = new HashMap<>();
  private final List<View> views = new ArrayList<>();
  private final Set<Pair> links = new HashSet<>();
  private final long[] calls;

  private Decided(Model model, List<NodeId> ids, long seed) {
    this.model = model;
    this.ids = ids;
    this.random = new SplittableRandom(seed);
    this.calls = new long[model.nodes()];
    for (int n = 0; n < ids.size(); n++) {
      numbers.put(ids.get(n), n);
    }
    for (int s = 0; s < model.services(); s++) {
      views.add(new View(model.instances(s).stream().map(this::instance).toList(), 0, ""));
    }
  }

  /** Ids as nodes make them, from a seed. */
  static List<NodeId> ids(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return IntStream.range(0, count)
        .mapToObj(n -> new NodeId(random.nextLong(), random.nextLong()))
        .toList();
  }

  /** The links that nodes of those ids open. */
  static Set<Pair> links(Model model, List<NodeId> ids) {
    Decided decided = new Decided(model, ids, 0);
    decided.decide(ENOUGH * Model.CALLED);
    return decided.links;
  }

  /**
   * Each node calls so often, equally often each of its services.
   *
   * @param seed of the ids and of all draws
   */
  static Figures of(Model model, int callsPerNode, long seed) {
    Decided decided = new Decided(model, ids(model.nodes(), seed), seed + 1);
    decided.decide(callsPerNode);
    return Figures.of(model, How.DECIDED, decided.links, decided.calls);
  }

  private Instance instance(int node) {
    return new Instance(
        Model.service(model.serves().get(node)),
        Model.node(node),
        ids.get(node),
        List.of(new Address("127.0.0.1", 1)),
        "",
        Map.of("zone", Model.zone(node)),
        true,
        LONG_AGO,
        List.of());
  }

  private void decide(int callsPerNode) {
    for (int n = 0; n < model.nodes(); n++) {
      List<Integer> services = model.calls().get(n);
      Map<String, String> own = Map.of("zone", Model.zone(n));
      RoutingPlan plan = RoutingPlan.of(model.routing(), () -> own, ids.get(n));
      for (int s : services) {
        decide(n, s, plan, callsPerNode / services.size());
      }
    }
  }

  /** Nobody has a link to itself in a mesh. */
  private static View without(View view, NodeId id) {
    return new View(view.instances().stream().filter(i -> !i.id().equals(id)).toList(), 0, "");
  }

  private void decide(int node, int service, RoutingPlan plan, int count) {
    View view = views.get(service);
    if (model.kind() == Kind.MESH) {
      view = without(view, ids.get(node));
    }
    InstanceStates states = new InstanceStates(() -> random);
    states.update(view, 0, LONG_AGO * 2);
    Candidates candidates = Candidates.of(Model.service(service), view, null, null, states, plan);
    for (int i = 0; i < count; i++) {
      long now = (i + 1) * MILLISECOND;
      Candidate chosen = candidates.pick(Set.of(), now, random);
      if (chosen != null) {
        chosen.state().begin();
        chosen.state().end(Outcome.REPLIED, MILLISECOND, now);
        int number = numbers.getOrDefault(chosen.instance().id(), -1);
        calls[number]++;
        links.add(Pair.of(node, number));
      }
    }
  }
}
