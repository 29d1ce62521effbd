package io.liblink.registry.local;

import io.liblink.message.Address;
import io.liblink.message.NodeId;
import io.liblink.registry.Endpoint;
import io.liblink.registry.Instance;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes entries as {@code spec/registry-local.md} has them. Not thread-safe. */
final class EntryWriter {
  private final JsonFactory json;
  private final String cluster;
  private final String node;
  private final NodeId id;
  private final Processes.@Nullable Run run;

  EntryWriter(
      JsonFactory json, String cluster, String node, NodeId id, Processes.@Nullable Run run) {
    this.json = json;
    this.cluster = cluster;
    this.node = node;
    this.id = id;
    this.run = run;
  }

  /**
   * The bytes of the file.
   *
   * @param newest of which the node's own fields are taken, as they are the same for all services
   * @param instances all services
   */
  byte[] write(Instance newest, List<Instance> instances) {
    StringWriter text = new StringWriter(512);
    try (JsonGenerator g = json.createGenerator(ObjectWriteContext.empty(), text)) {
      g.writeStartObject();
      g.writeNumberProperty("format", Rules.FORMAT);
      g.writeStringProperty("cluster", cluster);
      g.writeStringProperty("node", node);
      g.writeStringProperty("id", id.toString());
      if (run != null) {
        g.writeName("process");
        g.writeStartObject();
        g.writeNumberProperty("pid", run.pid());
        g.writeNumberProperty("start", run.start());
        g.writeStringProperty("scope", run.scope());
        g.writeEndObject();
      }
      g.writeNumberProperty("started", newest.startedMillis());
      g.writeName("addresses");
      g.writeStartArray();
      for (Address address : newest.addresses()) {
        g.writeString(address.toString());
      }
      g.writeEndArray();
      g.writeName("services");
      g.writeStartArray();
      for (Instance instance : instances) {
        service(g, instance);
      }
      g.writeEndArray();
      g.writeEndObject();
    }
    // Through text and not straight to bytes: half a surrogate pair in metadata becomes a question
    // mark instead of an exception.
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void service(JsonGenerator g, Instance instance) {
    g.writeStartObject();
    g.writeStringProperty("name", instance.service());
    g.writeStringProperty("version", instance.version());
    g.writeBooleanProperty("ready", instance.ready());
    if (instance.weight() != 1) {
      g.writeNumberProperty("weight", instance.weight());
    }
    g.writeName("metadata");
    g.writeStartObject();
    for (Map.Entry<String, String> e : new TreeMap<>(instance.metadata()).entrySet()) {
      g.writeStringProperty(e.getKey(), e.getValue());
    }
    g.writeEndObject();
    g.writeName("endpoints");
    g.writeStartArray();
    for (Endpoint endpoint : instance.endpoints()) {
      g.writeStartObject();
      g.writeStringProperty("name", endpoint.name());
      g.writeStringProperty("kind", endpoint.kind().name().toLowerCase(Locale.ROOT));
      g.writeBooleanProperty("idempotent", endpoint.idempotent());
      g.writeEndObject();
    }
    g.writeEndArray();
    g.writeEndObject();
  }
}
