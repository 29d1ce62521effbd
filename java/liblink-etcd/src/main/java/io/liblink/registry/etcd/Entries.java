package io.liblink.registry.etcd;

import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.registry.View;
import io.liblink.registry.local.NodeJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads and writes the values of keys. Thread-safe. */
final class Entries {
  /**
   * A key as etcd has it.
   *
   * @param revision when it was written last
   * @param instance what it says; null when it is not to be used
   * @param skipped why not; null when it is used
   */
  record Entry(
      String key, long revision, @Nullable Instance instance, View.@Nullable Skipped skipped) {}

  private final Keys keys;
  private final NodeJson json;

  Entries(Keys keys, String cluster) {
    this.keys = keys;
    this.json = new NodeJson(cluster);
  }

  byte[] write(Instance instance) {
    return json.write(instance.node(), instance.id(), List.of(instance));
  }

  /** Reads one key-value of an answer or an event. */
  Entry read(String service, JsonNode kv) {
    String key = Json.key(kv);
    long revision = Json.number(kv, "mod_revision");
    NodeId id = keys.idOf(service, key);
    if (id == null) {
      return skipped(key, revision, "its name does not end with the id of a node");
    }
    byte[] value = Json.bytes(kv, "value");
    if (value.length > Rules.MOST_VALUE_BYTES) {
      return skipped(key, revision, "its value has more than " + Rules.MOST_VALUE_BYTES + " bytes");
    }
    try {
      List<Instance> instances = json.read(value, id);
      if (instances.size() != 1 || !instances.get(0).service().equals(service)) {
        return skipped(
            key, revision, "its value is not of one service, that which the key is under");
      }
      return new Entry(key, revision, instances.get(0), null);
    } catch (IllegalArgumentException e) {
      return skipped(key, revision, "its value is none of liblink: " + e.getMessage());
    }
  }

  private static Entry skipped(String key, long revision, String why) {
    String shown = new String(key.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    return new Entry(
        key,
        revision,
        null,
        new View.Skipped(EtcdException.printable(shown), EtcdException.printable(why)));
  }
}
