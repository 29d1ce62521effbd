package io.liblink.bench.topology;

import io.liblink.topology.Routing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which node serves what and calls whom. Nodes and services are numbered from 0. Immutable.
 *
 * @param kind what it stands for
 * @param routing by which every node chooses
 * @param serves the service of each node
 * @param calls the services that each node calls
 */
record Model(Kind kind, Routing routing, List<Integer> serves, List<List<Integer>> calls) {
  /** What a cluster may be like. */
  enum Kind {
    /** Every node has a link to every other. */
    MESH("full mesh"),
    /** Many services, large and small, each of which calls a few others. */
    SERVICES("liblink, services"),
    /** The same in three zones, each calling its own first. */
    ZONES("liblink, services, same zone first"),
    /** The worst case: one service, with all instances, that all nodes call. */
    ONE("liblink, one service");

    final String title;

    Kind(String title) {
      this.title = title;
    }
  }

  /** How many others a service calls. */
  static final int CALLED = 3;

  static final int ZONES = 3;

  /** No slow start: what is measured is not how it begins. */
  private static final Routing RULES = Routing.defaults().slowStart(Duration.ZERO);

  static Model of(Kind kind, int nodes, long seed) {
    return switch (kind) {
      case MESH -> one(kind, nodes, RULES.subset(Integer.MAX_VALUE));
      case ONE -> one(kind, nodes, RULES);
      case SERVICES -> services(kind, nodes, RULES, seed);
      case ZONES -> services(kind, nodes, RULES.preferSame("zone"), seed);
    };
  }

  /** The same with another cap. */
  Model withSubset(int most) {
    return new Model(kind, routing.subset(most), serves, calls);
  }

  private static Model one(Kind kind, int nodes, Routing routing) {
    return new Model(
        kind, routing, Collections.nCopies(nodes, 0), Collections.nCopies(nodes, List.of(0)));
  }

  private static Model services(Kind kind, int nodes, Routing routing, long seed) {
    List<Integer> sizes = sizes(nodes);
    SplittableRandom random = new SplittableRandom(seed);
    List<Integer> serves = new ArrayList<>();
    List<List<Integer>> calls = new ArrayList<>();
    for (int s = 0; s < sizes.size(); s++) {
      int self = s;
      List<Integer> others = random
          .ints(0, sizes.size())
          .filter(o -> o != self)
          .distinct()
          .limit(Math.min(CALLED, sizes.size() - 1))
          .boxed()
          .toList();
      serves.addAll(Collections.nCopies(sizes.get(s), s));
      calls.addAll(Collections.nCopies(sizes.get(s), others));
    }
    return new Model(kind, routing, List.copyOf(serves), List.copyOf(calls));
  }

  /**
   * The instances of each service: as many services as the square root of 2.5 times the nodes, the
   * s-th with a share of the nodes in proportion to 1/s (Zipf), none with less than two.
   */
  static List<Integer> sizes(int nodes) {
    int services = (int) Math.max(2, Math.round(Math.sqrt(2.5 * nodes)));
    double sum = IntStream.rangeClosed(1, services).mapToDouble(s -> 1.0 / s).sum();
    List<Integer> rest = IntStream.rangeClosed(2, services)
        .mapToObj(s -> (int) Math.max(2, Math.round(nodes / sum / s)))
        .toList();
    int largest = nodes - rest.stream().mapToInt(i -> i).sum();
    return Stream.concat(Stream.of(largest), rest.stream()).toList();
  }

  /** All of them together, each by one node. */
  int watches() {
    return calls.stream().mapToInt(List::size).sum();
  }

  int nodes() {
    return serves.size();
  }

  int services() {
    return 1 + Collections.max(serves);
  }

  /** The nodes that serve it. */
  List<Integer> instances(int service) {
    return IntStream.range(0, nodes())
        .filter(n -> serves.get(n) == service)
        .boxed()
        .toList();
  }

  static String service(int number) {
    return "service-" + number;
  }

  static String node(int number) {
    return "node-" + number;
  }

  static String zone(int node) {
    return "zone-" + node % ZONES;
  }
}
