package io.liblink.routing;

import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.topology.Routing;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The rules of a {@link Routing}, read, for one node. Immutable and thread-safe. */
public final class RoutingPlan {
  final Routing rules;
  final List<Selector> splits;
  private final List<Selector> groups;
  private final Supplier<Map<String, String>> own;
  private final long self;

  private RoutingPlan(Routing rules, Supplier<Map<String, String>> own, long self) {
    this.rules = rules;
    this.splits = rules.splits().stream().map(s -> Selector.parse(s.selector())).toList();
    this.groups = rules.groups().stream().map(Selector::parse).toList();
    this.own = own;
    this.self = self;
  }

  /**
   * Reads the rules.
   *
   * @param own the metadata of this node, asked for with each new view
   * @param self this run of this node: what its share of large services depends on
   * @throws SelectorException when a selector can't be read
   */
  public static RoutingPlan of(Routing rules, Supplier<Map<String, String>> own, NodeId self) {
    return new RoutingPlan(rules, own, Rendezvous.hash(self));
  }

  /** Why this node may not use that instance, in words; null when it may. */
  @Nullable
  String refusal(Instance instance) {
    return Groups.refusal(Groups.of(instance.metadata()), Groups.of(own.get()));
  }

  /** For whose share an instance is; the number of splits for none. */
  int splitOf(Instance instance) {
    return first(splits, instance);
  }

  /** Which group it belongs to; the number of groups for none. */
  int groupOf(Instance instance) {
    return first(groups, instance);
  }

  private static int first(List<Selector> selectors, Instance instance) {
    int i = 0;
    while (i < selectors.size() && !selectors.get(i).test(instance)) {
      i++;
    }
    return i;
  }

  /** How far away it is: the first of the keys of nearness that agrees. */
  int distanceOf(Instance instance) {
    List<String> keys = rules.nearness();
    int i = 0;
    while (i < keys.size() && !agrees(keys.get(i), instance)) {
      i++;
    }
    return i;
  }

  private boolean agrees(String key, Instance instance) {
    String mine = own.get().get(key);
    return mine != null && mine.equals(instance.metadata().get(key));
  }

  /** The score of an instance, by the hash of its id, for the subset of this node. */
  long scoreOf(long instance) {
    return Rendezvous.score(self, instance);
  }

  long slowStartNanos() {
    return rules.slowStart().toNanos();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RoutingPlan p && p.rules.equals(rules) && p.self == self;
  }

  @Override
  public int hashCode() {
    return rules.hashCode();
  }
}
