package io.liblink.registry.consul;

import io.liblink.message.Address;
import io.liblink.message.Names;
import io.liblink.message.NodeId;
import io.liblink.registry.Endpoint;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What {@link MetaWriter} wrote, and whatever else may stand there: refused with a reason. */
final class MetaReader {
  private final Map<String, String> pairs;
  private final Map<String, String> packed;

  /**
   * Takes the pairs of one service.
   *
   * @throws IllegalArgumentException when they are not what a liblink of this version understands
   */
  MetaReader(Map<String, String> pairs) {
    this.pairs = pairs;
    String format = pairs.getOrDefault(Meta.FORMAT, "1");
    if (!format.equals("1")) {
      throw new IllegalArgumentException(
          "its form is number " + format + ", which a newer liblink reads");
    }
    this.packed = unpacked(joined(Meta.PACKED, ""));
  }

  /** The cluster that it is of; null when it was not announced by liblink. */
  static @Nullable String cluster(Map<String, String> pairs) {
    return pairs.get(Meta.CLUSTER);
  }

  String node() {
    return Names.node(needed(Meta.NODE));
  }

  NodeId id() {
    return NodeId.parse(needed(Meta.ID));
  }

  long startedMillis() {
    String text = needed(Meta.STARTED);
    try {
      return Instant.parse(text).toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException(Meta.STARTED + " is no time: '" + text + "'", e);
    }
  }

  String version() {
    return pairs.getOrDefault(Meta.VERSION, packed.getOrDefault(Meta.VERSION, ""));
  }

  boolean isWithoutWeight() {
    return pairs.getOrDefault(Meta.WEIGHT, "1").equals("0");
  }

  /** What Consul has as its address, which may be translated, then the others that it gave. */
  List<Address> addresses(Address first) {
    Set<Address> all = new LinkedHashSet<>();
    all.add(first);
    for (String word : words(Meta.ADDRESSES)) {
      all.add(Address.parse(word));
    }
    return new ArrayList<>(all);
  }

  /** The user's metadata, packed or not. */
  Map<String, String> metadata() {
    Map<String, String> all = new TreeMap<>(packed);
    all.remove(Meta.VERSION);
    pairs.forEach((key, value) -> {
      if (!key.startsWith(Meta.OWN) && !key.startsWith(Meta.CONSUL)) {
        all.put(key, value);
      }
    });
    return all;
  }

  List<Endpoint> endpoints() {
    List<Endpoint> all = new ArrayList<>();
    for (Endpoint.Kind kind : Endpoint.Kind.values()) {
      for (String word : words(MetaWriter.key(kind))) {
        boolean idempotent = word.endsWith("*");
        String name = idempotent ? word.substring(0, word.length() - 1) : word;
        all.add(new Endpoint(Names.endpoint(name), kind, idempotent));
      }
    }
    return all;
  }

  private String needed(String key) {
    String value = pairs.get(key);
    if (value == null) {
      throw new IllegalArgumentException(key + " is missing");
    }
    return value;
  }

  private List<String> words(String key) {
    String text = joined(key, " ");
    return text.isEmpty() ? List.of() : List.of(text.split(" ", -1));
  }

  private String joined(String key, String between) {
    StringBuilder text = new StringBuilder();
    for (int n = 1; n <= Meta.MOST_PAIRS; n++) {
      String part = pairs.get(Meta.part(key, n));
      if (part == null) {
        break;
      }
      text.append(n == 1 ? "" : between).append(part);
    }
    return text.toString();
  }

  private static Map<String, String> unpacked(String text) {
    Map<String, String> pairs = new TreeMap<>();
    if (text.isEmpty()) {
      return pairs;
    }
    for (String pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException(Meta.PACKED + " holds a key without a value");
      }
      String key = URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8);
      pairs.put(
          Names.metaKey(key),
          URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return pairs;
  }
}
