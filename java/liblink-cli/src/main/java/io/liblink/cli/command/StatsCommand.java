package io.liblink.cli.command;

import io.liblink.Node;
import io.liblink.cli.args.Option;
import io.liblink.cli.args.Shape;
import io.liblink.cli.output.Console;
import io.liblink.cli.output.Figures;
import io.liblink.cli.output.Json;
import io.liblink.cli.output.Table;
import io.liblink.registry.Instance;
import io.liblink.status.LinkException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Shows what nodes have counted since they started. */
public final class StatsCommand implements Command {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Option ALL = Option.flag("--all", "counters that are 0, too");

  /** The answer of the built-in service; a node of another version may say more. */
  record Facts(Map<String, Long> counters, int inFlight, int links) {
    /** What is there now and what was counted, by name. */
    Map<String, Long> all() {
      Map<String, Long> all = new TreeMap<>(counters);
      all.put("now.in_flight", (long) inFlight);
      all.put("now.links", (long) links);
      return all;
    }
  }

  /** A node, and what it answered or why it did not. */
  record Seen(
      Instance instance, @Nullable Facts facts, @Nullable LinkException failure) {}

  @Override
  public Shape shape() {
    return Shape.of("stats", "shows what nodes have counted: calls, messages, items, what was lost")
        .parameters("[SERVICE]")
        .options(Calling.WHERE, ALL)
        .example("liblink stats", "every node of the cluster that serves something")
        .example("liblink stats pricing", "the nodes that serve pricing")
        .example("liblink stats -j | jq .counters", "an object for each node")
        .note("Counters run since a node started. What was not delivered is under drop., by its"
            + " reason; docs/guide/operating.md explains each. Exit code: 64 + the status code of the"
            + " first failure when a node did not answer.");
  }

  @Override
  public int run(Invocation call) {
    try (Node node = call.settings().join()) {
      List<Seen> seen = new ArrayList<>();
      int exit = 0;
      List<Instance> nodes =
          NodeFacts.nodes(node, call.arguments().find(0), call.arguments().value("--where"));
      for (Everyone.Answer<Facts> answer :
          Everyone.ask(node, nodes, PATIENCE, "stats", Facts.class)) {
        Seen one = new Seen(answer.instance(), answer.value(), answer.failure());
        exit = exit == 0 && one.failure() != null ? Failures.exitCode(one.failure()) : exit;
        seen.add(one);
      }
      print(call, seen);
      return exit;
    }
  }

  private static void print(Invocation call, List<Seen> seen) {
    Console console = call.console();
    if (call.settings().json()) {
      seen.forEach(s -> console.line(new Json().line(object(s))));
      return;
    }
    if (seen.isEmpty()) {
      console.say("No nodes in cluster '" + call.settings().cluster() + "'.");
      return;
    }
    console.text(table(seen, call.arguments().has("--all")).render(console.dataPaint()));
    for (Seen s : seen) {
      LinkException failure = s.failure();
      if (failure != null) {
        Everyone.saySilent(call, s.instance(), failure);
      }
    }
  }

  /** A column for each node that answered; a row for each counter that one of them has. */
  static Table table(List<Seen> seen, boolean all) {
    List<String> titles = new ArrayList<>(List.of("COUNTER"));
    List<Map<String, Long>> columns = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>();
    for (Seen s : seen) {
      Facts facts = s.facts();
      if (facts != null) {
        titles.add(">" + s.instance().label());
        columns.add(facts.all());
        facts.all().forEach((name, value) -> {
          if (all || value != 0) {
            names.add(name);
          }
        });
      }
    }
    Table table = new Table(titles.toArray(new String[0]));
    for (String name : names) {
      List<String> cells = new ArrayList<>(List.of(name));
      columns.forEach(c -> cells.add(Figures.grouped(c.getOrDefault(name, 0L))));
      table.row(cells.toArray(new String[0]));
    }
    return table;
  }

  static Map<String, Object> object(Seen s) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("node", s.instance().node());
    object.put("id", s.instance().id().toString());
    Facts facts = s.facts();
    if (facts != null) {
      object.put("inFlight", facts.inFlight());
      object.put("links", facts.links());
      object.put("counters", new TreeMap<>(facts.counters()));
    }
    if (s.failure() != null) {
      object.put("failure", Failures.map(s.failure()));
    }
    return object;
  }
}
