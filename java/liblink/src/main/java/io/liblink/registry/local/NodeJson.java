package io.liblink.registry.local;

import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import java.util.List;
import tools.jackson.core.json.JsonFactory;

/**
 * What a node announces, as JSON: the same form as the files of {@code local:}, without a process.
 * Nodes answer it to peers that ask them directly. Thread-safe.
 */
public final class NodeJson {
  private final JsonFactory json = new JsonFactory();
  private final String cluster;

  /** For the nodes of one cluster. */
  public NodeJson(String cluster) {
    this.cluster = cluster;
  }

  /** Writes what one node announces; there must be something. */
  public byte[] write(String node, NodeId id, List<Instance> instances) {
    return new EntryWriter(json, cluster, node, id, null).write(instances.get(0), instances);
  }

  /**
   * Reads what one node announces.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  public List<Instance> read(byte[] bytes, NodeId id) {
    try {
      return new EntryReader(json, cluster).read(bytes, id).instances();
    } catch (BadEntry e) {
      throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
    }
  }
}
