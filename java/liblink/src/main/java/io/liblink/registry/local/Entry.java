package io.liblink.registry.local;

import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one file says: a node and all that it announces.
 *
 * @param id the run of the node, also the file's name
 * @param run its process, null when the file doesn't tell
 * @param instances one for each service, in the file's order
 */
record Entry(NodeId id, Processes.@Nullable Run run, List<Instance> instances) {
  private static final String SUFFIX = ".json";

  Entry {
    instances = List.copyOf(instances);
  }

  /** The name of the file of that node. */
  static String fileName(NodeId id) {
    return id + SUFFIX;
  }

  /** The name that a file has while it is written; readers don't look at it. */
  static String temporaryName(NodeId id) {
    return "." + id + ".tmp";
  }

  /** Whether a file of that name is one that is being written, or was when its writer died. */
  static boolean isTemporary(String name) {
    return name.length() == 2 * NodeId.SIZE + 5
        && name.charAt(0) == '.'
        && name.endsWith(".tmp")
        && isId(name.substring(1, 2 * NodeId.SIZE + 1));
  }

  /** The node whose file has that name, or null when it is no entry's name. */
  static @Nullable NodeId idOf(String name) {
    if (name.length() != 2 * NodeId.SIZE + SUFFIX.length() || !name.endsWith(SUFFIX)) {
      return null;
    }
    String id = name.substring(0, 2 * NodeId.SIZE);
    return isId(id) ? NodeId.parse(id) : null;
  }

  /** 32 lower-case digits: one spelling, or one node could have two files. */
  static boolean isId(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return text.length() == 2 * NodeId.SIZE;
  }
}
