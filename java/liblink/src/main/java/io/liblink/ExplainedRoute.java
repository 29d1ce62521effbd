package io.liblink;

import io.liblink.cluster.Peer;
import io.liblink.registry.Registry;
import io.liblink.registry.View;
import io.liblink.routing.Candidates;
import io.liblink.routing.Fate;
import io.liblink.routing.Route;
import io.liblink.routing.Selector;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import io.liblink.transport.Link;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What {@code routing} knows of a route, and what the links know, put together. */
final class ExplainedRoute {
  /** How long the first word of the registry is waited for: less than who asks waits. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private ExplainedRoute() {}

  static Explanation of(NodeCore core, Route route, Candidates candidates) {
    return of(core, route.service(), candidates);
  }

  /**
   * The same for somebody else's question, of which nothing stays: no route, and no watch when this
   * node has none. Blocks until the registry has said something.
   */
  static Explanation glance(
      NodeCore core, String service, @Nullable Selector selector, @Nullable String to) {
    View known = core.directory().view(service);
    View view = known == null ? ask(core.registry(), service) : known;
    return of(core, service, core.routes().glance(service, view, selector, to));
  }

  private static View ask(Registry registry, String service) {
    CompletableFuture<View> first = new CompletableFuture<>();
    Registry.Watch watch = registry.watch(service, first::complete);
    try {
      return Waiting.orTimeout(first, PATIENCE, () -> {
        String problem = registry.problem();
        return new LinkException(
            Status.UNAVAILABLE,
            "the registry " + registry.uri() + " has not answered within " + PATIENCE.toSeconds()
                + " s" + (problem.isEmpty() ? "" : ": " + problem));
      });
    } finally {
      watch.close();
    }
  }

  private static Explanation of(NodeCore core, String service, Candidates candidates) {
    io.liblink.routing.Explanation found =
        candidates.explain(core.nanos()).from(core.registry().uri());
    return new Explanation(
        service,
        core.registry().uri(),
        Duration.ofNanos(Math.max(0, found.nowNanos() - found.view().asOfNanos())),
        found.view().problem(),
        found.fates().stream().map(f -> place(core, f)).toList(),
        found.view().skipped(),
        found.text());
  }

  private static Explanation.Place place(NodeCore core, Fate fate) {
    Peer peer = core.peers().known(fate.instance().id());
    Link link = peer == null ? null : peer.link();
    boolean connected = link != null && fate.step() == Fate.Step.BALANCED;
    return new Explanation.Place(
        fate.instance(),
        connected ? Explanation.Step.CONNECTED : step(fate.step()),
        reason(fate, peer, link),
        fate.tier(),
        fate.share(),
        fate.inFlight(),
        Duration.ofNanos(fate.latencyNanos()),
        link == null ? "" : link.remote());
  }

  private static Explanation.Step step(Fate.Step step) {
    return Explanation.Step.valueOf(step.name());
  }

  /** That there is no way to it says more than that its share is small. */
  private static String reason(Fate fate, @Nullable Peer peer, @Nullable Link link) {
    String problem = link != null || peer == null ? "" : peer.problem();
    if (problem.isEmpty() || fate.step().compareTo(Fate.Step.ALLOWED) < 0) {
      return fate.reason();
    }
    String label = fate.instance().label();
    String also =
        fate.reason().isEmpty() ? "" : "; it " + fate.reason().substring(label.length() + 1);
    return label + " can't be reached: " + problem + also;
  }
}
