package io.liblink.cli.command;

import io.liblink.Explanation;
import io.liblink.RemoteService;
import io.liblink.registry.Instance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Instances for listings: ready or not, for whichever nodes they are. */
final class Instances {
  /** Metadata of instances that are for nodes of some groups only, as {@code spec/routing.md} says. */
  private static final String GROUPS = "liblink-groups";

  private Instances() {}

  /** What the registry knows of a service; only what the selector selects when there is one. */
  static List<Instance> of(RemoteService service, @Nullable String where) {
    if (where == null) {
      return service.explain().instances().stream()
          .map(Explanation.Place::instance)
          .toList();
    }
    RemoteService some = service.where(where);
    // Those of other groups are only in the explanation, those that are not ready only here.
    Set<Instance> selected = new HashSet<>(some.instances());
    List<Instance> all = new ArrayList<>();
    for (Explanation.Place place : some.explain().instances()) {
      boolean fits = place.step().compareTo(Explanation.Step.SELECTED) >= 0;
      if (fits || selected.contains(place.instance())) {
        all.add(place.instance());
      }
    }
    return all;
  }

  /** Whether the registry can't say which services there are. */
  static boolean notListed(Settings settings) {
    String registry = settings.registry();
    return registry != null && registry.strip().startsWith("dns:");
  }

  /** The groups that it is for, sorted; empty for all nodes. */
  static Set<String> groups(Instance instance) {
    String groups = instance.metadata().getOrDefault(GROUPS, "");
    return groups.isEmpty() ? Set.of() : new TreeSet<>(Arrays.asList(groups.split(",", -1)));
  }

  /** {@code not ready}, with the reason when the registry knows it. */
  static String readiness(Instance instance) {
    return instance.ready()
        ? "ready"
        : "not ready" + (instance.note().isEmpty() ? "" : ": " + instance.note());
  }
}
