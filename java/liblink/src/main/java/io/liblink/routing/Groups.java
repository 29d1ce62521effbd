package io.liblink.routing;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Groups of nodes (as Erlang's s_groups): a service that is for some groups is there for nodes of these
 * groups and for nobody else, and nodes of different groups may use one name for different services.
 * Groups travel in the metadata, under {@value #KEY}, separated by commas.
 */
public final class Groups {
  /** The metadata key, of nodes and of instances. */
  public static final String KEY = "liblink-groups";

  /** The most that a node is in or a service is for. */
  public static final int MOST = 16;

  private Groups() {}

  /** Those in that metadata; empty: none. */
  public static Set<String> of(Map<String, String> metadata) {
    String text = metadata.get(KEY);
    if (text == null || text.isEmpty()) {
      return Set.of();
    }
    return new TreeSet<>(Arrays.asList(text.split(",", -1)));
  }

  /** As it travels. */
  public static String text(Set<String> groups) {
    return String.join(",", new TreeSet<>(groups));
  }

  /**
   * Why a node may not use a service, in words; null when it may.
   *
   * @param service the groups that the service is for; empty: all nodes
   * @param node the groups of the node
   */
  public static @Nullable String refusal(Set<String> service, Set<String> node) {
    if (service.isEmpty() || service.stream().anyMatch(node::contains)) {
      return null;
    }
    return "is for nodes of " + words(service) + " only, and this node is in "
        + (node.isEmpty() ? "no group" : words(node));
  }

  private static String words(Set<String> groups) {
    return (groups.size() == 1 ? "the group " : "the groups ") + String.join(", ", groups);
  }
}
