package io.liblink.cli.command;

import io.liblink.Node;
import io.liblink.RemoteService;
import io.liblink.cli.args.Shape;
import io.liblink.cli.output.Console;
import io.liblink.cli.output.Json;
import io.liblink.cli.output.Name;
import io.liblink.cli.output.Table;
import io.liblink.registry.Endpoint;
import io.liblink.registry.Instance;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Lists the services of the cluster. */
public final class LsCommand implements Command {
  /**
   * What is known of one service.
   *
   * @param service its name
   * @param ready instances that want traffic
   * @param total all instances
   * @param versions every version announced, in order
   * @param datacenters every datacenter that the registry says, in order
   * @param weights every weight, in order
   * @param groups the groups of nodes that one of the instances is for, in order; empty when all are for all
   * @param methods every method announced, in order
   * @param topics every topic announced, in order
   * @param queues every queue announced, in order
   * @param nodes the nodes that announce it, in order
   * @param notReady the instances that do not want traffic, and why when the registry knows
   * @param view where that comes from
   */
  record Row(
      String service,
      int ready,
      int total,
      List<String> versions,
      List<String> datacenters,
      List<Integer> weights,
      List<String> groups,
      List<String> methods,
      List<String> topics,
      List<String> queues,
      List<String> nodes,
      List<String> notReady,
      ViewFacts view) {
    static Row of(String service, List<Instance> instances, ViewFacts view) {
      TreeSet<String> versions = new TreeSet<>();
      TreeSet<String> datacenters = new TreeSet<>();
      TreeSet<Integer> weights = new TreeSet<>();
      TreeSet<String> groups = new TreeSet<>();
      Map<Endpoint.Kind, Set<String>> endpoints = new EnumMap<>(Endpoint.Kind.class);
      TreeSet<String> nodes = new TreeSet<>();
      List<String> notReady = new ArrayList<>();
      for (Instance i : instances) {
        versions.add(i.version());
        datacenters.add(i.datacenter());
        weights.add(i.weight());
        groups.addAll(Instances.groups(i));
        i.endpoints()
            .forEach(
                e -> endpoints.computeIfAbsent(e.kind(), k -> new TreeSet<>()).add(e.name()));
        nodes.add(i.node());
        if (!i.ready()) {
          notReady.add(i.label() + (i.note().isEmpty() ? "" : ": " + i.note()));
        }
      }
      versions.remove("");
      datacenters.remove("");
      return new Row(
          service,
          instances.size() - notReady.size(),
          instances.size(),
          List.copyOf(versions),
          List.copyOf(datacenters),
          List.copyOf(weights),
          List.copyOf(groups),
          of(endpoints, Endpoint.Kind.METHOD),
          of(endpoints, Endpoint.Kind.TOPIC),
          of(endpoints, Endpoint.Kind.QUEUE),
          List.copyOf(nodes),
          notReady,
          view);
    }

    private static List<String> of(Map<Endpoint.Kind, Set<String>> endpoints, Endpoint.Kind kind) {
      return List.copyOf(endpoints.getOrDefault(kind, Set.of()));
    }

    /** Every endpoint with its kind, where that is not a method. */
    List<String> endpoints() {
      List<String> all = new ArrayList<>(methods);
      topics.forEach(t -> all.add(t + " (topic)"));
      queues.forEach(q -> all.add(q + " (queue)"));
      return all;
    }

    /** Whether the registry has something to say of it. */
    boolean isWorthARow() {
      return total > 0 || !view.skipped().isEmpty();
    }

    /** For programs: the view is part of the same object. */
    Map<String, Object> object() {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("service", service);
      object.put("ready", ready);
      object.put("total", total);
      object.put("versions", versions);
      object.put("datacenters", datacenters);
      object.put("weights", weights);
      object.put("groups", groups);
      object.put("methods", methods);
      object.put("topics", topics);
      object.put("queues", queues);
      object.put("nodes", nodes);
      object.put("notReady", notReady);
      view.putInto(object);
      return object;
    }
  }

