package io.liblink.cli.command;

import io.liblink.Node;
import io.liblink.Service;
import io.liblink.Trait;
import io.liblink.cli.args.Arguments;
import io.liblink.cli.args.Option;
import io.liblink.cli.args.Shape;
import io.liblink.cli.args.UsageException;
import io.liblink.cli.output.Json;
import io.liblink.message.Names;
import io.liblink.registry.Instance;
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
            METHOD,
            ECHO,
            Serving.META,
            Serving.VERSION,
            Serving.NAME,
            Serving.BIND,
            Serving.ADVERTISE,
            CONCURRENCY,
            TYPE,
            ALL_IDEMPOTENT)
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
    Service service = service(call, call.arguments().get(0));
    Node node = Node.join(Serving.node(call.settings(), call.arguments()));
    return UntilStopped.run(
        () -> {
          announce(call, node.serve(service).instance());
          new CountDownLatch(1).await();
        },
        stopped -> {
          node.close();
          return 0;
        });
  }

  private static Service service(Invocation call, String name) {
    Arguments arguments = call.arguments();
    Map<String, String> methods = arguments.pairs("--method");
    if (methods.isEmpty() && !arguments.has("--echo")) {
      throw new UsageException(
          "'serve " + name + "' has nothing to serve", "add --method NAME=COMMAND or --echo");
    }
    Service service = Serving.service(name, arguments);
    int concurrency = arguments.number(
        "--concurrency", 4 * Runtime.getRuntime().availableProcessors(), 1, 100_000);
    Semaphore slots = new Semaphore(concurrency);
    Trait[] traits = arguments.has("--idempotent") ? new Trait[] {Trait.IDEMPOTENT} : new Trait[0];
    Map<String, String> environment = Serving.environment(call.settings());
    for (var method : methods.entrySet()) {
      service.method(
          Names.endpoint(method.getKey()),
          new CommandHandler(
              new ShellCommand(method.getValue(), environment),
              slots,
              concurrency,
              arguments.value("--type")),
          traits);
    }
    if (arguments.has("--echo")) {
      service.method("echo", io.liblink.Request::message, Trait.IDEMPOTENT, Trait.NON_BLOCKING);
    }
    return service;
  }

  private static void announce(Invocation call, Instance instance) {
    if (call.settings().json()) {
      call.console().line(new Json().line(Serving.object(instance)));
    } else {
      Serving.say(call, instance);
    }
  }
}
