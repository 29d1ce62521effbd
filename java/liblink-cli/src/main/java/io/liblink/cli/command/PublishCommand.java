package io.liblink.cli.command;

import io.liblink.Node;
import io.liblink.SubscriberState;
import io.liblink.Topic;
import io.liblink.cli.args.Arguments;
import io.liblink.cli.args.Option;
import io.liblink.cli.args.Shape;
import io.liblink.cli.output.Console;
import io.liblink.cli.output.Figures;
import io.liblink.cli.output.Json;
import io.liblink.cli.output.Name;
import io.liblink.delivery.TopicOptions;
import io.liblink.message.Message;
import io.liblink.registry.Instance;
import io.liblink.status.LinkException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Serves a topic and publishes the lines of standard input to it, until they end. */
public final class PublishCommand implements Command {
  private static final Option WAIT_FOR =
      Option.value("--wait-for", "N", "publish nothing before so many are subscribed");
  private static final Option TIMEOUT =
      Option.value("--timeout", "DURATION", "how long to wait for them; 1m");
  private static final Option LINGER = Option.value(
      "--linger",
      "DURATION",
      "stay so long at least, for subscribers on their way; 1s, with --wait-for 0");

  @Override
  public Shape shape() {
    return Shape.of("publish", "publishes the lines of standard input to a topic")
        .parameters("SERVICE/TOPIC", "[BODY]")
        .options(Choosing.and(
            Serving.OPTIONS,
            Body.DATA,
            Body.HEADER,
            Body.TYPE,
            Keys.KEY,
            Keys.SPLIT,
            Outgoing.COUNT,
            Pacing.RATE,
            WAIT_FOR,
            TIMEOUT,
            LINGER,
            TopicSettings.KEEP,
            TopicSettings.KEEP_BYTES,
            TopicSettings.LAST_VALUES))
        .example("liblink publish shop/changed 'tea is cheaper'", "one message")
        .example("tail -F app.log | liblink publish app/log", "each line, as it comes")
        .example("seq 1000 | liblink publish numbers/n --wait-for 2", "once two are subscribed")
        .example(
            "printf 'tea=450\\ncup=1290\\n' | liblink publish shop/price --key-split =",
            "with a key each")
        .note("This process is the publisher: it announces SERVICE with that topic, and whoever"
            + " subscribes to it connects here. There is no broker that keeps messages when it is"
            + " gone; before it ends it waits until its subscribers have everything.")
        .note("Lines are published no faster than all subscribers take them. One that takes nothing"
            + " for 5 s is not waited for any more: it is told how many messages it missed. With"
            + " --rate nobody is waited for.")
        .note(
            "With --json one object at the end says what was published, and to whom. Exit code: 0;"
                + " 68 when --wait-for was not met.");
  }

  @Override
  public int run(Invocation call) throws Exception {
    Arguments arguments = call.arguments();
    Target target = Target.topic(arguments.get(0));
    Run run = new Run(
        call,
        target,
        Outgoing.of(arguments, arguments.find(1), call.console()),
        Keys.of(arguments),
        TopicSettings.of(arguments));
    Node node = Node.join(Serving.node(call.settings(), arguments));
    return UntilStopped.run(() -> run.work(node), stopped -> run.finish(node));
  }

  /** One run of the command. */
  private static final class Run {
    private final Invocation call;
    private final Target target;
    private final Outgoing outgoing;
    private final Keys keys;
    private final TopicOptions options;
    private final int rate;
    private final int waitFor;
    private final Duration timeout;
    private final Duration linger;
    private final long start;
    private volatile @Nullable Publication publication;

    Run(Invocation call, Target target, Outgoing outgoing, Keys keys, TopicOptions options) {
      Arguments arguments = call.arguments();
      this.call = call;
      this.target = target;
      this.outgoing = outgoing;
      this.keys = keys;
      this.options = options;
      this.rate = arguments.number("--rate", 0, 1, 100_000_000);
      this.waitFor = arguments.number("--wait-for", 0, 1, 100_000);
      this.timeout = arguments.duration("--timeout", Duration.ofMinutes(1));
      this.linger =
          arguments.duration("--linger", waitFor > 0 ? Duration.ZERO : Duration.ofSeconds(1));
      this.start = call.time().nanos();
    }

