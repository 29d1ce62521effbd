package io.liblink.registry.dns;

import io.liblink.message.Address;
import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.registry.View;
import io.liblink.registry.dns.Answer.Place;
import io.liblink.registry.peers.Peer;
import io.liblink.registry.peers.Peers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Who is found where records lead, with the weights that the records give.
 *
 * <p>Instances of the lowest priority number at which a ready one answers have the weights of their
 * records; if those are all 0, everybody has 1, as RFC 2782 wants no preference then. Those of higher
 * numbers have 0: for when none of the others are there.
 */
final class Choice {
  /** A peer that answered before and is silent for longer is left out. */
  static final long SILENT_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final String service;
  private final long now;
  private final Map<NodeId, Found> found = new LinkedHashMap<>();
  private final List<View.Skipped> skipped = new ArrayList<>();
  private boolean waiting;

  private record Found(Instance instance, int priority, int weight, boolean answers) {
    /** The same node at another place: the better record counts. */
    Found and(Found other) {
      boolean better =
          other.priority < priority || (other.priority == priority && other.weight > weight);
      Instance both = Peers.withAddressesOf(
          answers || !other.answers ? instance : other.instance,
          answers || !other.answers ? other.instance : instance);
      return new Found(
          both,
          better ? other.priority : priority,
          better ? other.weight : weight,
          answers || other.answers);
    }
  }

  /** Looks at the peers at all places. */
  Choice(String service, List<Place> places, Peers peers, long now) {
    this.service = service;
    this.now = now;
    for (Place place : places) {
      look(place, peers);
    }
  }

  private void look(Place place, Peers peers) {
    List<View.Skipped> reasons = new ArrayList<>();
    boolean any = false;
    for (Address address : place.addresses()) {
      Peer peer = peers.at(address);
      if (peer == null || !peer.isHeard()) {
        waiting = true;
        any = true; // it may be there; not a reason to skip yet
        continue;
      }
      Instance instance = instance(peer);
      boolean answers = peer.problem().isEmpty();
      if (instance == null) {
        reasons.add(new View.Skipped(place.name(), why(peer)));
      } else if (!answers && now - peer.confirmedNanos() > SILENT_NANOS) {
        reasons.add(new View.Skipped(
            place.name(), instance.label() + " was there and does not answer: " + peer.problem()));
      } else {
        any = true;
        found.merge(
            instance.id(),
            new Found(instance, place.priority(), place.weight(), answers),
            Found::and);
      }
    }
    if (!any) {
      skipped.addAll(reasons);
    }
  }

  private @Nullable Instance instance(Peer peer) {
    for (Instance i : peer.instances()) {
      if (i.service().equals(service)) {
        return i;
      }
    }
    return null;
  }

  private String why(Peer peer) {
    if (!peer.problem().isEmpty()) {
      return "nobody who is known answers at " + peer.problem();
    }
    return peer.instances().isEmpty()
        ? "a node answers at " + peer.address() + " that serves nothing"
        : peer.instances().get(0).label() + " answers there, and does not serve '" + service + "'";
  }

  /** Whether somebody has not been heard of yet, one way or the other. */
  boolean isWaiting() {
    return waiting;
  }

  /** The instances, with their weights. */
  List<Instance> instances() {
    int active = activePriority();
    boolean equal =
        found.values().stream().filter(f -> f.priority == active).allMatch(f -> f.weight == 0);
    List<Instance> instances = new ArrayList<>();
    for (Found f : found.values()) {
      int weight = f.priority != active ? 0 : equal ? 1 : f.weight;
      instances.add(f.instance.withWeight(weight));
    }
    return instances;
  }

  private int activePriority() {
    int answering = Integer.MAX_VALUE;
    int ready = Integer.MAX_VALUE;
    int any = Integer.MAX_VALUE;
    for (Found f : found.values()) {
      any = Math.min(any, f.priority);
      if (f.instance.ready()) {
        ready = Math.min(ready, f.priority);
        if (f.answers) {
          answering = Math.min(answering, f.priority);
        }
      }
    }
    return answering < Integer.MAX_VALUE ? answering : ready < Integer.MAX_VALUE ? ready : any;
  }

  /** What records lead to and is no instance of the service. */
  List<View.Skipped> skipped() {
    return skipped;
  }
}
