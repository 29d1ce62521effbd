package io.liblink.cli.bench;

import io.liblink.Node;
import io.liblink.RemoteService;
import io.liblink.cli.args.Arguments;
import io.liblink.cli.args.Option;
import io.liblink.cli.args.Shape;
import io.liblink.cli.args.UsageException;
import io.liblink.cli.child.Child;
import io.liblink.cli.child.TemporaryCluster;
import io.liblink.cli.command.Command;
import io.liblink.cli.command.Invocation;
import io.liblink.cli.output.Console;
import io.liblink.cli.output.Figures;
import io.liblink.cli.output.Json;
import io.liblink.cli.output.Paint;
import io.liblink.cli.output.Table;
import io.liblink.message.Message;
import io.liblink.status.LinkException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measures calls: how many go, and how long they take. */
public final class BenchCallCommand implements Command {
  private static final Option DURATION =
      Option.value("--duration", "DURATION", "how long to measure; 5s");
  private static final Option WARM_UP =
      Option.value("--warm-up", "DURATION", "how long to call before that; 3s");
  private static final Option IN_FLIGHT =
      Option.value("--in-flight", "N", "calls under way at once; 64");
  private static final Option SIZE = Option.value("--size", "SIZE", "bytes of each request; 64B");
  private static final Option RATE =
      Option.value("--rate", "N", "calls per second; as many as go without it");
  private static final Option TIMEOUT =
      Option.value("--timeout", "DURATION", "the deadline of each call; 5s");
  private static final Option WHERE =
      Option.value("--where", "SELECTOR", "only instances whose metadata fits");

  @Override
  public Shape shape() {
    return Shape.of("bench call", "measures calls: how many per second, and their latency")
        .parameters("[SERVICE/METHOD]")
        .options(DURATION, WARM_UP, IN_FLIGHT, SIZE, RATE, TIMEOUT, WHERE)
        .example("liblink bench call", "against an echo service in a process of its own")
        .example(
            "liblink bench call pricing/quote --in-flight 256 --size 1KiB",
            "against a service of yours")
        .example(
            "liblink bench call --rate 20000 -j",
            "at a fixed rate: what latency to expect at that load")
        .note(
            "With --rate a call's time runs from when it was due, so a stall shows in every call that"
                + " it delayed. Without it, --in-flight calls are kept under way, and the latency is"
                + " that of a fully loaded service. All calls are encrypted and authenticated.");
  }

  @Override
  public int run(Invocation call) throws Exception {
    Arguments arguments = call.arguments();
    String target = arguments.find(0);
    if (target != null) {
      int slash = target.indexOf('/');
      if (slash <= 0) {
        throw new UsageException("'" + target + "' names no method: write SERVICE/METHOD");
      }
      try (Node node = call.settings().join()) {
        return measure(call, node, target.substring(0, slash), target.substring(slash + 1));
      }
    }
    try (TemporaryCluster cluster = TemporaryCluster.create("bench")) {
      List<String> words = new ArrayList<>(List.of(cluster.words()));
      words.addAll(List.of("child", "echo", "echo-1"));
      try (Child server = Child.start("echo-1", words)) {
        server.awaitReady(Duration.ofSeconds(60));
        try (Node node = Node.join(cluster.options("bench"))) {
          return measure(call, node, "echo", "echo");
        }
      }
    }
  }

  private int measure(Invocation call, Node node, String service, String method)
      throws InterruptedException {
    Arguments arguments = call.arguments();
    int inFlight = arguments.number("--in-flight", 64, 1, 100_000);
    int size = arguments.size("--size", 64);
    int rate = arguments.number("--rate", 0, 1, 100_000_000);
    Duration measured = arguments.duration("--duration", Duration.ofSeconds(5));
    Duration warmUp = arguments.duration("--warm-up", Duration.ofSeconds(3));
    RemoteService remote =
        node.service(service).timeout(arguments.duration("--timeout", Duration.ofSeconds(5)));
    String where = arguments.value("--where");
    RemoteService handle = where == null ? remote : remote.where(where);
    Message request = Message.of(new byte[size]);
    handle.call(method, request);
    Console console = call.console();
    console.say(service
        + "/"
        + method
        + ", "
        + Figures.bytes(size)
        + (rate > 0 ? ", " + Figures.grouped(rate) + " calls/s" : ", " + inFlight + " in flight")
        + ", for "
        + Figures.time(measured)
        + " after "
        + Figures.time(warmUp)
        + " of warm-up");
    Load.Result result = new Load(() -> handle.callAsync(method, request), call.time(), inFlight)
        .run(warmUp, measured, rate);
    if (call.settings().json()) {
      console.line(new Json().line(object(service + "/" + method, size, inFlight, rate, result)));
    } else {
      console.text(render(result, console.dataPaint()));
    }
    LinkException failure = result.firstFailure();
    if (failure != null) {
      console.problem("the first failure: " + failure.getMessage());
      return 64 + failure.status().code();
    }
    return 0;
  }

  static String render(Load.Result result, Paint paint) {
    List<String> titles = new ArrayList<>(List.of(">CALLS", ">CALLS/S", ">FAILED"));
    titles.addAll(Latency.titles());
    List<String> cells = new ArrayList<>();
    cells.add(Figures.grouped(result.answered()));
    cells.add(Figures.rate(result.rate()));
    cells.add(Figures.grouped(result.failures()));
    cells.addAll(Latency.cells(result.times()));
    return new Table(titles.toArray(new String[0]))
        .row(cells.toArray(new String[0]))
        .render(paint);
  }

  static Map<String, Object> object(
      String target, int size, int inFlight, int rate, Load.Result result) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("target", target);
    object.put("bytes", size);
    object.put("inFlight", inFlight);
    if (rate > 0) {
      object.put("wantedPerSecond", rate);
    }
    object.put("seconds", result.seconds());
    object.put("calls", result.answered());
    object.put("callsPerSecond", Math.round(result.rate()));
    object.put("failed", result.failed());
    object.put("latencyMicros", Latency.micros(result.times()));
    return object;
  }
}
