package io.liblink.cli.command;

import io.liblink.Node;
import io.liblink.NodeOptions;
import io.liblink.Served;
import io.liblink.Service;
import io.liblink.Trait;
import io.liblink.cli.args.Arguments;
import io.liblink.cli.args.Option;
import io.liblink.cli.args.Shape;
import io.liblink.cli.args.UsageException;
import io.liblink.cli.output.Console;
import io.liblink.cli.output.Json;
import io.liblink.cli.output.Name;
import io.liblink.message.Names;
import io.liblink.registry.Endpoint;
import io.liblink.registry.Instance;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/** Serves any program as a service, until it is stopped. */
public final class ServeCommand implements Command {
  private static final Option METHOD = Option.value(
          "--method", "NAME=COMMAND", "a method answered by a command (sh -c)")
      .or("-m")
      .many();
  private static final Option ECHO =
      Option.flag("--echo", "a method 'echo' that answers with what it got");
  private static final Option META =
      Option.value("--meta", "KEY=VALUE", "metadata for selectors").many();
  private static final Option VERSION =
      Option.value("--service-version", "VERSION", "the version announced");
  private static final Option NAME =
      Option.value("--name", "NODE", "the name of this node; cli-PID without it");
  private static final Option BIND =
      Option.value("--bind", "HOST:PORT", "where to listen; LIBLINK_BIND, else 127.0.0.1:0");
  private static final Option ADVERTISE =
      Option.value("--advertise", "ADDRESS,...", "what others are told to dial; LIBLINK_ADVERTISE");
  private static final Option CONCURRENCY =
      Option.value("--concurrency", "N", "how many commands may run at once; 4 per processor");
  private static final Option TYPE = Option.value(
      "--type", "TYPE", "json, text, bytes or a media type for replies; by their looks");
  private static final Option ALL_IDEMPOTENT =
      Option.flag("--idempotent", "callers may repeat a call that may have run");

  @Override
  public Shape shape() {
    return Shape.of("serve", "makes any program a service: payload on stdin, reply on stdout")
        .parameters("SERVICE")
        .options(
            METHOD, ECHO, META, VERSION, NAME, BIND, ADVERTISE, CONCURRENCY, TYPE, ALL_IDEMPOTENT)
        .example("liblink serve greeter --method hello='sed \"s/^/Hello, /\"'", "a greeter")
        .example(
            "liblink serve pricing -m quote=./quote.py --meta zone=eu --service-version 2",
            "a script")
        .example(
            "liblink serve probe --echo --bind 0.0.0.0:7400", "echo, reachable from other machines")
        .note(
            "A command gets the payload on its standard input; what it writes to its standard output"
                + " is the reply. An exit code other than 0 is an error with the last line of its"
                + " standard error as text: 64 + status gives that status, anything else UNKNOWN. It"
                + " is killed when the caller's time is over or the caller gave up.")
        .note("It finds LIBLINK_SERVICE, LIBLINK_METHOD, LIBLINK_CALLER, LIBLINK_REMAINING_MS,"
            + " LIBLINK_ATTEMPT, LIBLINK_CONTENT_TYPE, LIBLINK_HEADER_... and TRACEPARENT in its"
            + " environment, and LIBLINK_CLUSTER, LIBLINK_REGISTRY and LIBLINK_KEY_FILE as this"
            + " command has them, so that it can call on.")
        .note("Stopped by Ctrl-C or SIGTERM it leaves the registry, finishes what runs, and ends.");
  }

  @Override
  public int run(Invocation call) throws Exception {
    Arguments arguments = call.arguments();
    String name = arguments.get(0);
    Service service = service(call, name);
    NodeOptions options = call.settings().node();
    if (arguments.has("--name")) {
      options = options.name(arguments.value("--name", ""));
    }
    if (arguments.has("--bind")) {
      options = options.bind(arguments.value("--bind", ""));
    }
    if (arguments.has("--advertise")) {
      options = options.advertise(arguments.value("--advertise", "").split(",", -1));
    }
    CountDownLatch stopped = new CountDownLatch(1);
    Node node = Node.join(options);
    Thread hook = new Thread(() -> stop(node, stopped), "liblink-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      announce(call, node.serve(service));
      stopped.await();
    } finally {
      node.close();
      removeHook(hook);
    }
    return 0;
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the process is ending and the hook runs
    }
  }

  private static void stop(Node node, CountDownLatch stopped) {
    node.close();
    stopped.countDown();
  }

  private static Service service(Invocation call, String name) {
    Arguments arguments = call.arguments();
    Map<String, String> methods = arguments.pairs("--method");
    if (methods.isEmpty() && !arguments.has("--echo")) {
      throw new UsageException(
          "'serve " + name + "' has nothing to serve", "add --method NAME=COMMAND or --echo");
    }
    Service service = Service.named(name);
    int concurrency = arguments.number(
        "--concurrency", 4 * Runtime.getRuntime().availableProcessors(), 1, 100_000);
    Semaphore slots = new Semaphore(concurrency);
    Trait[] traits = arguments.has("--idempotent") ? new Trait[] {Trait.IDEMPOTENT} : new Trait[0];
    Map<String, String> environment = environment(call.settings());
    for (var method : methods.entrySet()) {
      service.method(
          Names.endpoint(method.getKey()),
          new CommandHandler(
              method.getValue(), environment, slots, concurrency, arguments.value("--type")),
          traits);
    }
    if (arguments.has("--echo")) {
      service.method("echo", io.liblink.Request::message, Trait.IDEMPOTENT, Trait.NON_BLOCKING);
    }
    if (arguments.has("--service-version")) {
      service.version(arguments.value("--service-version", ""));
    }
    arguments.pairs("--meta").forEach(service::meta);
    return service;
  }

  /** What commands inherit: everything but the key itself and where this service listens. */
  private static Map<String, String> environment(Settings settings) {
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

  /** The options by which a caller gets to the same cluster, as they were given here. */
  private static String sameCluster(Arguments arguments) {
    StringBuilder s = new StringBuilder();
    for (String option : List.of("--cluster", "--registry", "--key-file")) {
      if (arguments.has(option)) {
        s.append(' ').append(option).append(' ').append(arguments.value(option));
      }
    }
    return s.toString();
  }

  private static void announce(Invocation call, Served served) {
    Console console = call.console();
    Instance instance = served.instance();
    List<String> methods = instance.endpoints().stream().map(Endpoint::name).toList();
    List<String> addresses = instance.addresses().stream().map(Object::toString).toList();
    if (call.settings().json()) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("service", instance.service());
      object.put("node", instance.node());
      object.put("id", instance.id().toString());
      object.put("addresses", addresses);
      object.put("methods", methods);
      console.line(new Json().line(object));
      return;
    }
    console.say(console.paint().green("serving ")
        + console.paint().bold(instance.service())
        + " as "
        + instance.label()
        + " at "
        + String.join(", ", addresses)
        + " in cluster '"
        + call.settings().cluster()
        + "'");
    console.say("  try: "
        + Name.typed()
        + " call "
        + instance.service()
        + "/"
        + methods.get(0)
        + " Ada"
        + sameCluster(call.arguments()));
    console.say(console.paint().dim("  Ctrl-C stops it"));
  }
}
