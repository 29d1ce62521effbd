package io.liblink.cli.command;

import io.liblink.ItemWorker;
import io.liblink.Node;
import io.liblink.Service;
import io.liblink.Trait;
import io.liblink.cli.args.Arguments;
import io.liblink.cli.args.Option;
import io.liblink.cli.args.Shape;
import io.liblink.cli.args.UsageException;
import io.liblink.cli.output.Json;
import io.liblink.delivery.TopicOptions;
import io.liblink.message.Message;
import io.liblink.message.Names;
import io.liblink.registry.Instance;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/** Serves any program as a service, until it is stopped. */
public final class ServeCommand implements Command {
  private static final Option METHOD = Option.value(
          "--method", "NAME=COMMAND", "a method answered by a command (sh -c), run for each call")
      .or("-m")
      .many();
  private static final Option QUEUE = Option.value(
          "--queue", "NAME=COMMAND", "a queue worked on by a command, run for each item")
      .many();
  private static final Option TOPIC = Option.value(
          "--topic",
          "NAME[=COMMAND]",
          "a topic of the lines that a command writes, run once; of standard input without one")
      .many();
  private static final Option ECHO =
      Option.flag("--echo", "a method 'echo' that answers with what it got");
  private static final Option CONCURRENCY = Option.value(
      "--concurrency",
      "N",
      "commands at once: for all methods, and for each queue; 4 per processor");
  private static final Option TYPE = Option.value(
      "--type", "TYPE", "json, text, bytes or a media type for what commands write; by its looks");
  private static final Option ALL_IDEMPOTENT =
      Option.flag("--idempotent", "callers may repeat a call that may have run");

  @Override
  public Shape shape() {
    return Shape.of("serve", "makes any program a service: payload on stdin, reply on stdout")
        .parameters("SERVICE")
        .options(Choosing.and(
            Serving.OPTIONS,
            METHOD,
            ECHO,
            QUEUE,
            TOPIC,
            Serving.WEIGHT,
            CONCURRENCY,
            TYPE,
            ALL_IDEMPOTENT,
            QueueSettings.DEDUPLICATE,
            Keys.SPLIT,
            TopicSettings.KEEP,
            TopicSettings.KEEP_BYTES,
            TopicSettings.LAST_VALUES))
        .example("liblink serve greeter --method hello='sed \"s/^/Hello, /\"'", "a greeter")
        .example(
            "liblink serve pricing -m quote=./quote.py --meta zone=eu --service-version 2",
            "a script")
        .example(
            "liblink serve probe --echo --bind 0.0.0.0:7400", "echo, reachable from other machines")
        .example("liblink serve images --queue resize=./resize.sh", "a script for each item")
        .example("liblink serve web --topic log='tail -F access.log'", "each line as it comes")
        .note(
            "A command gets the payload on its standard input; what it writes to its standard output"
                + " is the reply. An exit code other than 0 is an error with the last line of its"
                + " standard error as text: 64 + status gives that status, anything else UNKNOWN. It"
                + " is killed when the caller's time is over or the caller gave up.")
        .note("It finds LIBLINK_SERVICE, LIBLINK_METHOD, LIBLINK_CALLER, LIBLINK_REMAINING_MS,"
            + " LIBLINK_ATTEMPT, LIBLINK_CONTENT_TYPE, LIBLINK_HEADER_... and TRACEPARENT in its"
            + " environment, and LIBLINK_CLUSTER, LIBLINK_REGISTRY and LIBLINK_KEY_FILE as this"
            + " command has them, so that it can call on.")
        .note(
            "Queues work as with 'liblink work --exec': exit code 0 acknowledges the item, and what"
                + " the command wrote is printed. The command of a topic runs as long as the service;"
                + " every line that it writes is published as it comes, whether or not anybody subscribes"
                + " and takes it. A topic without a command gets the lines of standard input.")
        .note("Stopped by Ctrl-C or SIGTERM it leaves the registry, finishes what runs, and ends"
            + " with 0.");
  }

  @Override
  public int run(Invocation call) throws Exception {
    Run run = new Run(call, call.arguments().get(0));
    Node node = Node.join(Serving.node(call.settings(), call.arguments()));
    return UntilStopped.run(() -> run.work(node), stopped -> run.finish(node));
  }

