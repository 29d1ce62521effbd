package io.liblink.routing;

import io.liblink.message.Address;
import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which callers a service is for: nodes of some groups, and those that a selector selects. Checked by the
 * serving node, whatever the caller thinks ({@code spec/routing.md}). Immutable and thread-safe.
 */
public final class CallerRule {
  /** Looked at for the sake of its metadata and name only. */
  private static final List<Address> NOWHERE = List.of(new Address("0.0.0.0", 0));

  private final Set<String> groups;
  private final @Nullable Selector callers;

  /**
   * A rule.
   *
   * @param groups empty: nodes of all groups and of none
   * @param callers null: all
   */
  public CallerRule(Set<String> groups, @Nullable Selector callers) {
    this.groups = Set.copyOf(groups);
    this.callers = callers;
  }

  /** Whether nobody is kept out. */
  public boolean isOpen() {
    return groups.isEmpty() && callers == null;
  }

  /**
   * Why a caller is kept out, in words; null when it is not.
   *
   * @param node its name, as proved
   * @param id its run
   * @param metadata as it says
   */
  public @Nullable String refusal(String node, NodeId id, Map<String, String> metadata) {
    String why = Groups.refusal(groups, Groups.of(metadata));
    if (why != null) {
      return why.replace("this node", "the caller");
    }
    if (callers == null) {
      return null;
    }
    Instance caller = new Instance("", node, id, NOWHERE, "", metadata, true, 0, List.of());
    String failed = callers.explain(caller);
    return failed == null ? null : "is for callers with " + callers.source() + " only: " + failed;
  }
}