  @Override
  public Shape shape() {
    return Shape.of("ls", "lists the services of the cluster and how many instances are ready")
        .options(Calling.WHERE)
        .example("liblink ls", "all services")
        .example("liblink ls --where 'zone == \"eu\"'", "what runs in the EU")
        .example("liblink ls -j | jq -r .service", "an object for each service");
  }

  @Override
  public int run(Invocation call) {
    Console console = call.console();
    String where = call.arguments().value("--where");
    List<Row> rows = new ArrayList<>();
    try (Node node = call.settings().join()) {
      for (String name : new TreeSet<>(node.services())) {
        RemoteService service = node.service(name);
        List<Instance> instances = Instances.of(service, where);
        Row row = Row.of(name, instances, ViewFacts.of(service.explain()));
        if (row.total() > 0 || (where == null && row.isWorthARow())) {
          rows.add(row);
        }
      }
      if (call.settings().json()) {
        rows.forEach(r -> console.line(new Json().line(r.object())));
      } else if (rows.isEmpty() && where == null && Instances.notListed(call.settings())) {
        console.say(
            "DNS does not list services: '" + Name.typed() + " info SERVICE' asks for one.");
      } else if (rows.isEmpty()) {
        console.say("No services"
            + (where == null ? "" : " that fit")
            + " in cluster '"
            + node.cluster()
            + "'. To start one:\n  "
            + Name.typed()
            + " serve greeter --method hello='sed \"s/^/Hello, /\"'");
      } else {
        console.text(table(rows).render(console.dataPaint()));
        say(rows, console);
      }
    }
    return 0;
  }

  /** What is no service that can be used, and why; where all of it comes from. */
  private static void say(List<Row> rows, Console console) {
    for (Row r : rows) {
      for (String one : r.notReady()) {
        console.say(console.paint().yellow("not ready") + " for " + r.service() + ": " + one);
      }
      r.view().saySkipped(r.service(), console);
    }
    Set<String> said = new LinkedHashSet<>();
    for (Row r : rows) {
      ViewFacts view = r.view();
      if (!view.problem().isEmpty()) {
        console.problem(console.paint().yellow("the view of " + r.service()) + ": " + view.text());
      } else if (said.add(view.source())) {
        console.say(console.paint().dim(view.text()));
      }
    }
  }

  static Table table(List<Row> rows) {
    boolean datacenters = rows.stream().anyMatch(r -> !r.datacenters().isEmpty());
    boolean weights = rows.stream().anyMatch(r -> !r.weights().equals(List.of(1)));
    boolean groups = rows.stream().anyMatch(r -> !r.groups().isEmpty());
    List<String> titles = new ArrayList<>(List.of("SERVICE", ">READY", "VERSION"));
    if (datacenters) {
      titles.add("DATACENTER");
    }
    if (weights) {
      titles.add("WEIGHT");
    }
    if (groups) {
      titles.add("GROUPS");
    }
    titles.addAll(List.of("ENDPOINTS", "NODES"));
    Table t = new Table(titles.toArray(new String[0]));
    for (Row r : rows) {
      List<String> cells =
          new ArrayList<>(List.of(r.service(), r.ready() + "/" + r.total(), some(r.versions(), 4)));
      if (datacenters) {
        cells.add(some(r.datacenters(), 4));
      }
      if (weights) {
        cells.add(some(r.weights().stream().map(String::valueOf).toList(), 4));
      }
      if (groups) {
        cells.add(some(r.groups(), 4));
      }
      cells.add(some(r.endpoints(), 4));
      cells.add(some(r.nodes(), 4));
      t.row(cells.toArray(new String[0]));
    }
    return t;
  }

  private static String some(List<String> all, int most) {
    if (all.isEmpty()) {
      return "-";
    }
    return all.size() <= most
        ? String.join(", ", all)
        : String.join(", ", all.subList(0, most)) + " and " + (all.size() - most) + " more";
  }
}
