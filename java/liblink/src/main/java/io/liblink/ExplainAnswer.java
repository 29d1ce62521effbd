package io.liblink;

import io.liblink.message.Names;
import io.liblink.message.NodeId;
import io.liblink.registry.Endpoint;
import io.liblink.registry.Instance;
import io.liblink.registry.View;
import io.liblink.routing.Selector;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@code explain}: an {@link Explanation} of the node asked, as {@code spec/protocol.md}
 * describes it.
 *
 * @param node who says it
 * @param id this run of it
 * @param steps how many instances came at least so far, by the name of the step
 * @param instances at most {@value #MOST}
 * @param leftOut how many more there are
 */
record ExplainAnswer(
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
    List<View.Skipped> skipped) {
  /** The most instances in one answer. */
  static final int MOST = 1000;

  /**
   * The request.
   *
   * @param service whose instances
   * @param where a selector; null for all
   * @param to an instance or a node; null for any
   * @param endpoint what the instances are asked to have; null for anything
   */
  record Question(
      @Nullable String service,
      @Nullable String where,
      @Nullable String to,
      @Nullable String endpoint) {}

  /** One instance and how far it comes. */
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
      String link) {}

  /**
   * Looks and answers. May block until the registry has said something.
   *
   * @throws LinkException INVALID_ARGUMENT when the question can't be understood
   */
  static ExplainAnswer to(@Nullable Question question, NodeCore core) {
    String service;
    Selector selector;
    String endpoint;
    try {
      if (question == null || question.service() == null) {
        throw new IllegalArgumentException("the request names no service: {\"service\": \"…\"}");
      }
      service = Names.service(question.service());
      selector = question.where() == null ? null : Selector.parse(question.where());
      endpoint = question.endpoint() == null ? "" : Names.endpoint(question.endpoint());
    } catch (IllegalArgumentException e) {
      throw new LinkException(Status.INVALID_ARGUMENT, String.valueOf(e.getMessage()));
    }
    Explanation found = ExplainedRoute.glance(core, service, selector, question.to());
    return of(found, endpoint, Admits.ask(core, found), core);
  }

  private static ExplainAnswer of(
      Explanation found, String endpoint, Map<NodeId, String> refusals, NodeCore core) {
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
    int shown = Math.min(MOST, found.instances().size());
    List<Place> places = new ArrayList<>(shown);
    found
        .instances()
        .subList(0, shown)
        .forEach(p -> places.add(place(p, endpoint, refusals.get(p.instance().id()))));
    return new ExplainAnswer(
        found.service(),
        core.options().name,
        core.id().toString(),
        found.source(),
        found.age().toMillis(),
        found.problem(),
        found.summary(),
        steps,
        places,
        found.instances().size() - shown,
        found.skipped());
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

  /** Empty when nothing was asked for; {@code unknown} when the registry does not tell endpoints. */
  private static String kindOf(Instance instance, String endpoint) {
    if (endpoint.isEmpty()) {
      return "";
    }
    if (instance.endpoints().isEmpty()) {
      return "unknown";
    }
    return instance.endpoints().stream()
        .filter(e -> e.name().equals(endpoint))
        .map(Endpoint::kind)
        .map(ExplainAnswer::name)
        .findFirst()
        .orElse("none");
  }
}
