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
   * @param methods every method announced, in order
   * @param topics every topic announced, in order
   * @param queues every queue announced, in order
   * @param nodes the nodes that announce it, in order
   */
  record Row(
      String service,
      int ready,
      int total,
      List<String> versions,
      List<String> methods,
      List<String> topics,
      List<String> queues,
      List<String> nodes) {
    static Row of(String service, List<Instance> instances) {
      TreeSet<String> versions = new TreeSet<>();
      Map<Endpoint.Kind, Set<String>> endpoints = new EnumMap<>(Endpoint.Kind.class);
      TreeSet<String> nodes = new TreeSet<>();
      int ready = 0;
      for (Instance i : instances) {
        ready += i.ready() ? 1 : 0;
        if (!i.version().isEmpty()) {
          versions.add(i.version());
        }
        i.endpoints()
            .forEach(
                e -> endpoints.computeIfAbsent(e.kind(), k -> new TreeSet<>()).add(e.name()));
        nodes.add(i.node());
      }
      return new Row(
          service,
          ready,
          instances.size(),
          List.copyOf(versions),
          of(endpoints, Endpoint.Kind.METHOD),
          of(endpoints, Endpoint.Kind.TOPIC),
          of(endpoints, Endpoint.Kind.QUEUE),
          List.copyOf(nodes));
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
        Row row = Row.of(name, (where == null ? service : service.where(where)).instances());
        if (row.total() > 0) {
          rows.add(row);
        }
      }
      if (call.settings().json()) {
        rows.forEach(r -> console.line(new Json().line(r)));
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
      }
    }
    return 0;
  }

  static Table table(List<Row> rows) {
    Table t = new Table("SERVICE", ">READY", "VERSION", "ENDPOINTS", "NODES");
    for (Row r : rows) {
      t.row(
          r.service(),
          r.ready() + "/" + r.total(),
          r.versions().isEmpty() ? "-" : String.join(", ", r.versions()),
          r.endpoints().isEmpty() ? "-" : some(r.endpoints(), 4),
          some(r.nodes(), 4));
    }
    return t;
  }

  private static String some(List<String> all, int most) {
    return all.size() <= most
        ? String.join(", ", all)
        : String.join(", ", all.subList(0, most)) + " and " + (all.size() - most) + " more";
  }
}
