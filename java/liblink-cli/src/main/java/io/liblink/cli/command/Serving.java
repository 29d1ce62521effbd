package io.liblink.cli.command;

import io.liblink.NodeOptions;
import io.liblink.Service;
import io.liblink.cli.args.Arguments;
import io.liblink.cli.args.Option;
import io.liblink.cli.args.UsageException;
import io.liblink.cli.output.Console;
import io.liblink.cli.output.Name;
import io.liblink.registry.Endpoint;
import io.liblink.registry.Instance;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the commands that announce a service have in common: options, environment, first words. */
final class Serving {
  static final Option META =
      Option.value("--meta", "KEY=VALUE", "metadata for selectors").many();
  static final Option VERSION =
      Option.value("--service-version", "VERSION", "the version announced");
  static final Option GROUP =
      Option.value("--group", "GROUP", "only for nodes that are in this group").many();
  static final Option CALLERS = Option.value(
      "--callers", "SELECTOR", "only for callers whose node has that: 'zone == \"eu\"'");
  static final Option WEIGHT =
      Option.value("--weight", "N", "its share of the traffic, relative to others'; 1");
  static final Option NAME =
      Option.value("--name", "NODE", "the name of this node; cli-PID without it");
  static final Option BIND =
      Option.value("--bind", "HOST:PORT", "where to listen; LIBLINK_BIND, else 127.0.0.1:0");
  static final Option ADVERTISE =
      Option.value("--advertise", "ADDRESS,...", "what others are told to dial; LIBLINK_ADVERTISE");

  /** What is announced, and how. */
  static final List<Option> OPTIONS =
      List.of(META, VERSION, GROUP, CALLERS, Choosing.NODE_META, NAME, BIND, ADVERTISE);

  private Serving() {}

  /** How the node joins. */
  static NodeOptions node(Settings settings, Arguments arguments) {
    NodeOptions options = Choosing.meta(settings.node(), arguments);
    if (arguments.has("--name")) {
      options = options.name(arguments.value("--name", ""));
    }
    if (arguments.has("--bind")) {
      options = options.bind(arguments.value("--bind", ""));
    }
    if (arguments.has("--advertise")) {
      options = options.advertise(arguments.value("--advertise", "").split(",", -1));
    }
    return options;
  }

  /** A service with the version and the metadata that the options say. */
  static Service service(String name, Arguments arguments) {
    Service service = Service.named(name);
    if (arguments.has("--service-version")) {
      service.version(arguments.value("--service-version", ""));
    }
    arguments.pairs("--meta").forEach(service::meta);
    try {
      service.groups(arguments.values(GROUP.name()).toArray(new String[0]));
    } catch (IllegalArgumentException e) {
      throw new UsageException("--group: " + e.getMessage());
    }
    String callers = arguments.value(CALLERS.name());
    if (callers != null) {
      service.callers(callers);
    }
    return service.weight(arguments.number(WEIGHT.name(), 1, 0, Instance.MOST_WEIGHT));
  }

  /** What commands inherit: everything but the key itself and where this service listens. */
  static Map<String, String> environment(Settings settings) {
    Map<String, String> environment = new HashMap<>(settings.environment());
    environment.keySet().removeAll(List.of("LIBLINK_KEY", "LIBLINK_BIND", "LIBLINK_ADVERTISE"));
    environment.put("LIBLINK_CLUSTER", settings.cluster());
    if (settings.registry() != null) {
      environment.put("LIBLINK_REGISTRY", settings.registry());
    }
    if (settings.keyFile() != null) {
      environment.put("LIBLINK_KEY_FILE", settings.keyFile().toAbsolutePath().toString());
    }
    return environment;
  }

  /** What is served, for programs. */
  static Map<String, Object> object(Instance instance) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("service", instance.service());
    object.put("node", instance.node());
    object.put("id", instance.id().toString());
    object.put("addresses", addresses(instance));
    object.put("methods", names(instance, Endpoint.Kind.METHOD));
    object.put("topics", names(instance, Endpoint.Kind.TOPIC));
    object.put("queues", names(instance, Endpoint.Kind.QUEUE));
    return object;
  }

  /** What is served, for people, with a line to try for each kind of endpoint. */
  static void say(Invocation call, Instance instance) {
    Console console = call.console();
    console.say(console.paint().green("serving ")
        + console.paint().bold(instance.service())
        + " as "
        + instance.label()
        + " at "
        + String.join(", ", addresses(instance))
        + " in cluster '"
        + call.settings().cluster()
        + "'");
    hint(call, instance, Endpoint.Kind.METHOD, "call", " Ada");
    hint(call, instance, Endpoint.Kind.TOPIC, "subscribe", "");
    hint(call, instance, Endpoint.Kind.QUEUE, "push", " Ada");
    console.say(console.paint().dim("  Ctrl-C stops it"));
  }

  private static void hint(
      Invocation call, Instance instance, Endpoint.Kind kind, String command, String body) {
    List<String> names = names(instance, kind);
    if (!names.isEmpty()) {
      call.console()
          .say("  try: " + Name.typed() + " " + command + " " + instance.service() + "/"
              + names.get(0) + body + sameCluster(call.arguments()));
    }
  }

  /** The options by which another command gets to the same cluster, as they were given here. */
  static String sameCluster(Arguments arguments) {
    StringBuilder s = new StringBuilder();
    for (String option : List.of("--cluster", "--registry", "--key-file")) {
      if (arguments.has(option)) {
        s.append(' ').append(option).append(' ').append(arguments.value(option));
      }
    }
    return s.toString();
  }

  static List<String> names(Instance instance, Endpoint.Kind kind) {
    return instance.endpoints().stream()
        .filter(e -> e.kind() == kind)
        .map(Endpoint::name)
        .toList();
  }

  private static List<String> addresses(Instance instance) {
    return instance.addresses().stream().map(Object::toString).toList();
  }
}
