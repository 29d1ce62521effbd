package io.liblink.cli.command;

import io.liblink.Explanation;
import io.liblink.Node;
import io.liblink.RemoteService;
import io.liblink.cli.args.Arguments;
import io.liblink.cli.args.Option;
import io.liblink.cli.args.Shape;
import io.liblink.cli.args.UsageException;
import io.liblink.cli.output.Console;
import io.liblink.cli.output.Json;
import io.liblink.message.Names;
import io.liblink.message.NodeId;
import io.liblink.registry.Endpoint;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Says why requests reach an instance, or not. */
public final class ExplainCommand implements Command {
  private static final Option FROM =
      Option.value("--from", "NODE", "why requests of that node do: its id, first digits, or name");
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** How many links are tried; as many as a node has to one service. */
  private static final int MOST_TRIED = 20;

  private static final Duration TRY = Duration.ofSeconds(2);

  @Override
  public Shape shape() {
    return Shape.of("explain", "says why requests reach an instance of a service, or not")
        .parameters("SERVICE[/ENDPOINT]")
        .options(Choosing.and(Choosing.RULES, Calling.WHERE, Calling.TO, FROM))
        .example("liblink explain pricing", "every instance, and how far a request of yours comes")
        .example("liblink explain pricing/quote --where 'zone == \"eu\"'", "which clause fails")
        .example("liblink explain pricing --from web-1", "why the requests of web-1 (do not) come")
        .example("liblink explain pricing -j | jq '.instances[] | {node, step, reason}'", "")
        .note(
            "An instance is discovered (the registry knows it), ready, selected (by --where and --to),"
                + " allowed (it is for this node's groups, and lets it in), balanced (it gets a share of the requests), connected."
                + " Without --from, links to those that get requests are tried out, at most "
                + MOST_TRIED
                + ". With it, the node says what it has: links, requests in flight, latency, and whom it"
                + " keeps out because requests failed.")
        .note(
            "TIER 0 is asked first, 1 when that fails, and so on. SHARE is less than 100 % while an"
                + " instance is new. A service that is for some --callers only asks them itself: that, a call"
                + " tells.")
        .note(
            "Exit code: 0 when an instance gets the request, 76 (UNIMPLEMENTED) when those that would"
                + " have no such endpoint, 78 (UNAVAILABLE) otherwise.");
  }

  @Override
  public int run(Invocation call) {
    Arguments arguments = call.arguments();
    String text = arguments.get(0);
    int slash = text.indexOf('/');
    Target target = slash < 0 ? null : Target.parse(text, "endpoint");
    String service = target == null ? Names.service(text) : target.service();
    String endpoint = target == null ? "" : Names.endpoint(target.endpoint());
    String from = arguments.value(FROM.name());
    if (from != null) {
      for (Option option : Choosing.RULES) {
        if (arguments.has(option.name())) {
          throw new UsageException(
              option.name() + " and --from exclude each other: the node that is asked has its own");
        }
      }
    }
    try (Node node = Choosing.join(call)) {
      ExplainFacts facts = from == null
          ? own(node, service, endpoint, arguments)
          : ask(node, from, service, endpoint, arguments);
      Status outcome = outcome(facts);
      print(call, facts, text, outcome);
      hint(call, node, facts, service, endpoint, outcome);
      return outcome == Status.OK ? 0 : 64 + outcome.code();
    }
  }

  private static ExplainFacts own(Node node, String service, String endpoint, Arguments arguments) {
    RemoteService handle = Calling.chosen(node.service(service), arguments).timeout(PATIENCE);
    Map<NodeId, String> refusals = connect(node, service, handle.explain());
    return ExplainFacts.of(handle.explain(), node, endpoint, refusals);
  }

  /** What a node answers to who asks whether it is let in; one of another version may say more. */
  record Admitted(@Nullable String refusal) {}

  /**
   * Tries links, so that what is said of them is not only that nobody did, and asks at the other end
   * whether this node is let in.
   *
   * @return why not, by the ids of those that do not
   */
  private static Map<NodeId, String> connect(Node node, String service, Explanation found) {
    Map<NodeId, CompletableFuture<Admitted>> asked = new LinkedHashMap<>();
    for (Explanation.Place place : found.instances()) {
      if (place.step() == Explanation.Step.BALANCED && asked.size() < MOST_TRIED) {
        asked.put(
            place.instance().id(),
            NodeFacts.of(node, place.instance(), TRY)
                .callAsync("admits", Map.of("service", service), Admitted.class));
      }
    }
    Map<NodeId, String> refusals = new HashMap<>();
    asked.forEach((id, answer) -> {
      // Who does not answer, or does not know the question, is not said to refuse.
      Admitted admitted = answer.handle((value, failure) -> value).join();
      String refusal = admitted == null ? null : admitted.refusal();
      if (refusal != null && !refusal.isEmpty()) {
        refusals.put(id, refusal);
      }
    });
    return refusals;
  }

