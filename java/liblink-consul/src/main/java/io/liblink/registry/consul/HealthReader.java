package io.liblink.registry.consul;

import io.liblink.message.Address;
import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.registry.View;
import io.liblink.registry.View.Skipped;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** Reads the answer of {@code /v1/health/service/…}. Thread-safe. */
final class HealthReader {
  private final String cluster;
  private final JsonMapper json;

  /** For one entry of many. */
  private final ObjectReader entries;

  HealthReader(String cluster, JsonMapper json) {
    this.cluster = cluster;
    this.json = json;
    this.entries = json.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  /**
   * Reads an answer. What is no instance is skipped, with its reason; others' clusters are left out
   * in silence.
   *
   * @throws RuntimeException when it is not the JSON of such an answer at all
   */
  Health read(String service, byte[] body) {
    // One entry after the other: a tree of thousands would take ten times as much memory as the
    // answer.
    try (JsonParser parser = json.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw new IllegalArgumentException("the answer is no list");
      }
      Health health = read(service, parser);
      if (parser.nextToken() != null) {
        throw new IllegalArgumentException("the answer goes on behind its end");
      }
      return health;
    }
  }

  private Health read(String service, JsonParser parser) {
    List<Instance> instances = new ArrayList<>();
    Set<NodeId> ids = new HashSet<>();
    Set<NodeId> silent = new HashSet<>();
    List<Skipped> skipped = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      JsonNode one = entries.readTree(parser);
      Map<String, String> meta = meta(one.path("Service"));
      String its = MetaReader.cluster(meta);
      if (its != null && !its.equals(cluster)) {
        continue;
      }
      try {
        if (its == null) {
          throw new IllegalArgumentException("it was not announced by liblink");
        }
        Checks checks = Checks.of(one.path("Service").path("ID").asString(""), one.path("Checks"));
        Instance instance = instance(service, one, new MetaReader(meta), checks);
        if (!ids.add(instance.id())) {
          throw new IllegalArgumentException("it is announced twice");
        }
        instances.add(instance);
        if (checks.isSilent()) {
          silent.add(instance.id());
        }
      } catch (IllegalArgumentException e) {
        if (skipped.size() < View.MOST_SKIPPED) {
          skipped.add(new Skipped(name(one), Printable.line(String.valueOf(e.getMessage()), 200)));
        }
      }
    }
    return new Health(instances, silent, skipped);
  }

  private static Instance instance(String service, JsonNode one, MetaReader meta, Checks checks) {
    JsonNode of = one.path("Service");
    String host = of.path("Address").asString("");
    if (host.isEmpty()) {
      host = one.path("Node").path("Address").asString("");
    }
    String datacenter = one.path("Node").path("Datacenter").asString("");
    return new Instance(
        service,
        meta.node(),
        meta.id(),
        meta.addresses(new Address(host, of.path("Port").asInt(0))),
        meta.version(),
        meta.metadata(),
        checks.isReady(),
        meta.startedMillis(),
        meta.endpoints(),
        meta.isWithoutWeight() ? 0 : weight(of.path("Weights"), checks),
        datacenter,
        checks.note());
  }

  private static int weight(JsonNode weights, Checks checks) {
    int weight = weights.path(checks.isWarning() ? "Warning" : "Passing").asInt(1);
    return Math.max(0, Math.min(Instance.MOST_WEIGHT, weight));
  }

  private static Map<String, String> meta(JsonNode service) {
    Map<String, String> pairs = new TreeMap<>();
    for (Map.Entry<String, JsonNode> pair : service.path("Meta").properties()) {
      pairs.put(pair.getKey(), pair.getValue().asString(""));
    }
    return pairs;
  }

  /** As Consul's own command names it. */
  private static String name(JsonNode one) {
    return Printable.line(
        one.path("Service").path("ID").asString("?")
            + " on "
            + one.path("Node").path("Node").asString("?"),
        200);
  }
}
