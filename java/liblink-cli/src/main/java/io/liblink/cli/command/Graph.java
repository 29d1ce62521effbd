package io.liblink.cli.command;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The links of a cluster, each once, put together from what its nodes tell. */
final class Graph {
  /**
   * One link.
   *
   * @param from who dialed
   * @param to who was dialed
   * @param dialer what the dialer tells of it; null when it was not asked, or does not know it any more
   * @param acceptor the same of the other end
   */
  record Link(
      End from, End to, EdgeFacts.@Nullable Edge dialer, EdgeFacts.@Nullable Edge acceptor) {
    /** What one of both tells; what both tell is told by the dialer. */
    EdgeFacts.Edge told() {
      EdgeFacts.Edge one = dialer == null ? acceptor : dialer;
      if (one == null) {
        throw new IllegalStateException("a link of which nobody told");
      }
      return one;
    }

    /** The requests of the dialer to the other; whoever tells it. */
    long requests() {
      return dialer != null ? dialer.requestsSent() : told().requestsReceived();
    }

    /** The requests the other way. */
    long requestsBack() {
      return dialer != null ? dialer.requestsReceived() : told().requestsSent();
    }

    /** Items in both directions. */
    long items() {
      return told().itemsSent() + told().itemsReceived();
    }

    /** Streams open now. */
    int streams() {
      return told().ownStreams() + told().peerStreams();
    }

    /** The smallest round trip that one of both has measured; 0 when none has. */
    long rttMicros() {
      long a = dialer == null ? 0 : dialer.rttMicros();
      long b = acceptor == null ? 0 : acceptor.rttMicros();
      return a == 0 || b == 0 ? Math.max(a, b) : Math.min(a, b);
    }

    /** By target: of the dialer first, back second. */
    Map<String, long[]> targets() {
      Map<String, long[]> all = new LinkedHashMap<>();
      boolean forward = dialer != null;
      for (EdgeFacts.Requests r : told().requests()) {
        all.put(
            r.target(),
            forward ? new long[] {r.sent(), r.received()} : new long[] {r.received(), r.sent()});
      }
      return all;
    }
  }

  /** A node at one end; the identity is what it proved to the other, empty when that was not asked. */
  record End(String node, String id, String identity) {
    String label() {
      return node + "@" + (id.length() > 8 ? id.substring(0, 8) : id);
    }
  }

  private record Told(EdgeFacts by, EdgeFacts.Edge edge) {}

  private Graph() {}

  /**
   * Puts together.
   *
   * @param told what each node tells of its links
   * @param except a node whose links are left out: who asked
   */
  static List<Link> of(List<EdgeFacts> told, String except) {
    Map<String, List<Told>> dialed = new LinkedHashMap<>();
    Map<String, List<Told>> accepted = new LinkedHashMap<>();
    for (EdgeFacts by : told) {
      for (EdgeFacts.Edge edge : by.links()) {
        if (!edge.id().equals(except) && !by.id().equals(except)) {
          String pair = edge.dialed() ? by.id() + ">" + edge.id() : edge.id() + ">" + by.id();
          (edge.dialed() ? dialed : accepted)
              .computeIfAbsent(pair, k -> new ArrayList<>())
              .add(new Told(by, edge));
        }
      }
    }
    List<Link> links = new ArrayList<>();
    dialed.forEach((pair, list) -> {
      List<Told> others = accepted.getOrDefault(pair, new ArrayList<>());
      list.forEach(t -> links.add(link(t, other(t, list, others))));
      others.forEach(t -> links.add(link(null, t)));
      accepted.remove(pair);
    });
    accepted.values().forEach(list -> list.forEach(t -> links.add(link(null, t))));
    links.sort(Comparator.comparing((Link l) -> l.from().label())
        .thenComparing(l -> l.to().label())
        .thenComparing(l -> -l.told().ageMillis()));
    return links;
  }

  /**
   * What the acceptor tells of the same link, taken out of {@code others}: the one whose addresses are
   * the same; when addresses are translated between both, the one that is as old.
   */
  private static @Nullable Told other(Told told, List<Told> own, List<Told> others) {
    for (Told candidate : others) {
      if (candidate.edge().address().equals(told.edge().local())) {
        others.remove(candidate);
        return candidate;
      }
    }
    Told nearest = others.stream()
        .filter(
            o -> own.stream().noneMatch(t -> t.edge().local().equals(o.edge().address())))
        .min(Comparator.comparingLong(
            o -> Math.abs(o.edge().ageMillis() - told.edge().ageMillis())))
        .orElse(null);
    if (nearest != null) {
      others.remove(nearest);
    }
    return nearest;
  }

  private static Link link(@Nullable Told dialer, @Nullable Told acceptor) {
    if (dialer != null) {
      EdgeFacts.Edge edge = dialer.edge();
      return new Link(
          new End(
              dialer.by().node(),
              dialer.by().id(),
              acceptor == null ? "" : acceptor.edge().identity()),
          new End(edge.node(), edge.id(), edge.identity()),
          edge,
          acceptor == null ? null : acceptor.edge());
    }
    if (acceptor == null) {
      throw new IllegalStateException("a link of which nobody told");
    }
    EdgeFacts.Edge edge = acceptor.edge();
    return new Link(
        new End(edge.node(), edge.id(), edge.identity()),
        new End(acceptor.by().node(), acceptor.by().id(), ""),
        null,
        edge);
  }
}
