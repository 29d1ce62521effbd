package io.liblink.cli.bench;

import io.liblink.Node;
import io.liblink.Service;
import io.liblink.cli.args.Arguments;
import io.liblink.cli.args.Option;
import io.liblink.cli.args.Shape;
import io.liblink.cli.args.UsageException;
import io.liblink.cli.command.Command;
import io.liblink.cli.command.Invocation;
import io.liblink.cli.output.Figures;
import io.liblink.cli.output.Json;
import io.liblink.cli.output.Paint;
import io.liblink.cli.output.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measures publish-subscribe: how many messages go, how long they take, whether any is lost. */
public final class BenchPubsubCommand implements Command {
  private static final String OWN = "bench/events";
  private static final int LOST = 1;

  private static final Option DURATION =
      Option.value("--duration", "DURATION", "how long to measure; 5s");
  private static final Option WARM_UP =
      Option.value("--warm-up", "DURATION", "how long to publish before that; 3s");
  private static final Option SUBSCRIBERS =
      Option.value("--subscribers", "N", "each a node with a link of its own; 4");
  private static final Option SIZE =
      Option.value("--size", "SIZE", "bytes of each message, at least 8; 256B");
  private static final Option RATE = Option.value(
      "--rate", "N", "messages per second; as many as all subscribers take without it");

  @Override
  public Shape shape() {
    return Shape.of("bench pubsub", "measures topics: messages per second, latency, losses")
        .parameters("[SERVICE/TOPIC]")
        .options(DURATION, WARM_UP, SUBSCRIBERS, SIZE, RATE)
        .example("liblink bench pubsub", "one publisher and four subscribers in this process")
        .example(
            "liblink bench pubsub --rate 1000 --subscribers 1",
            "from publish to handler, at a fixed rate")
        .example("liblink bench pubsub shop/changed -j", "what arrives from a topic of yours")
        .note(
            "Without a target everything is in this process, and what travels goes through loopback,"
                + " encrypted. The latency runs from publish, or with --rate from when the message was due,"
                + " to the subscriber's handler. LOST are messages that neither came nor were told as a gap;"
                + " it is 0, or something is wrong, and the exit code is 1.")
        .note(
            "With a target, its messages are counted as they come. Their latency can't be known, since"
                + " they don't say when they were due.");
  }

  @Override
  public int run(Invocation call) throws Exception {
    Arguments arguments = call.arguments();
    int subscribers = arguments.number("--subscribers", 4, 1, 1_000);
    int rate = arguments.number("--rate", 0, 1, 100_000_000);
    int size = arguments.size("--size", 256);
    if (size < Stream.LEAST_BYTES) {
      throw new UsageException(
          "--size must be at least " + Stream.LEAST_BYTES + "B: a message carries when it was due");
    }
    Duration measured = arguments.duration("--duration", Duration.ofSeconds(5));
    Duration warmUp = arguments.duration("--warm-up", Duration.ofSeconds(3));
    String target = arguments.find(0);
    if (target != null && (arguments.has("--rate") || arguments.has("--size"))) {
      throw new UsageException(
          "--rate and --size are for messages that the bench publishes itself, without a target");
    }
    try (Nodes nodes = target == null ? Nodes.own() : Nodes.of(call.settings())) {
      Stream stream = new Stream(call.time(), target == null);
      if (target != null) {
        subscribe(nodes, stream, target, subscribers);
        say(call, target + " to ", subscribers, "", measured, warmUp);
        return report(call, target, subscribers, 0, 0, stream.watch(warmUp, measured));
      }
      Node publisher = nodes.join("publisher");
      publisher.serve(Service.named("bench").topic("events", byte[].class));
      subscribe(nodes, stream, OWN, subscribers);
      String pace =
          rate > 0 ? ", " + Figures.grouped(rate) + " messages/s" : ", as fast as they take it";
      say(call, Figures.bytes(size) + " to ", subscribers, pace, measured, warmUp);
      return report(
          call,
          OWN,
          subscribers,
          size,
          rate,
          stream.publish(publisher.topic(OWN), size, rate, warmUp, measured));
    }
  }

  private static void subscribe(Nodes nodes, Stream stream, String target, int subscribers) {
    int slash = target.indexOf('/');
    if (slash <= 0 || slash == target.length() - 1) {
      throw new UsageException("'" + target + "' names no topic: write SERVICE/TOPIC");
    }
    for (int i = 1; i <= subscribers; i++) {
      stream.subscribe(
          nodes.join("subscriber-" + i).service(target.substring(0, slash)),
          target.substring(slash + 1));
    }
  }

  private static void say(
      Invocation call,
      String what,
      int subscribers,
      String pace,
      Duration measured,
      Duration warmUp) {
    call.console()
        .say(what
            + Figures.count(subscribers, "subscriber")
            + pace
            + ", for "
            + Figures.time(measured)
            + " after "
            + Figures.time(warmUp)
            + " of warm-up");
  }

  private static int report(
      Invocation call, String target, int subscribers, int size, int rate, Stream.Result result) {
    if (call.settings().json()) {
      call.console().line(new Json().line(object(target, subscribers, size, rate, result)));
    } else {
      call.console().text(render(result, call.console().dataPaint()));
    }
    return result.lost() > 0 ? LOST : 0;
  }

  static String render(Stream.Result result, Paint paint) {
    boolean own = result.lost() >= 0;
    List<String> titles =
        new ArrayList<>(List.of(">DELIVERED", ">DELIVERED/S", ">PER SECOND", ">MISSED"));
    List<String> cells = new ArrayList<>(List.of(
        Figures.grouped(result.delivered()),
        Figures.rate(result.delivered() / result.seconds()),
        Figures.bytes(Math.round(result.bytes() / result.seconds())),
        Figures.grouped(result.missed())));
    if (own) {
      titles.addAll(0, List.of(">PUBLISHED", ">PUBLISHED/S"));
      cells.addAll(
          0,
          List.of(
              Figures.grouped(result.published()),
              Figures.rate(result.published() / result.seconds())));
      titles.add(">LOST");
      cells.add(Figures.grouped(result.lost()));
      titles.addAll(Latency.titles());
      cells.addAll(Latency.cells(result.times()));
    }
    return new Table(titles.toArray(new String[0]))
        .row(cells.toArray(new String[0]))
        .render(paint);
  }

  static Map<String, Object> object(
      String target, int subscribers, int size, int rate, Stream.Result result) {
    boolean own = result.lost() >= 0;
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("target", target);
    object.put("subscribers", subscribers);
    if (own) {
      object.put("bytes", size);
    }
    if (rate > 0) {
      object.put("wantedPerSecond", rate);
    }
    object.put("seconds", result.seconds());
    if (own) {
      object.put("published", result.published());
      object.put("publishedPerSecond", Math.round(result.published() / result.seconds()));
    }
    object.put("delivered", result.delivered());
    object.put("deliveredPerSecond", Math.round(result.delivered() / result.seconds()));
    object.put("bytesPerSecond", Math.round(result.bytes() / result.seconds()));
    object.put("missed", result.missed());
    if (own) {
      object.put("lost", result.lost());
      object.put("latencyMicros", Latency.micros(result.times()));
    }
    return object;
  }
}