    void work(Node node) throws InterruptedException, IOException {
      Instance instance = node.serve(Serving.service(target.service(), call.arguments())
              .topic(target.endpoint(), Message.class, options))
          .instance();
      long announced = call.time().nanos();
      Topic topic = node.topic(target.toString());
      Publication mine = new Publication(topic, call.time(), options, rate == 0);
      publication = mine;
      introduce(instance);
      if (waitFor > 0) {
        topic.awaitSubscribers(waitFor, timeout);
      }
      publish(mine);
      long stay = announced + linger.toNanos() - call.time().nanos();
      if (stay > 0) {
        new CountDownLatch(1).await(stay, TimeUnit.NANOSECONDS);
      }
    }

    private void introduce(Instance instance) {
      Console console = call.console();
      console.say(console.paint().green("publishing ")
          + console.paint().bold(target.toString())
          + " as "
          + instance.label()
          + " in cluster '"
          + call.settings().cluster()
          + "'");
      if (waitFor > 0) {
        console.say("  waiting for "
            + Figures.count(waitFor, "subscriber")
            + ": "
            + Name.typed()
            + " subscribe "
            + target
            + Serving.sameCluster(call.arguments()));
      } else if (outgoing.reads() && console.inIsTerminal()) {
        console.say(console.paint().dim("  each line is a message; Ctrl-D ends it"));
      }
    }

    private void publish(Publication mine) throws InterruptedException, IOException {
      Pacing pacing = new Pacing(call.time(), rate);
      for (Message m = outgoing.next(); m != null; m = outgoing.next()) {
        Keys.Keyed keyed = keys.of(m);
        pacing.next();
        String behind = mine.publish(keyed.key(), keyed.message());
        if (behind != null) {
          call.console().problem("not waiting any more for " + behind);
        }
      }
    }

    /** Lets subscribers take what was published, says what came of it, and closes the node. */
    int finish(Node node) {
      try {
        Publication done = publication;
        if (done != null) {
          String behind = done.published() == 0 ? null : done.drain();
          if (behind != null) {
            call.console().problem("ended without waiting for " + behind);
          }
          report(done.published(), done.subscribers());
        }
        return 0;
      } catch (LinkException e) {
        Failures.say(call.console(), e);
        return Failures.exitCode(e);
      } finally {
        node.close();
      }
    }

    private void report(long published, Collection<SubscriberState> subscribers) {
      Console console = call.console();
      long nanos = call.time().nanos() - start;
      long missed = subscribers.stream().mapToLong(s -> s.missed() + s.lag()).sum();
      if (call.settings().json()) {
        console.line(new Json().line(object(published, subscribers, missed, nanos)));
      }
      console.say("published "
          + Figures.count(published, "message")
          + (subscribers.isEmpty() ? "" : " to " + Figures.count(subscribers.size(), "subscriber"))
          + " in "
          + Figures.time(nanos)
          + (subscribers.isEmpty()
              ? "; nobody was subscribed"
              : missed > 0 ? "" : ", nothing missed"));
      for (SubscriberState s : subscribers) {
        if (s.missed() + s.lag() > 0) {
          console.problem("  " + Publication.label(s) + " missed " + Figures.grouped(s.missed())
              + (s.lag() == 0 ? "" : ", and did not take the last " + Figures.grouped(s.lag())));
        }
      }
    }

    private Map<String, Object> object(
        long published, Collection<SubscriberState> subscribers, long missed, long nanos) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("topic", target.toString());
      object.put("published", published);
      object.put("missed", missed);
      object.put("elapsedMicros", nanos / 1000);
      List<Map<String, Object>> list = new ArrayList<>();
      for (SubscriberState s : subscribers) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("node", s.node());
        one.put("id", s.id().toString());
        one.put("address", s.address());
        one.put("sent", s.sent());
        one.put("missed", s.missed());
        one.put("lag", s.lag());
        list.add(one);
      }
      object.put("subscribers", list);
      return object;
    }
  }
}
