package io.liblink.cli.command;

import io.liblink.Event;
import io.liblink.Node;
import io.liblink.RemoteService;
import io.liblink.Subscription;
import io.liblink.cli.args.Arguments;
import io.liblink.cli.args.Durations;
import io.liblink.cli.args.Option;
import io.liblink.cli.args.Shape;
import io.liblink.cli.args.UsageException;
import io.liblink.cli.output.BrokenPipe;
import io.liblink.cli.output.Console;
import io.liblink.cli.output.Figures;
import io.liblink.delivery.PublisherState;
import io.liblink.delivery.Start;
import io.liblink.delivery.SubscribeOptions;
import io.liblink.delivery.WhenFull;
import io.liblink.message.Message;
import io.liblink.registry.Endpoint;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Prints what is published to a topic, until it is stopped or has enough. */
public final class SubscribeCommand implements Command {
  private static final Option COUNT =
      Option.value("--count", "N", "end after so many messages").or("-n");
  private static final Option FROM = Option.value(
      "--from",
      "WHERE",
      "latest, earliest (all that is kept), a sequence, or an age such as 5m; latest");
  private static final Option FILTER = Option.value(
      "--filter", "SELECTOR", "only messages whose headers fit; tested at the publisher");
  private static final Option QUEUE = Option.value(
      "--queue", "N", "how many may wait at each publisher; as many as the topic keeps");
  private static final Option FULL = Option.value(
      "--full",
      "POLICY",
      "when more wait: drop-oldest, drop-newest, latest-per-key or disconnect; drop-oldest");
  private static final Option TIMEOUT = Option.value(
      "--timeout", "DURATION", "end so long after subscribing, a failure when --count is missed");
  private static final Option RAW =
      Option.flag("--raw", "exactly the bytes of the messages, nothing added");

  @Override
  public Shape shape() {
    return Shape.of("subscribe", "prints what is published to a topic, as it comes")
        .parameters("SERVICE/TOPIC")
        .options(Choosing.and(
            Choosing.NODE,
            FROM,
            COUNT,
            TIMEOUT,
            Calling.WHERE,
            Calling.TO,
            FILTER,
            QUEUE,
            FULL,
            RAW))
        .example("liblink subscribe shop/changed", "from now on, at every publisher")
        .example("liblink subscribe 'shop/>' -j", "all topics of shop, an object for each message")
        .example("liblink subscribe shop/price --from 5m", "with what was published in 5 minutes")
        .example("liblink subscribe shop/changed -n 1 --timeout 10s", "the next one, or exit 68")
        .example("liblink subscribe shop/price --filter 'region == \"eu\"'", "by a header")
        .note(
            "In a pattern * stands for one token of a topic's name, > at the end for the rest; a line"
                + " then begins with the topic it belongs to.")
        .note(
            "Publishers that start later are joined by themselves; who was joined, lost or is gone"
                + " is said on standard error, and so is every gap: messages that this subscriber will"
                + " not get, how many, and why. What it does not take waits at the publisher, at most"
                + " --queue messages; then --full decides.")
        .note("Exit code: 0 when it was stopped, has its --count, or nobody reads on; 68 when"
            + " --timeout came before --count; 64 + status code when every publisher refused.");
  }

  @Override
  public int run(Invocation call) throws Exception {
    Arguments arguments = call.arguments();
    Target target = Target.topics(arguments.get(0));
    if (arguments.has("--raw") && call.settings().json()) {
      throw new UsageException("--raw and --json exclude each other");
    }
    Run run = new Run(call, target);
    Node node = Choosing.join(call);
    return UntilStopped.run(() -> run.work(node), stopped -> run.finish(node));
  }

  private static SubscribeOptions options(Arguments arguments) {
    SubscribeOptions options = SubscribeOptions.defaults().from(start(arguments));
    int queue = arguments.number("--queue", 0, 1, Integer.MAX_VALUE);
    if (queue > 0) {
      options = options.queue(queue);
    }
    String full = arguments.value("--full");
    if (full != null) {
      try {
        options = options.whenFull(WhenFull.of(full));
      } catch (IllegalArgumentException e) {
        throw new UsageException("--full: " + e.getMessage());
      }
    }
    return options.filter(arguments.value("--filter", ""));
  }

