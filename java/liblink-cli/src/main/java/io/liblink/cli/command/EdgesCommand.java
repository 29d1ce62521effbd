package io.liblink.cli.command;

import io.liblink.Node;
import io.liblink.cli.args.Shape;
import io.liblink.cli.output.Console;
import io.liblink.cli.output.Figures;
import io.liblink.cli.output.Json;
import io.liblink.cli.output.Paint;
import io.liblink.cli.output.Table;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Shows who is connected to whom. */
public final class EdgesCommand implements Command {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int TARGETS = 3;

  @Override
  public Shape shape() {
    return Shape.of("edges", "shows who is connected to whom, since when, with which requests")
        .example("liblink edges", "every link of the cluster")
        .example("liblink edges -j | jq -r '[.from.node, .to.node] | join(\" -> \")'", "a graph")
        .note(
            "Every node that serves something is asked for its links; those of nodes that only call"
                + " are told by whom they call. FROM dialed TO; both names are proved by certificates. REQUESTS"
                + " are calls, subscriptions and producers that FROM opened since the link was made, BACK those"
                + " that TO opened on it; ITEMS are the messages on them. The links of this command are left"
                + " out.")
        .note("Exit code: 64 + the status code of the first failure when a node did not answer.");
  }

  @Override
  public int run(Invocation call) {
    try (Node node = call.settings().join()) {
      List<EdgeFacts> told = new ArrayList<>();
      int exit = 0;
      List<Everyone.Answer<EdgeFacts>> silent = new ArrayList<>();
      for (Everyone.Answer<EdgeFacts> answer : Everyone.ask(
          node, NodeFacts.nodes(node, null, null), PATIENCE, "edges", EdgeFacts.class)) {
        EdgeFacts facts = answer.value();
        if (facts != null) {
          told.add(facts);
        } else {
          silent.add(answer);
        }
      }
      print(call, told, Graph.of(told, node.id().toString()), silent.isEmpty());
      for (Everyone.Answer<EdgeFacts> answer : silent) {
        LinkException failure = failure(Objects.requireNonNull(answer.failure()));
        exit = exit == 0 ? Failures.exitCode(failure) : exit;
        Everyone.saySilent(call, answer.instance(), failure);
      }
      return exit;
    }
  }

  private static LinkException failure(LinkException failure) {
    return failure.status() == Status.UNIMPLEMENTED
        ? failure.toBuilder()
            .problem("its version of liblink does not tell its links")
            .build()
        : failure;
  }

  private static void print(
      Invocation call, List<EdgeFacts> told, List<Graph.Link> links, boolean all) {
    Console console = call.console();
    if (call.settings().json()) {
      links.forEach(l -> console.line(new Json().line(object(l))));
      return;
    }
    if (told.isEmpty() && all) {
      console.say(
          Instances.notListed(call.settings())
              ? "DNS does not list services, and so not who could be asked."
              : "No nodes in cluster '" + call.settings().cluster() + "'.");
    } else if (links.isEmpty()) {
      console.say("No links: none of the " + Figures.count(told.size(), "node")
          + " that answered is connected to another.");
    } else {
      console.text(render(links, console.dataPaint()));
    }
    int leftOut = told.stream().mapToInt(EdgeFacts::leftOut).sum();
    if (leftOut > 0) {
      console.say("and " + Figures.count(leftOut, "more link") + " that nodes with many left out");
    }
  }

  static String render(List<Graph.Link> links, Paint paint) {
    boolean back = links.stream().anyMatch(l -> l.requestsBack() > 0);
    boolean items = links.stream().anyMatch(l -> l.items() > 0);
    List<String> titles =
        new ArrayList<>(List.of("FROM", "TO", "ADDRESS", ">AGE", "ENCRYPTED", ">RTT", ">STREAMS"));
    titles.add(">REQUESTS");
    if (back) {
      titles.add(">BACK");
    }
    if (items) {
      titles.add(">ITEMS");
    }
    titles.add("MOST OF THEM");
    Table table = new Table(titles.toArray(new String[0]));
    for (Graph.Link l : links) {
      EdgeFacts.Edge told = l.told();
      List<String> cells = new ArrayList<>(List.of(
          l.from().label(),
          l.to().label() + (told.open() ? "" : " (closing)"),
          l.dialer() == null ? told.local() : told.address(),
          Figures.time(told.ageMillis() * 1_000_000),
          encrypted(told),
          l.rttMicros() == 0 ? "-" : Figures.time(l.rttMicros() * 1000),
          Integer.toString(l.streams()),
          Figures.grouped(l.requests())));
      if (back) {
        cells.add(Figures.grouped(l.requestsBack()));
      }
      if (items) {
        cells.add(Figures.grouped(l.items()));
      }
      cells.add(targets(l));
      table.row(cells.toArray(new String[0]));
    }
    return table.render(paint);
  }

  /** {@code TLSv1.3 AES_128_GCM}; what the hash is for, nobody asks. */
  private static String encrypted(EdgeFacts.Edge edge) {
    String cipher = edge.cipher().replaceFirst("^TLS_", "").replaceFirst("_SHA[0-9]+$", "");
    String text = (edge.tls() + " " + cipher).strip();
    return text.isEmpty() ? "yes" : text; // there are no links that are not
  }

  private static String targets(Graph.Link link) {
    Map<String, long[]> all = link.targets();
    String most = all.entrySet().stream()
        .sorted(Comparator.comparingLong(e -> -(e.getValue()[0] + e.getValue()[1])))
        .limit(TARGETS)
        .map(e -> e.getKey() + " " + Figures.grouped(e.getValue()[0] + e.getValue()[1]))
        .collect(Collectors.joining(", "));
    return most.isEmpty()
        ? "-"
        : most + (all.size() > TARGETS ? " and " + (all.size() - TARGETS) + " more" : "");
  }

  static Map<String, Object> object(Graph.Link l) {
    EdgeFacts.Edge told = l.told();
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("from", l.from());
    object.put("to", l.to());
    object.put("fromAddress", l.dialer() == null ? told.address() : told.local());
    object.put("toAddress", l.dialer() == null ? told.local() : told.address());
    object.put("ageMillis", told.ageMillis());
    object.put("open", told.open());
    object.put("tls", told.tls());
    object.put("cipher", told.cipher());
    object.put("rttMicros", l.rttMicros());
    object.put("streams", l.streams());
    object.put("requests", l.requests());
    object.put("requestsBack", l.requestsBack());
    object.put("items", l.items());
    List<Map<String, Object>> targets = new ArrayList<>();
    l.targets().forEach((target, counts) -> {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("target", target);
      one.put("requests", counts[0]);
      one.put("requestsBack", counts[1]);
      targets.add(one);
    });
    object.put("targets", targets);
    return object;
  }
}
