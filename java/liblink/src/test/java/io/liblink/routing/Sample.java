package io.liblink.routing;

import io.liblink.message.Address;
import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.registry.View;
import io.liblink.topology.Routing;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Instances for tests: number n is on node {@code n<n>} with the id {@code 0…n}. */
final class Sample {
  /** Everybody started an age ago. */
  static final long LONG_AGO_MILLIS = 1_000_000_000_000L;

  static final RoutingPlan PLAN = plan(Routing.defaults());

  static RoutingPlan plan(Routing rules) {
    return RoutingPlan.of(rules, () -> Map.of("zone", "eu", "region", "west"), id(77));
  }

  static final long MS = 1_000_000L;
  static final long SECOND = 1_000 * MS;

  private Sample() {}

  static Instance instance(int number, Map<String, String> metadata) {
    return new Instance(
        "pricing",
        "n" + number,
        id(number),
        List.of(new Address("127.0.0.1", 7000)),
        "1.2",
        metadata,
        true,
        0,
        List.of());
  }

  static NodeId id(int number) {
    return new NodeId((long) number << 32 | 0xabcdef, number);
  }

  static View view(Instance... instances) {
    return new View(Arrays.asList(instances), 0, "");
  }

  static View view(int count) {
    return view(
        IntStream.range(0, count).mapToObj(n -> instance(n, Map.of())).toArray(Instance[]::new));
  }

  static InstanceStates states(View view) {
    SplittableRandom random = new SplittableRandom(7);
    InstanceStates states = new InstanceStates(() -> random);
    states.update(view, 0, LONG_AGO_MILLIS);
    return states;
  }

  static Candidates candidates(View view, InstanceStates states) {
    return Candidates.of("pricing", view, null, null, states, PLAN);
  }

  static void faults(InstanceState state, int count, long now) {
    for (int i = 0; i < count; i++) {
      state.begin();
      state.end(Outcome.FAULT, MS, now);
    }
  }
}
