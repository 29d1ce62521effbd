package io.liblink.registry.etcd;

import io.liblink.message.NodeId;
import org.jspecify.annotations.Nullable;

/** The names of keys: {@code prefix/cluster/service/id}, as {@code spec/registry-etcd.md} has them. */
final class Keys {
  private static final int ID_DIGITS = 2 * NodeId.SIZE;

  private final String root;

  Keys(String prefix, String cluster) {
    this.root = prefix + "/" + cluster + "/";
  }

  /** What the keys of the whole cluster begin with. */
  String root() {
    return root;
  }

  /** What the keys of all instances of a service begin with. */
  String service(String service) {
    return root + service + "/";
  }

  /** The key of one instance. */
  String instance(String service, NodeId id) {
    return service(service) + id;
  }

  /** The service of a key; null when it is none under the root. */
  @Nullable
  String serviceOf(String key) {
    int slash = key.startsWith(root) ? key.indexOf('/', root.length()) : -1;
    return slash <= root.length() ? null : key.substring(root.length(), slash);
  }

  /** The node of a key of that service; null when the rest of the key is no id. */
  @Nullable
  NodeId idOf(String service, String key) {
    String prefix = service(service);
    if (!key.startsWith(prefix) || key.length() != prefix.length() + ID_DIGITS) {
      return null;
    }
    String id = key.substring(prefix.length());
    try {
      NodeId parsed = NodeId.parse(id);
      // One spelling, or one node could have two keys.
      return parsed.toString().equals(id) ? parsed : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** The end of the range of all keys that begin so: the same with a last character one higher. */
  static String endOf(String prefix) {
    int last = prefix.length() - 1;
    return prefix.substring(0, last) + (char) (prefix.charAt(last) + 1);
  }
}
