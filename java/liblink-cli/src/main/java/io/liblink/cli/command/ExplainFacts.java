package io.liblink.cli.command;

import static java.util.Objects.requireNonNullElse;

import io.liblink.Explanation;
import io.liblink.Node;
import io.liblink.message.NodeId;
import io.liblink.registry.Endpoint;
import io.liblink.registry.Instance;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why requests of a node reach an instance or not: as its own {@code explain} says it, or as this
 * program's node does. A node of another version may leave out what this one does not know, and say more.
 *
 * @param service the service
 * @param node whose requests
 * @param id this run of it
 * @param source the registry
 * @param ageMillis how long ago the registry confirmed the view
 * @param problem what is wrong with the registry; empty when nothing is
 * @param summary all in one line
 * @param steps how many instances came so far, by the names of the steps in order
 * @param instances each and how far it came
 * @param leftOut instances that are not told one by one
 * @param skipped what the registry has and is no instance that can be used
 */
record ExplainFacts(
    String service,
    String node,
    String id,
    String source,
    long ageMillis,
    String problem,
    String summary,
    Map<String, Long> steps,
    List<Place> instances,
    int leftOut,
    List<Skipped> skipped) {
  /** What the registry has and is no instance that can be used, and why. */
  record Skipped(String what, String reason) {}

  /** One instance; endpoint is its kind there, "none" or "unknown", empty when nobody asked. */
  record Place(
      String node,
      String id,
      List<String> addresses,
      String version,
      String datacenter,
      int weight,
      boolean ready,
      String note,
      Map<String, String> metadata,
      String endpoint,
      String step,
      String reason,
      int tier,
      double share,
      int inFlight,
      long latencyMicros,
      String link) {
    Place {
      node = requireNonNullElse(node, "?");
      id = requireNonNullElse(id, "");
      addresses = requireNonNullElse(addresses, List.of());
      version = requireNonNullElse(version, "");
      datacenter = requireNonNullElse(datacenter, "");
      note = requireNonNullElse(note, "");
      metadata = requireNonNullElse(metadata, Map.of());
      endpoint = requireNonNullElse(endpoint, "");
      step = requireNonNullElse(step, "");
      reason = requireNonNullElse(reason, "");
      link = requireNonNullElse(link, "");
    }

    String label() {
      return node + "@" + (id.length() > 8 ? id.substring(0, 8) : id);
    }

    /** Why it comes no farther, without saying again who. */
    String why() {
      String label = label() + " ";
      return reason.startsWith(label) ? reason.substring(label.length()) : reason;
    }

    /** Whether requests go there. */
    boolean getsRequests() {
      return step.equals("balanced") || step.equals("connected");
    }

    /** Whether the endpoint asked for is there, as a kind that can be meant; not known is as good. */
    boolean hasEndpoint() {
      return !endpoint.equals("none");
    }

    /** Whether a link was tried and is not there. */
    boolean unreachable() {
      return link.isEmpty() && reason.contains(" can't be reached: ");
    }
  }

  ExplainFacts {
    node = requireNonNullElse(node, "?");
    id = requireNonNullElse(id, "");
    source = requireNonNullElse(source, "?");
    problem = requireNonNullElse(problem, "");
    summary = requireNonNullElse(summary, "");
    steps = requireNonNullElse(steps, Map.of());
    instances = requireNonNullElse(instances, List.of());
    skipped = requireNonNullElse(skipped, List.of());
  }

  /**
   * What this program's node says.
   *
   * @param endpoint is looked for, unless it is empty
   * @param refusals why instances do not let this node in, by their ids
   */
  static ExplainFacts of(
      Explanation found, Node node, String endpoint, Map<NodeId, String> refusals) {
    Map<String, Long> steps = new LinkedHashMap<>();
    for (Explanation.Step step : Explanation.Step.values()) {
      steps.put(
          name(step),
          found.instances().stream()
              .filter(p -> p.step().compareTo(step) >= 0)
              .filter(p -> step.compareTo(Explanation.Step.ALLOWED) < 0
                  || !refusals.containsKey(p.instance().id()))
              .count());
    }
    List<Place> places = new ArrayList<>();
    found
        .instances()
        .forEach(p -> places.add(place(p, endpoint, refusals.get(p.instance().id()))));
    return new ExplainFacts(
        found.service(),
        node.name(),
        node.id().toString(),
        found.source(),
        found.age().toMillis(),
        found.problem(),
        found.summary(),
        steps,
        places,
        0,
        found.skipped().stream().map(s -> new Skipped(s.what(), s.reason())).toList());
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static Place place(Explanation.Place place, String endpoint, @Nullable String refusal) {
    Instance i = place.instance();
    return new Place(
        i.node(),
        i.id().toString(),
        i.addresses().stream().map(Object::toString).toList(),
        i.version(),
        i.datacenter(),
        i.weight(),
        i.ready(),
        i.note(),
        i.metadata(),
        kindOf(i, endpoint),
        name(refusal == null ? place.step() : Explanation.Step.SELECTED),
        refusal == null ? place.reason() : i.label() + " refuses this node: it " + refusal,
        place.tier(),
        place.share(),
        place.inFlight(),
        place.latency().toNanos() / 1000,
        place.link());
  }

  private static String kindOf(Instance instance, String endpoint) {
    if (endpoint.isEmpty() || instance.endpoints().isEmpty()) {
      return endpoint.isEmpty() ? "" : "unknown";
    }
    return instance.endpoints().stream()
        .filter(e -> e.name().equals(endpoint))
        .map(Endpoint::kind)
        .map(ExplainFacts::name)
        .findFirst()
        .orElse("none");
  }

  /** Those that get requests and have the endpoint. */
  List<Place> reached() {
    return instances.stream()
        .filter(p -> p.getsRequests() && p.hasEndpoint() && !p.unreachable())
        .toList();
  }
}
