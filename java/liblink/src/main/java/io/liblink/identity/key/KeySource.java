package io.liblink.identity.key;

import io.liblink.identity.ClusterKeyException;
import io.liblink.identity.ClusterKeyException.Reason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Where a node's cluster keys come from. Implementations are thread-safe; loading may block. */
public sealed interface KeySource permits LiteralKeys, NamedKeyFile, UserKeyFile {
  /** One signs; a second is accepted while keys are rotated. */
  int MAX_KEYS = 2;

  /**
   * Reads the keys for the first time; where that is allowed, a missing one is created.
   *
   * @throws ClusterKeyException when there are none that may be used; the message has the cure
   */
  default Loaded load() {
    return reload();
  }

  /**
   * Reads the keys afresh and creates nothing: a key that vanished is no reason to leave the cluster.
   *
   * @throws ClusterKeyException as {@link #load}
   */
  Loaded reload();

  /** The source in words, such as the path of a file. Never the key. */
  String describe();

  /** Keys given as text, separated by commas: {@code LIBLINK_KEY}. */
  static KeySource literal(String keys) {
    return new LiteralKeys(keys);
  }

  /** A file that somebody named: {@code LIBLINK_KEY_FILE}. It is never created. */
  static KeySource file(Path file) {
    return new NamedKeyFile(file);
  }

  /** The cluster's own file in the user's configuration directory, created when it is missing. */
  static KeySource ofUser(String cluster, Map<String, String> environment) {
    return new UserKeyFile(cluster, environment);
  }

  /**
   * What was read.
   *
   * @param keys one or two; the first signs, all are accepted; unmodifiable
   * @param created true when this load made the key because there was none
   * @param warnings what the owner should know, each a sentence
   */
  record Loaded(List<ClusterKey> keys, boolean created, List<String> warnings) {
    /** Copies the lists. */
    public Loaded {
      keys = List.copyOf(keys);
      warnings = List.copyOf(warnings);
    }
  }

  /** Reads keys that commas or line ends separate; blank parts and lines from {@code #} are skipped. */
  static List<ClusterKey> parse(String text, String where) {
    List<ClusterKey> keys = new ArrayList<>();
    for (String line : text.split("[\r\n]+")) {
      if (line.strip().startsWith("#")) {
        continue;
      }
      for (String part : line.split(",")) {
        if (part.isBlank()) {
          continue;
        }
        if (keys.size() == MAX_KEYS) {
          throw new ClusterKeyException(
              Reason.COUNT,
              where + " holds more than two cluster keys: keep the one that signs"
                  + " first and at most one more, which is accepted while keys are rotated");
        }
        keys.add(parseOne(part, where));
      }
    }
    if (keys.isEmpty()) {
      throw new ClusterKeyException(
          Reason.COUNT,
          where + " holds no cluster key: put one there ('liblink key new' makes one)");
    }
    if (keys.size() == MAX_KEYS && keys.get(0).equals(keys.get(1))) {
      throw new ClusterKeyException(
          Reason.COUNT, where + " holds the same cluster key twice: remove one of them");
    }
    return keys;
  }

  private static ClusterKey parseOne(String text, String where) {
    try {
      return ClusterKey.parse(text);
    } catch (ClusterKeyException e) {
      throw new ClusterKeyException(e.reason(), where + ": " + e.getMessage());
    }
  }
}
