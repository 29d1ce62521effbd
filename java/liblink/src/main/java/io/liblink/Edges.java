package io.liblink;

import io.liblink.session.Carried;
import io.liblink.transport.Link;
import io.liblink.transport.LinkFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@code edges}: the links of a node, as {@code spec/protocol.md} describes it.
 *
 * @param node its name
 * @param id this run of it
 * @param links the links, at most {@value #MOST}
 * @param leftOut how many more there are
 */
record Edges(String node, String id, List<Edge> links, int leftOut) {
  /** The most links in one answer. */
  static final int MOST = 1000;

  /** How long event loops may take to say what they know, all together. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** One link; what only its event loop knows is missing when that does not answer in time. */
  record Edge(
      String node,
      String id,
      String identity,
      boolean dialed,
      String address,
      String local,
      String agent,
      long ageMillis,
      boolean open,
      long rttMicros,
      String tls,
      String cipher,
      int ownStreams,
      int peerStreams,
      long requestsSent,
      long requestsReceived,
      long itemsSent,
      long itemsReceived,
      List<Requests> requests) {}

  /** Streams opened for one target, since the link was made. */
  record Requests(String target, long sent, long received) {}

  /** Asks the event loops. Blocks for no longer than a second. */
  static Edges of(NodeCore core) {
    List<Link> links = core.peers().links();
    List<Link> shown = links.size() > MOST ? links.subList(0, MOST) : links;
    List<CompletableFuture<LinkFacts>> asked = shown.stream().map(Edges::ask).toList();
    long now = core.nanos();
    await(asked);
    List<Edge> edges = new ArrayList<>(shown.size());
    for (int i = 0; i < shown.size(); i++) {
      edges.add(edge(shown.get(i), asked.get(i), now));
    }
    return new Edges(core.options().name, core.id().toString(), edges, links.size() - shown.size());
  }

  private static CompletableFuture<LinkFacts> ask(Link link) {
    try {
      return link.facts();
    } catch (RejectedExecutionException e) { // the node is being closed
      return CompletableFuture.failedFuture(e);
    }
  }

  private static void await(List<CompletableFuture<LinkFacts>> asked) {
    try {
      CompletableFuture.allOf(asked.toArray(new CompletableFuture<?>[0]))
          .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // those that answered are shown with what they said, the others without
    }
  }

  private static @Nullable LinkFacts answered(CompletableFuture<LinkFacts> facts) {
    return facts.isDone() && !facts.isCompletedExceptionally() ? facts.join() : null;
  }

  private static Edge edge(Link link, CompletableFuture<LinkFacts> answer, long now) {
    LinkFacts facts = answered(answer);
    Carried carried = facts == null ? null : facts.carried();
    return new Edge(
        link.peer().node(),
        link.peer().instance().toString(),
        link.identity().spiffeId(),
        link.dialed(),
        link.remote(),
        link.local(),
        link.peer().agent(),
        Math.max(0, now - link.madeNanos()) / 1_000_000,
        link.isOpen(),
        link.roundTripNanos() / 1000,
        facts == null ? "" : facts.protocol(),
        facts == null ? "" : facts.cipher(),
        facts == null ? 0 : facts.ownStreams(),
        facts == null ? 0 : facts.peerStreams(),
        carried == null ? 0 : carried.opened(),
        carried == null ? 0 : carried.taken(),
        carried == null ? 0 : carried.sent(),
        carried == null ? 0 : carried.received(),
        carried == null ? List.of() : requests(carried));
  }

  private static List<Requests> requests(Carried carried) {
    return carried.targets().stream()
        .map(t -> new Requests(t.target(), t.opened(), t.taken()))
        .toList();
  }
}
