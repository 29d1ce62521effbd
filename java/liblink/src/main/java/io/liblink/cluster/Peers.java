package io.liblink.cluster;

import io.liblink.message.Address;
import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.time.TimeSource;
import io.liblink.transport.Link;
import io.liblink.transport.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Every other node that this one has, or may want, a link to. Links are opened on first use, one per
 * peer (or as many as configured), whichever side dialed. Thread-safe.
 *
 * <p>Bounded: peers without links that nobody names any more are forgotten by {@link #sweep}.
 */
public final class Peers {
  private final ConcurrentHashMap<NodeId, Peer> byId = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Address, Link> byAddress = new ConcurrentHashMap<>();
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final Transport transport;
  private final TimeSource time;
  private final int linksPerPeer;

  /** Told of instances that could not be reached. Set once, before anything is dialed. */
  private volatile Consumer<Instance> unreachable = instance -> {};

  /** Why this node takes no more streams; empty while it does. */
  private volatile String draining = "";

  /** No links yet. */
  public Peers(Transport transport, TimeSource time, int linksPerPeer) {
    this.transport = transport;
    this.time = time;
    this.linksPerPeer = linksPerPeer;
  }

  /**
   * Has somebody told of each instance that could not be reached where it was announced, on event loops.
   *
   * @param listener must not block
   */
  public void onUnreachable(Consumer<Instance> listener) {
    unreachable = listener;
  }

  /** The peer of that id, known or not. */
  public Peer of(NodeId id) {
    Peer peer = byId.get(id);
    return peer != null
        ? peer
        : byId.computeIfAbsent(
            id, k -> new Peer(k, transport, time, linksPerPeer, i -> unreachable.accept(i)));
  }

  /** The peer of that id when there is, or was a moment ago, a link to it or an attempt; else null. */
  public @Nullable Peer known(NodeId id) {
    return byId.get(id);
  }

  /** A link became ready, dialed or accepted. */
  public void add(Link link) {
    links.add(link);
    of(link.peer().instance()).add(link);
    String reason = draining;
    if (!reason.isEmpty() && !link.dialed()) {
      link.drain(reason);
    }
  }

  /** The link takes no new streams. */
  public void draining(Link link) {
    of(link.peer().instance()).remove(link);
  }

  /** The link is gone. */
  public void remove(Link link) {
    links.remove(link);
    byAddress.values().removeIf(l -> l == link);
    NodeId id = link.peer().instance();
    of(id).remove(link);
    byId.computeIfPresent(id, (k, peer) -> peer.isUnused() ? null : peer);
  }

  /** Forgets peers that were failing and are not asked for any more. To be called now and then. */
  public void sweep() {
    byId.forEach((id, peer) -> byId.computeIfPresent(id, (k, p) -> p.isUnused() ? null : p));
  }

  /** Every link there is. */
  public List<Link> links() {
    return new ArrayList<>(links);
  }

  /**
   * The link that was dialed at an address, whoever is there; dials it if there is none. The link is
   * then known under its peer's id, too.
   */
  public CompletableFuture<Link> dialed(Address address) {
    Link known = byAddress.get(address);
    if (known != null && known.isOpen()) {
      return CompletableFuture.completedFuture(known);
    }
    return transport.dial(address).whenComplete((link, failure) -> {
      if (failure == null) {
        byAddress.put(address, link);
      }
    });
  }

  /** Has every link that this node dialed end when its streams do; new ones are made when needed. */
  public void renew(String reason) {
    links.stream().filter(Link::dialed).forEach(l -> l.drain(reason));
  }

  /** Tells every peer that this node takes no new streams, also those that come from now on. */
  public void drain(String reason) {
    draining = reason;
    links.forEach(l -> l.drain(reason));
  }
}
