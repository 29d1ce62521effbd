package io.liblink.registry.consul;

import io.liblink.message.Address;
import io.liblink.registry.Endpoint;
import io.liblink.registry.Instance;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An instance as the pairs of Consul's Meta. Metadata stands there as it is, so that Consul's UI,
 * filters and other tools see it; what does not fit Consul's rules is packed; endpoints are left out
 * when there is no room for all.
 */
final class MetaWriter {
  /** Endpoints take no more pairs than this, lest every reader of a large service pays for them. */
  static final int MOST_ENDPOINT_PAIRS = 16;

  private final Map<String, String> pairs = new TreeMap<>();

  private MetaWriter() {}

  /**
   * The pairs of an instance.
   *
   * @throws IllegalArgumentException when Consul can't hold its metadata, whatever is left out
   */
  static Map<String, String> pairs(Instance instance, String cluster) {
    MetaWriter writer = new MetaWriter();
    writer.own(instance, cluster);
    Map<String, String> endpoints = endpoints(instance.endpoints());
    if (endpoints.size() <= MOST_ENDPOINT_PAIRS
        && writer.metadata(instance, Meta.MOST_PAIRS - endpoints.size())) {
      writer.pairs.putAll(endpoints);
    } else if (!writer.metadata(instance, Meta.MOST_PAIRS)) {
      throw new IllegalArgumentException("service '"
          + instance.service()
          + "' is not announced: its metadata takes more than the "
          + Meta.MOST_PAIRS
          + " pairs of "
          + Meta.LONGEST_VALUE
          + " bytes that Consul holds: give it less");
    }
    return writer.pairs;
  }

  private void own(Instance instance, String cluster) {
    pairs.put(Meta.CLUSTER, cluster);
    pairs.put(Meta.NODE, instance.node());
    pairs.put(Meta.ID, instance.id().toString());
    pairs.put(Meta.STARTED, Instant.ofEpochMilli(instance.startedMillis()).toString());
    if (instance.weight() == 0) {
      pairs.put(Meta.WEIGHT, "0"); // Consul's own weights begin at 1
    }
    if (instance.addresses().size() > 1) {
      put(
          pairs,
          Meta.ADDRESSES,
          chunks(instance.addresses().stream().map(Address::toString).toList()));
    }
  }

  /** False, and nothing done, when there is no room. */
  private boolean metadata(Instance instance, int most) {
    Map<String, String> odd = new TreeMap<>();
    Map<String, String> plain = new TreeMap<>();
    if (!instance.version().isEmpty()) {
      boolean fits = bytes(instance.version()) <= Meta.LONGEST_VALUE;
      (fits ? plain : odd).put(Meta.VERSION, instance.version());
    }
    instance.metadata().forEach((key, value) -> {
      boolean fits = bytes(value) <= Meta.LONGEST_VALUE
          && !key.startsWith(Meta.OWN)
          && !key.startsWith(Meta.CONSUL);
      (fits ? plain : odd).put(key, value);
    });
    // More than there is room for: those with the last names are packed, in as few pairs as it
    // takes.
    var last = new ArrayList<>(plain.keySet());
    while (pairs.size() + plain.size() + packed(odd).size() > most && !last.isEmpty()) {
      String key = last.remove(last.size() - 1);
      odd.put(key, String.valueOf(plain.remove(key)));
    }
    List<String> chunks = packed(odd);
    if (pairs.size() + plain.size() + chunks.size() > most) {
      return false;
    }
    pairs.putAll(plain);
    put(pairs, Meta.PACKED, chunks);
    return true;
  }

  /** {@code key=value&key=value}, percent-encoded, in pieces that Consul takes. */
  private static List<String> packed(Map<String, String> odd) {
    StringBuilder text = new StringBuilder();
    odd.forEach((key, value) -> text.append(text.isEmpty() ? "" : "&")
        .append(URLEncoder.encode(key, StandardCharsets.UTF_8))
        .append('=')
        .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    List<String> chunks = new ArrayList<>();
    for (int at = 0; at < text.length(); at += Meta.LONGEST_VALUE) {
      chunks.add(text.substring(at, Math.min(text.length(), at + Meta.LONGEST_VALUE)));
    }
    return chunks;
  }

  private static Map<String, String> endpoints(List<Endpoint> endpoints) {
    Map<String, String> all = new TreeMap<>();
    for (Endpoint.Kind kind : Endpoint.Kind.values()) {
      List<String> names = endpoints.stream()
          .filter(e -> e.kind() == kind)
          .map(e -> e.idempotent() ? e.name() + "*" : e.name())
          .toList();
      put(all, key(kind), chunks(names));
    }
    return all;
  }

  static String key(Endpoint.Kind kind) {
    return switch (kind) {
      case METHOD -> Meta.METHODS;
      case TOPIC -> Meta.TOPICS;
      case QUEUE -> Meta.QUEUES;
    };
  }

  private static void put(Map<String, String> pairs, String key, List<String> chunks) {
    for (int n = 1; n <= chunks.size(); n++) {
      pairs.put(Meta.part(key, n), chunks.get(n - 1));
    }
  }

  /** Words in lines that Consul takes. */
  private static List<String> chunks(List<String> words) {
    List<String> chunks = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : words) {
      String next = line.isEmpty() ? word : " " + word;
      if (bytes(line + next) > Meta.LONGEST_VALUE && !line.isEmpty()) {
        chunks.add(line.toString());
        line.setLength(0);
        next = word;
      }
      line.append(next);
    }
    if (!line.isEmpty()) {
      chunks.add(line.toString());
    }
    return chunks;
  }

  static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