  /** One run of the command. */
  private static final class Run {
    private final Invocation call;
    private final Arguments arguments;
    private final String name;
    private final Map<String, String> environment;
    private final Map<String, String> topics;
    private final TopicOptions topicOptions;
    private final Keys keys;
    private final Service service;
    private final List<CommandFeed> feeds = new ArrayList<>();

    Run(Invocation call, String name) {
      this.call = call;
      this.arguments = call.arguments();
      this.name = name;
      this.environment = Serving.environment(call.settings());
      this.topics = topics(arguments);
      this.topicOptions = TopicSettings.of(arguments);
      this.keys = Keys.of(arguments);
      if (List.of("--method", "--echo", "--queue", "--topic").stream().noneMatch(arguments::has)) {
        throw new UsageException(
            "'serve " + name + "' has nothing to serve",
            "add --method NAME=COMMAND, --queue NAME=COMMAND, --topic NAME or --echo");
      }
      this.service = Serving.service(name, arguments);
      int concurrency = arguments.number(
          "--concurrency", 4 * Runtime.getRuntime().availableProcessors(), 1, 100_000);
      declareMethods(concurrency);
      declareQueues(concurrency);
      topics.keySet().forEach(t -> service.topic(t, Message.class, topicOptions));
    }

    private static Map<String, String> topics(Arguments arguments) {
      Map<String, String> topics = new LinkedHashMap<>();
      for (String value : arguments.values("--topic")) {
        int equals = value.indexOf('=');
        String topic = Names.endpoint(equals < 0 ? value : value.substring(0, equals));
        topics.put(topic, equals < 0 ? "" : value.substring(equals + 1));
      }
      if (topics.values().stream().filter(String::isEmpty).count() > 1) {
        throw new UsageException(
            "only one topic can have the lines of standard input",
            "give the others a command: --topic NAME=COMMAND");
      }
      return topics;
    }

    private void declareMethods(int concurrency) {
      Semaphore slots = new Semaphore(concurrency);
      Trait[] traits =
          arguments.has("--idempotent") ? new Trait[] {Trait.IDEMPOTENT} : new Trait[0];
      arguments
          .pairs("--method")
          .forEach((method, command) -> service.method(
              Names.endpoint(method),
              new CommandHandler(
                  new ShellCommand(command, environment),
                  slots,
                  concurrency,
                  arguments.value("--type")),
              traits));
      if (arguments.has("--echo")) {
        service.method("echo", io.liblink.Request::message, Trait.IDEMPOTENT, Trait.NON_BLOCKING);
      }
    }

    private void declareQueues(int concurrency) {
      Outcomes outcomes = new Outcomes(call.console(), call.settings().json());
      arguments
          .pairs("--queue")
          .forEach((queue, command) -> service.queue(
              Names.endpoint(queue),
              Message.class,
              QueueSettings.of(arguments, concurrency),
              (ItemWorker<Message>) new CommandWorker(
                  new Target(name, queue),
                  new ShellCommand(command, environment),
                  outcomes,
                  call.time(),
                  () -> {})));
    }

    void work(Node node) throws InterruptedException, IOException {
      Instance instance = node.serve(service).instance();
      if (call.settings().json()) {
        call.console().line(new Json().line(Serving.object(instance)));
      } else {
        Serving.say(call, instance);
      }
      for (var topic : topics.entrySet()) {
        feed(node, new Target(name, topic.getKey()), topic.getValue());
      }
      new CountDownLatch(1).await();
    }

    private void feed(Node node, Target topic, String command) throws IOException {
      Publication publication =
          new Publication(node.topic(topic.toString()), call.time(), topicOptions, false);
      String type = arguments.value("--type");
      CommandFeed feed = command.isEmpty()
          ? CommandFeed.of(call.console().in(), topic, publication, keys, type, call.console())
          : CommandFeed.of(command, environment, topic, publication, keys, type, call.console());
      synchronized (feeds) {
        feeds.add(feed);
      }
    }

    int finish(Node node) {
      synchronized (feeds) {
        feeds.forEach(CommandFeed::close);
      }
      node.close();
      return 0;
    }
  }
}
