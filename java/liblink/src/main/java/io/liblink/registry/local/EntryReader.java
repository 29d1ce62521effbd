package io.liblink.registry.local;

import io.liblink.message.Address;
import io.liblink.message.Names;
import io.liblink.message.NodeId;
import io.liblink.registry.Endpoint;
import io.liblink.registry.Instance;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads entries as {@code spec/registry-local.md} has them: unknown fields are passed over, anything
 * else that does not fit makes the whole entry bad. Bounded by the size of the file, which the
 * caller bounds. Not thread-safe.
 */
final class EntryReader {
  private final JsonFactory json;
  private final String cluster;

  EntryReader(JsonFactory json, String cluster) {
    this.json = json;
    this.cluster = cluster;
  }

  /**
   * Reads the bytes of one file.
   *
   * @param file the id that the file is named after
   * @throws BadEntry saying what is wrong
   */
  Entry read(byte[] bytes, NodeId file) throws BadEntry {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new BadEntry("it is not UTF-8");
    }
    try (JsonParser p = json.createParser(ObjectReadContext.empty(), text)) {
      p.nextToken();
      Draft draft = draft(p);
      if (p.nextToken() != null) {
        throw new BadEntry("something follows the object");
      }
      return draft.entry(file, cluster);
    } catch (JacksonException e) {
      throw new BadEntry("it is not JSON: " + firstLine(String.valueOf(e.getOriginalMessage())));
    } catch (IllegalArgumentException e) {
      throw new BadEntry(String.valueOf(e.getMessage()));
    }
  }

  /** Fields as they come; null or negative while one was not there. */
  private static final class Draft {
    private long format = -1;
    private @Nullable String cluster;
    private @Nullable String node;
    private @Nullable String id;
    private Processes.@Nullable Run run;
    private long started = -1;
    private @Nullable List<Address> addresses;
    private @Nullable List<ServiceDraft> services;

    private Entry entry(NodeId file, String expectedCluster) throws BadEntry {
      if (required(format, "format") != Rules.FORMAT) {
        throw new BadEntry("its format is " + format + ", and this reader knows " + Rules.FORMAT);
      }
      if (!required(cluster, "cluster").equals(expectedCluster)) {
        throw new BadEntry("its cluster is '" + cluster + "', in the directory of another");
      }
      if (!required(id, "id").equals(file.toString())) {
        throw new BadEntry("its id is '" + id + "', which its file is not named after");
      }
      String name = Names.node(required(node, "node"));
      long start = required(started, "started");
      List<Address> where = required(addresses, "addresses");
      if (where.isEmpty()) {
        throw new BadEntry("it has no address");
      }
      List<Instance> instances = new ArrayList<>();
      Set<String> names = new HashSet<>();
      for (ServiceDraft s : required(services, "services")) {
        if (!names.add(s.name)) {
          throw new BadEntry("service '" + s.name + "' is there twice");
        }
        instances.add(new Instance(
            s.name,
            name,
            file,
            where,
            s.version,
            s.metadata,
            s.ready,
            start,
            s.endpoints,
            s.weight,
            "",
            ""));
      }
      return new Entry(file, run, instances);
    }
  }

  private record ServiceDraft(
      String name,
      String version,
      boolean ready,
      int weight,
      Map<String, String> metadata,
      List<Endpoint> endpoints) {}

  private static Draft draft(JsonParser p) throws BadEntry {
    expect(p, JsonToken.START_OBJECT, "the entry", "an object");
    Draft d = new Draft();
    String name;
    while ((name = p.nextName()) != null) {
      p.nextToken();
      switch (name) {
        case "format" -> d.format = number(p, name);
        case "cluster" -> d.cluster = string(p, name);
        case "node" -> d.node = string(p, name);
        case "id" -> d.id = string(p, name);
        case "process" -> d.run = run(p);
        case "started" -> d.started = number(p, name);
        case "addresses" -> d.addresses = addresses(p);
        case "services" -> d.services = services(p);
        default -> p.skipChildren();
      }
    }
    return d;
  }

  private static Processes.Run run(JsonParser p) throws BadEntry {
    expect(p, JsonToken.START_OBJECT, "process", "an object");
    long pid = -1;
    long start = -1;
    String scope = null;
    String name;
    while ((name = p.nextName()) != null) {
      p.nextToken();
      switch (name) {
        case "pid" -> pid = number(p, "process.pid");
        case "start" -> start = number(p, "process.start");
        case "scope" -> scope = string(p, "process.scope");
        default -> p.skipChildren();
      }
    }
    return new Processes.Run(
        required(pid, "process.pid"),
        required(start, "process.start"),
        required(scope, "process.scope"));
  }

  private static List<Address> addresses(JsonParser p) throws BadEntry {
    expect(p, JsonToken.START_ARRAY, "addresses", "an array");
    List<Address> list = new ArrayList<>();
    while (p.nextToken() != JsonToken.END_ARRAY) {
      String text = string(p, "addresses");
      Address address = Address.parse(text);
      if (address.port() == 0 || !address.toString().equals(text)) {
        throw new BadEntry("'" + text + "' is not an address that can be dialled");
      }
      list.add(address);
    }
    return list;
  }

  private static List<ServiceDraft> services(JsonParser p) throws BadEntry {
    expect(p, JsonToken.START_ARRAY, "services", "an array");
    List<ServiceDraft> list = new ArrayList<>();
    while (p.nextToken() != JsonToken.END_ARRAY) {
      list.add(service(p));
    }
    return list;
  }

  private static ServiceDraft service(JsonParser p) throws BadEntry {
    expect(p, JsonToken.START_OBJECT, "a service", "an object");
    String service = null;
    String version = "";
    Boolean ready = null;
    long weight = 1;
    Map<String, String> metadata = Map.of();
    List<Endpoint> endpoints = List.of();
    String name;
    while ((name = p.nextName()) != null) {
      p.nextToken();
      switch (name) {
        case "name" -> service = string(p, "a service's name");
        case "version" -> version = string(p, "a service's version");
        case "ready" -> ready = bool(p, "a service's ready");
        case "weight" -> weight = number(p, "a service's weight");
        case "metadata" -> metadata = metadata(p);
        case "endpoints" -> endpoints = endpoints(p);
        default -> p.skipChildren();
      }
    }
    if (ready == null) {
      throw missing("a service's ready");
    }
    if (weight > Instance.MOST_WEIGHT) {
      throw new BadEntry("a service's weight is more than " + Instance.MOST_WEIGHT);
    }
    return new ServiceDraft(
        Names.service(required(service, "a service's name")),
        version,
        ready,
        (int) weight,
        metadata,
        endpoints);
  }

  private static Map<String, String> metadata(JsonParser p) throws BadEntry {
    expect(p, JsonToken.START_OBJECT, "metadata", "an object");
    Map<String, String> map = new TreeMap<>();
    String key;
    while ((key = p.nextName()) != null) {
      p.nextToken();
      map.put(Names.metaKey(key), string(p, "metadata"));
    }
    return map;
  }

  private static List<Endpoint> endpoints(JsonParser p) throws BadEntry {
    expect(p, JsonToken.START_ARRAY, "endpoints", "an array");
    List<Endpoint> list = new ArrayList<>();
    while (p.nextToken() != JsonToken.END_ARRAY) {
      Endpoint endpoint = endpoint(p);
      if (endpoint != null) {
        list.add(endpoint);
      }
    }
    return list;
  }

  /** Null for one of a kind that this reader does not know: a newer node's instance still counts. */
  private static @Nullable Endpoint endpoint(JsonParser p) throws BadEntry {
    expect(p, JsonToken.START_OBJECT, "an endpoint", "an object");
    String endpoint = null;
    String kind = null;
    boolean idempotent = false;
    String name;
    while ((name = p.nextName()) != null) {
      p.nextToken();
      switch (name) {
        case "name" -> endpoint = string(p, "an endpoint's name");
        case "kind" -> kind = string(p, "an endpoint's kind");
        case "idempotent" -> idempotent = bool(p, "an endpoint's idempotent");
        default -> p.skipChildren();
      }
    }
    String checked = Names.endpoint(required(endpoint, "an endpoint's name"));
    Endpoint.Kind known = switch (required(kind, "an endpoint's kind")) {
      case "method" -> Endpoint.Kind.METHOD;
      case "topic" -> Endpoint.Kind.TOPIC;
      case "queue" -> Endpoint.Kind.QUEUE;
      default -> null;
    };
    return known == null ? null : new Endpoint(checked, known, idempotent);
  }

  private static void expect(JsonParser p, JsonToken token, String what, String form)
      throws BadEntry {
    if (p.currentToken() != token) {
      throw new BadEntry(what + " is not " + form);
    }
  }

  private static String string(JsonParser p, String what) throws BadEntry {
    expect(p, JsonToken.VALUE_STRING, what, "a string");
    return p.getString();
  }

  /** Not negative. */
  private static long number(JsonParser p, String what) throws BadEntry {
    expect(p, JsonToken.VALUE_NUMBER_INT, what, "a whole number");
    long value = p.getLongValue();
    if (value < 0) {
      throw new BadEntry(what + " is negative");
    }
    return value;
  }

  private static boolean bool(JsonParser p, String what) throws BadEntry {
    if (p.currentToken() != JsonToken.VALUE_TRUE && p.currentToken() != JsonToken.VALUE_FALSE) {
      throw new BadEntry(what + " is not true or false");
    }
    return p.currentToken() == JsonToken.VALUE_TRUE;
  }

  private static <T> T required(@Nullable T value, String what) throws BadEntry {
    if (value == null) {
      throw missing(what);
    }
    return value;
  }

  private static long required(long value, String what) throws BadEntry {
    if (value < 0) {
      throw missing(what);
    }
    return value;
  }

  private static BadEntry missing(String what) {
    return new BadEntry(what + " is missing");
  }

  private static String firstLine(String text) {
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }
}