  static Start start(Arguments arguments) {
    String from = arguments.value("--from", "latest");
    if (from.equals("latest")) {
      return Start.latest();
    }
    if (from.equals("earliest")) {
      return Start.earliest();
    }
    if (from.matches("[1-9][0-9]{0,17}")) {
      return Start.sequence(Long.parseLong(from));
    }
    try {
      return Start.within(Durations.parse("--from", from));
    } catch (UsageException e) {
      throw new UsageException(
          "--from takes latest, earliest, a sequence from 1, or an age such as 5m, not '" + from
              + "'");
    }
  }

  /** One run of the command. */
  private static final class Run {
    private static final Duration CONFIRM = Duration.ofSeconds(5);
    private static final long LOOK_MILLIS = 100;

    private final Invocation call;
    private final Target target;
    private final SubscribeOptions options;
    private final Publishers publishers;
    private final EventText text;
    private final int count;
    private final @Nullable Duration timeout;
    private final long start;
    private final CountDownLatch enough = new CountDownLatch(1);
    private final AtomicLong printed = new AtomicLong();
    private volatile @Nullable Subscription subscription;

    Run(Invocation call, Target target) {
      Arguments arguments = call.arguments();
      this.call = call;
      this.target = target;
      this.publishers = new Publishers(call.console());
      this.options = SubscribeCommand.options(arguments)
          .onGap(publishers::gap)
          .onPublisher(publishers::changed);
      this.text = new EventText(
          call.console(), arguments.has("--raw"), call.settings().json(), target.isPattern());
      this.count = arguments.number("--count", 0, 1, Integer.MAX_VALUE);
      this.timeout = arguments.has("--timeout") ? arguments.duration("--timeout", CONFIRM) : null;
      this.start = call.time().nanos();
    }

    void work(Node node) throws InterruptedException {
      RemoteService service =
          Calling.chosen(node.service(target.service()), call.arguments()).timeout(CONFIRM);
      Subscription mine;
      try {
        mine = service.subscribeBatches(target.endpoint(), Message.class, options, this::on);
      } catch (LinkException e) {
        throw Missing.explained(service, Endpoint.Kind.TOPIC, target.endpoint(), e);
      }
      publishers.started();
      subscription = mine;
      if (mine.publishers().isEmpty()) {
        call.console().say(nobody(node));
      }
      long subscribed = call.time().nanos();
      while (!enough.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        LinkException failure = mine.failure();
        if (failure != null && isOver(mine, failure)) {
          throw failure;
        }
        if (timeout != null && call.time().nanos() - subscribed >= timeout.toNanos()) {
          if (count > 0) {
            throw late();
          }
          return;
        }
      }
    }

    /** One of the service that has other topics only is no reason to end. */
    private static boolean isOver(Subscription subscription, LinkException failure) {
      return failure.status() != Status.UNIMPLEMENTED
          && subscription.publishers().stream()
              .allMatch(p -> p.phase() == PublisherState.Phase.REFUSED);
    }

    private String nobody(Node node) {
      return "nobody publishes "
          + target
          + " yet, waiting for it"
          + Missing.meant(node, target.service());
    }

    private LinkException late() {
      return LinkException.failure(
              Status.DEADLINE_EXCEEDED,
              Stage.WAIT,
              Figures.grouped(printed.get()) + " of " + Figures.count(count, "message")
                  + " of "
                  + target
                  + " came in time")
          .elapsed(Duration.ofNanos(call.time().nanos() - start))
          .build();
    }

    private void on(List<Event<Message>> events) {
      if (enough.getCount() == 0) {
        return;
      }
      long left = count == 0 ? Long.MAX_VALUE : count - printed.get();
      List<Event<Message>> wanted =
          left >= events.size() ? events : events.subList(0, Math.toIntExact(left));
      try {
        text.print(wanted);
        if (printed.addAndGet(wanted.size()) == count) {
          enough.countDown();
        }
      } catch (BrokenPipe e) {
        enough.countDown();
      }
    }

    int finish(Node node) {
      Subscription mine = subscription;
      if (mine != null) {
        mine.close();
        Console console = call.console();
        long missed = mine.missed();
        console.say(console
            .paint()
            .dim(Figures.count(printed.get(), "message")
                + (missed == 0 ? ", none missed" : ", " + Figures.grouped(missed) + " missed")
                + ", in "
                + Figures.time(call.time().nanos() - start)));
      }
      node.close();
      return 0;
    }
  }
}
