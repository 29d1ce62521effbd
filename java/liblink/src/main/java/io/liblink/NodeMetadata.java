package io.liblink;

import io.liblink.message.Names;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The metadata of a node, which may change while it runs. Thread-safe. */
final class NodeMetadata {
  private static final int MOST = 64;
  private static final int LONGEST = 512;

  private volatile Map<String, String> pairs;

  NodeMetadata(Map<String, String> pairs) {
    this.pairs = pairs;
  }

  /** Unmodifiable. */
  Map<String, String> get() {
    return pairs;
  }

  /** Changes one pair; null removes it. Whether that made a difference. */
  synchronized boolean change(String key, @Nullable String value) {
    Map<String, String> changed = changed(pairs, key, value);
    boolean different = !changed.equals(pairs);
    pairs = changed;
    return different;
  }

  /** A changed copy, checked against the bounds of announcements. */
  static Map<String, String> changed(
      Map<String, String> pairs, String key, @Nullable String value) {
    Names.metaKey(key);
    Map<String, String> copy = new TreeMap<>(pairs);
    if (value == null) {
      copy.remove(key);
      return Map.copyOf(copy);
    }
    if (value.length() > LONGEST) {
      throw new IllegalArgumentException("metadata '" + key + "' has " + value.length()
          + " characters; at most " + LONGEST + " are announced");
    }
    copy.put(key, value);
    if (copy.size() > MOST) {
      throw new IllegalArgumentException("more than " + MOST + " pairs of metadata");
    }
    return Map.copyOf(copy);
  }
}