  private static ExplainFacts ask(
      Node node, String from, String service, String endpoint, Arguments arguments) {
    Map<String, String> question = new LinkedHashMap<>();
    question.put("service", service);
    put(question, "where", arguments.value(Calling.WHERE.name()));
    put(question, "to", arguments.value(Calling.TO.name()));
    put(question, "endpoint", endpoint.isEmpty() ? null : endpoint);
    RemoteService liblink = node.service(NodeFacts.SERVICE).to(from).timeout(PATIENCE);
    List<String> asked = liblink.instances().stream().map(i -> i.label()).toList();
    if (asked.isEmpty()) {
      throw LinkException.failure(
              Status.UNAVAILABLE,
              Stage.DISCOVER,
              "no node '" + from
                  + "' can be asked: 'liblink ping' lists those that serve something,"
                  + " and only they can")
          .build();
    }
    if (asked.size() > 1) {
      throw new UsageException(
          "--from " + from + " means " + asked.size() + " nodes: " + String.join(", ", asked),
          "name one by its id, or the first digits of it");
    }
    try {
      return liblink.call("explain", question, ExplainFacts.class);
    } catch (LinkException e) {
      if (e.status() == Status.UNIMPLEMENTED) {
        throw e.toBuilder()
            .problem(asked.get(0) + " runs a version of liblink that can't explain")
            .build();
      }
      throw e;
    }
  }

  private static void put(Map<String, String> map, String key, @Nullable String value) {
    if (value != null) {
      map.put(key, value);
    }
  }

  /** OK, or the status of a request that nobody gets. */
  static Status outcome(ExplainFacts facts) {
    if (!facts.reached().isEmpty()) {
      return Status.OK;
    }
    boolean gets = facts.instances().stream().anyMatch(p -> p.getsRequests() && !p.unreachable());
    return gets ? Status.UNIMPLEMENTED : Status.UNAVAILABLE;
  }

  private static void print(Invocation call, ExplainFacts facts, String asked, Status outcome) {
    Console console = call.console();
    Arguments arguments = call.arguments();
    if (call.settings().json()) {
      console.line(new Json().line(object(facts, asked, arguments, outcome)));
      return;
    }
    String where = arguments.value(Calling.WHERE.name(), "");
    String to = arguments.value(Calling.TO.name(), "");
    String by =
        where + (where.isEmpty() || to.isEmpty() ? "" : ", ") + (to.isEmpty() ? "" : "--to " + to);
    console.text(new ExplainText(facts, asked, arguments.has(FROM.name()), by, console.dataPaint())
        .render());
  }

  static Map<String, Object> object(
      ExplainFacts facts, String asked, Arguments arguments, Status outcome) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("target", asked);
    object.put("status", outcome.name());
    object.put("code", outcome.code());
    object.put("reached", facts.reached().size());
    object.put("node", facts.node());
    object.put("id", facts.id());
    object.put("where", arguments.value(Calling.WHERE.name(), ""));
    object.put("to", arguments.value(Calling.TO.name(), ""));
    object.put("source", facts.source());
    object.put("ageMillis", facts.ageMillis());
    object.put("problem", facts.problem());
    object.put("summary", facts.summary());
    object.put("steps", facts.steps());
    object.put("instances", facts.instances());
    object.put("leftOut", facts.leftOut());
    object.put("skipped", facts.skipped());
    return object;
  }

  /** What was probably meant, when nothing of that name is there. */
  private static void hint(
      Invocation call,
      Node node,
      ExplainFacts facts,
      String service,
      String endpoint,
      Status outcome) {
    String meant = facts.instances().isEmpty()
        ? Missing.meant(node, service)
        : outcome == Status.UNIMPLEMENTED
            ? Missing.meant(node.service(service), Endpoint.Kind.METHOD, endpoint)
            : "";
    if (!meant.isEmpty()) {
      call.console().say(meant.substring("; ".length()));
    }
  }
}
