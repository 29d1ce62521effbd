package io.liblink.cli.command;

import io.liblink.Item;
import io.liblink.ItemWorker;
import io.liblink.Node;
import io.liblink.cli.args.Arguments;
import io.liblink.cli.args.Option;
import io.liblink.cli.args.Shape;
import io.liblink.cli.output.BrokenPipe;
import io.liblink.cli.output.Console;
import io.liblink.cli.output.Name;
import io.liblink.message.Message;
import io.liblink.registry.Instance;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Works on the items of a queue, by a program or by printing them, until it is stopped. */
public final class WorkCommand implements Command {
  private static final Option EXEC = Option.value(
          "--exec", "COMMAND", "run for each item (sh -c); without it items are printed")
      .or("-x");
  private static final Option CONCURRENCY = Option.value(
      "--concurrency", "N", "items worked on at once; 4 per processor, 1 without --exec");
  private static final Option COUNT =
      Option.value("--count", "N", "end after so many items").or("-n");

  @Override
  public Shape shape() {
    return Shape.of("work", "works on the items of a queue, by a command or by printing them")
        .parameters("SERVICE/QUEUE")
        .options(Choosing.and(Serving.OPTIONS, EXEC, CONCURRENCY, QueueSettings.DEDUPLICATE, COUNT))
        .example("liblink work jobs/resize --exec ./resize.sh", "a script for each item")
        .example("liblink work jobs/resize -x ./resize.sh --concurrency 2 --meta gpu=yes", "")
        .example("liblink work jobs/resize", "prints items, each acknowledged when it is written")
        .example("liblink work jobs/resize -n 1", "takes one")
        .note("A command gets the item on its standard input. Exit code 0 acknowledges it, and what"
            + " the command wrote to its standard output is printed. Any other exit code rejects it:"
            + " the last line of standard error is the reason, and the producer tries again, elsewhere"
            + " first, until it has tried often enough. 67 (INVALID_ARGUMENT) says that trying again is"
            + " useless. A command that outlives the item's time is killed.")
        .note(
            "It finds LIBLINK_SERVICE, LIBLINK_QUEUE, LIBLINK_ITEM_ID (the same for every attempt),"
                + " LIBLINK_ATTEMPT (above 1: it may have been worked on before), LIBLINK_PRODUCER,"
                + " LIBLINK_REMAINING_MS, LIBLINK_CONTENT_TYPE, LIBLINK_HEADER_... and TRACEPARENT in its"
                + " environment, and LIBLINK_CLUSTER, LIBLINK_REGISTRY and LIBLINK_KEY_FILE as this command"
                + " has them.")
        .note(
            "Several of these processes share the work. Stopped by Ctrl-C or SIGTERM this one hands"
                + " back what it has not begun, finishes the rest, and ends with 0.");
  }

  @Override
  public int run(Invocation call) throws Exception {
    Arguments arguments = call.arguments();
    Run run = new Run(call, Target.queue(arguments.get(0)));
    Node node = Node.join(Serving.node(call.settings(), arguments));
    return UntilStopped.run(() -> run.work(node), stopped -> run.finish(node));
  }

  /** One run of the command. */
  private static final class Run implements ItemWorker<Message> {
    private final Invocation call;
    private final Target target;
    private final Outcomes outcomes;
    private final ItemWorker<Message> worker;
    private final int concurrency;
    private final int count;
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final CountDownLatch enough = new CountDownLatch(1);

    Run(Invocation call, Target target) {
      Arguments arguments = call.arguments();
      this.call = call;
      this.target = target;
      this.outcomes = new Outcomes(call.console(), call.settings().json());
      String exec = arguments.value("--exec");
      this.worker = exec == null
          ? this::print
          : new CommandWorker(
              target,
              new ShellCommand(exec, Serving.environment(call.settings())),
              outcomes,
              call.time(),
              enough::countDown);
      int processors = Runtime.getRuntime().availableProcessors();
      this.concurrency =
          arguments.number("--concurrency", exec == null ? 1 : 4 * processors, 1, 100_000);
      this.count = arguments.number("--count", 0, 1, Integer.MAX_VALUE);
    }

    void work(Node node) throws InterruptedException {
      Instance instance = node.serve(Serving.service(target.service(), call.arguments())
              .queue(
                  target.endpoint(),
                  Message.class,
                  QueueSettings.of(call.arguments(), concurrency),
                  (ItemWorker<Message>) this))
          .instance();
      Console console = call.console();
      console.say(console.paint().green("working ")
          + "on "
          + console.paint().bold(target.toString())
          + " as "
          + instance.label()
          + " in cluster '"
          + call.settings().cluster()
          + "'");
      console.say("  try: " + Name.typed() + " push " + target + " Ada"
          + Serving.sameCluster(call.arguments()));
      console.say(console.paint().dim("  Ctrl-C stops it"));
      enough.await();
    }

    @Override
    public void work(Message message, Item item) throws Exception {
      if (count > 0 && begun.incrementAndGet() > count) {
        throw new LinkException(Status.UNAVAILABLE, "this worker has had enough and is leaving");
      }
      try {
        worker.work(message, item);
      } finally {
        if (ended.incrementAndGet() == count) {
          enough.countDown();
        }
      }
    }

    private void print(Message message, Item item) {
      if (item.attempt() > 1) {
        call.console().say(item.id() + " comes again: attempt " + item.attempt());
      }
      try {
        call.console().bytes(outcomes.text(target.toString(), item));
      } catch (BrokenPipe e) {
        enough.countDown();
        throw new LinkException(Status.UNAVAILABLE, "nobody reads what this worker prints");
      }
      outcomes.printed(item);
    }

    int finish(Node node) {
      node.close();
      call.console().say(call.console().paint().dim(outcomes.summary()));
      return 0;
    }
  }
}
