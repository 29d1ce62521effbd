package io.liblink.cli.command;

import io.liblink.Node;
import io.liblink.RemoteService;
import io.liblink.cli.args.Option;
import io.liblink.cli.args.Shape;
import io.liblink.cli.output.Console;
import io.liblink.cli.output.Figures;
import io.liblink.cli.output.Json;
import io.liblink.cli.output.Table;
import io.liblink.message.Message;
import io.liblink.registry.Instance;
import io.liblink.status.LinkException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Measures the round trip to nodes, through everything a call goes through but a handler. */
public final class PingCommand implements Command {
  private static final Option COUNT =
      Option.value("--count", "N", "round trips to each node; 5").or("-n");
  private static final Option TIMEOUT =
      Option.value("--timeout", "DURATION", "how long to wait for each answer; 2s");

  /** What came of asking one node; the first round trip, which may open the link, is apart. */
  record Round(
      Instance instance,
      int sent,
      long firstNanos,
      Times times,
      @Nullable LinkException failure) {}

  @Override
  public Shape shape() {
    return Shape.of("ping", "measures the round trip to every node, or to those of a service")
        .parameters("[SERVICE]")
        .options(COUNT, TIMEOUT, Calling.WHERE)
        .example("liblink ping", "every node of the cluster")
        .example("liblink ping pricing -n 100", "the nodes that serve pricing, a hundred times")
        .note(
            "CONNECT is the first round trip: it opens the link, with the full handshake. The others"
                + " are min, average and max of those after it. Exit code: 64 + the status code of the"
                + " first failure when a node did not answer.");
  }

  @Override
  public int run(Invocation call) {
    int count = call.arguments().number("--count", 5, 1, 1_000_000);
    Duration timeout = call.arguments().duration("--timeout", Duration.ofSeconds(2));
    try (Node node = call.settings().join()) {
      List<Round> rounds = new ArrayList<>();
      int exit = 0;
      for (Instance instance :
          NodeFacts.nodes(node, call.arguments().find(0), call.arguments().value("--where"))) {
        Round round = ping(call, NodeFacts.of(node, instance, timeout), instance, count);
        exit = exit == 0 && round.failure() != null ? Failures.exitCode(round.failure()) : exit;
        rounds.add(round);
      }
      print(call, rounds);
      return exit;
    }
  }

  private static Round ping(Invocation call, RemoteService liblink, Instance instance, int count) {
    Times times = new Times();
    LinkException failure = null;
    long first = 0;
    for (int i = 0; i <= count && (i < 2 || failure == null); i++) {
      long start = call.time().nanos();
      try {
        liblink.call("ping", Message.empty());
        long nanos = call.time().nanos() - start;
        if (i == 0) {
          first = nanos;
        } else {
          times.add(nanos);
        }
      } catch (LinkException e) {
        failure = failure == null ? e : failure;
      }
    }
    return new Round(instance, count, first, times, failure);
  }

  private static void print(Invocation call, List<Round> rounds) {
    Console console = call.console();
    if (call.settings().json()) {
      rounds.forEach(r -> console.line(new Json().line(object(r))));
      return;
    }
    if (rounds.isEmpty()) {
      console.say("No nodes in cluster '" + call.settings().cluster() + "'.");
      return;
    }
    Table t = new Table("NODE", "ADDRESS", ">CONNECT", ">MIN", ">AVG", ">MAX");
    for (Round r : rounds) {
      Times times = r.times();
      boolean none = times.count() == 0;
      t.row(
          r.instance().label(),
          r.instance().addresses().get(0).toString(),
          r.firstNanos() == 0 ? "-" : Figures.time(r.firstNanos()),
          none ? "-" : Figures.time(times.least()),
          none ? "-" : Figures.time(times.mean()),
          none ? "-" : Figures.time(times.most()));
    }
    console.text(t.render(console.dataPaint()));
    for (Round r : rounds) {
      LinkException failure = r.failure();
      if (failure != null) {
        console.problem(console.paint().red(r.instance().label() + "  " + failure.status())
            + ": "
            + failure.problem());
      }
    }
  }

  static Map<String, Object> object(Round r) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("node", r.instance().node());
    object.put("id", r.instance().id().toString());
    object.put("address", r.instance().addresses().get(0).toString());
    object.put("answered", r.times().count());
    object.put("connectMicros", r.firstNanos() / 1000);
    object.put("minMicros", r.times().least() / 1000);
    object.put("avgMicros", r.times().mean() / 1000);
    object.put("maxMicros", r.times().most() / 1000);
    if (r.failure() != null) {
      object.put("failure", Failures.map(r.failure()));
    }
    return object;
  }
}
