package io.liblink;

import io.liblink.cluster.Peer;
import io.liblink.routing.Candidates;
import io.liblink.routing.Fate;
import io.liblink.routing.Route;
import io.liblink.transport.Link;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What {@code routing} knows of a route, and what the links know, put together. */
final class ExplainedRoute {
  private ExplainedRoute() {}

  static Explanation of(NodeCore core, Route route, Candidates candidates) {
    io.liblink.routing.Explanation found = candidates.explain(core.nanos());
    return new Explanation(
        route.service(),
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

  private static String reason(Fate fate, @Nullable Peer peer, @Nullable Link link) {
    if (!fate.reason().isEmpty() || link != null || peer == null) {
      return fate.reason();
    }
    String problem = peer.problem();
    return problem.isEmpty() ? "" : fate.instance().label() + " can't be reached: " + problem;
  }
}
