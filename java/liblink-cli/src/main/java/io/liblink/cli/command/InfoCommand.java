package io.liblink.cli.command;

import io.liblink.Node;
import io.liblink.RemoteService;
import io.liblink.cli.args.Shape;
import io.liblink.cli.output.Console;
import io.liblink.cli.output.Figures;
import io.liblink.cli.output.Json;
import io.liblink.cli.output.Paint;
import io.liblink.message.Names;
import io.liblink.registry.Endpoint;
import io.liblink.registry.Instance;
import io.liblink.status.LinkException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Shows one service: its methods, topics and queues, its instances, and what each of their nodes says of itself. */
public final class InfoCommand implements Command {
  /** An instance, and what its node answered or why it did not. */
  record Seen(
      Instance instance,
      @Nullable NodeFacts facts,
      @Nullable LinkException failure) {}

  @Override
  public Shape shape() {
    return Shape.of("info", "shows a service: endpoints, instances, and what their nodes say")
        .parameters("SERVICE")
        .options(Calling.WHERE)
        .example("liblink info pricing", "everything about pricing")
        .example("liblink info pricing -j | jq .addresses", "an object for each instance");
  }

  @Override
  public int run(Invocation call) {
    String name = Names.service(call.arguments().get(0));
    String where = call.arguments().value("--where");
    try (Node node = call.settings().join()) {
      RemoteService service = node.service(name);
      List<Instance> instances = Instances.of(service, where);
      ViewFacts view = ViewFacts.of(service.explain());
      if (instances.isEmpty()) {
        throw Missing.service(node, name, where);
      }
      List<Seen> seen = new ArrayList<>();
      for (Everyone.Answer<NodeFacts> answer :
          Everyone.ask(node, instances, NodeFacts.PATIENCE, "info", NodeFacts.class)) {
        seen.add(new Seen(answer.instance(), answer.value(), answer.failure()));
      }
      Console console = call.console();
      if (call.settings().json()) {
        seen.forEach(s -> console.line(new Json().line(object(s, view))));
      } else {
        console.text(render(name, seen, view, call.time().wallMillis(), console.dataPaint()));
      }
    }
    return 0;
  }

  static String render(String name, List<Seen> seen, ViewFacts view, long nowMillis, Paint paint) {
    long ready = seen.stream().filter(s -> s.instance().ready()).count();
    StringBuilder s = new StringBuilder();
    s.append(paint.bold(name)).append(": ").append(Figures.count(seen.size(), "instance"));
    s.append(", ").append(ready).append(" ready, in ");
    s.append(view.problem().isEmpty() ? view.text() : paint.yellow(view.text())).append('\n');
    Map<String, List<String>> endpoints = new TreeMap<>();
    for (Seen one : seen) {
      for (Endpoint e : one.instance().endpoints()) {
        endpoints
            .computeIfAbsent(e.name() + kind(e), k -> new ArrayList<>())
            .add(one.instance().label());
      }
    }
    endpoints.forEach((endpoint, labels) -> {
      s.append("  ").append(name).append('/').append(endpoint);
      s.append(
          labels.size() == seen.size() ? "" : paint.dim("  only " + String.join(", ", labels)));
      s.append('\n');
    });
    seen.forEach(one -> instance(s, one, nowMillis, paint));
    if (!view.skipped().isEmpty()) {
      s.append('\n').append(paint.yellow("skipped")).append('\n');
      view.skipped().forEach(x -> s.append("  " + x.what() + ": " + x.reason() + "\n"));
    }
    return s.toString();
  }

  private static String kind(Endpoint e) {
    return switch (e.kind()) {
      case METHOD -> e.idempotent() ? " (idempotent)" : "";
      case TOPIC -> " (topic)";
      case QUEUE -> " (queue)";
    };
  }

  private static void instance(StringBuilder s, Seen seen, long nowMillis, Paint paint) {
    Instance i = seen.instance();
    s.append('\n').append(paint.cyan(i.label())).append("  ");
    s.append(i.ready() ? paint.green("ready") : paint.yellow(Instances.readiness(i)));
    long up = Math.max(0, nowMillis - i.startedMillis());
    s.append(", up ").append(Figures.time(up * 1_000_000)).append('\n');
    row(
        s,
        "address",
        String.join(", ", i.addresses().stream().map(Object::toString).toList()));
    row(s, "version", i.version());
    row(s, "datacenter", i.datacenter());
    row(s, "weight", i.weight() == 1 ? "" : Integer.toString(i.weight()));
    row(s, "groups", String.join(", ", Instances.groups(i)));
    row(
        s,
        "metadata",
        String.join(
            ", ",
            new TreeMap<>(i.metadata())
                .entrySet().stream().map(Object::toString).toList()));
    NodeFacts facts = seen.facts();
    if (facts != null) {
      row(s, "node", facts.software());
      row(s, "key", facts.signs() == null ? "" : facts.signs());
      String problem = facts.registryProblem();
      row(s, "registry", problem == null || problem.isEmpty() ? "" : paint.yellow(problem));
    } else {
      LinkException failure = Objects.requireNonNull(seen.failure());
      row(s, "node", paint.red(failure.status() + ": " + failure.problem()));
    }
  }

  private static void row(StringBuilder s, String title, String value) {
    if (!value.isEmpty()) {
      s.append("  ")
          .append(title)
          .append(" ".repeat(12 - title.length()))
          .append(value)
          .append('\n');
    }
  }

  static Map<String, Object> object(Seen seen, ViewFacts view) {
    Instance i = seen.instance();
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("service", i.service());
    object.put("node", i.node());
    object.put("id", i.id().toString());
    object.put("ready", i.ready());
    object.put("note", i.note());
    object.put("datacenter", i.datacenter());
    object.put("weight", i.weight());
    object.put("groups", Instances.groups(i));
    object.put("version", i.version());
    object.put("addresses", i.addresses().stream().map(Object::toString).toList());
    object.put("metadata", new TreeMap<>(i.metadata()));
    object.put("startedMillis", i.startedMillis());
    List<Map<String, Object>> endpoints = new ArrayList<>();
    for (Endpoint e : i.endpoints()) {
      Map<String, Object> endpoint = new LinkedHashMap<>();
      endpoint.put("name", e.name());
      endpoint.put("kind", e.kind().name().toLowerCase(java.util.Locale.ROOT));
      endpoint.put("idempotent", e.idempotent());
      endpoints.add(endpoint);
    }
    object.put("endpoints", endpoints);
    view.putInto(object);
    if (seen.facts() != null) {
      object.put("facts", seen.facts());
    }
    if (seen.failure() != null) {
      object.put("failure", Failures.map(seen.failure()));
    }
    return object;
  }
}
