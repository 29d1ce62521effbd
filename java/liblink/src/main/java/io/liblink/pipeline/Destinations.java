package io.liblink.pipeline;

import io.liblink.message.NodeId;
import io.liblink.routing.Candidate;
import io.liblink.routing.Candidates;
import io.liblink.routing.Route;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Lock;

/** The instances that a producer sends to: those that are ready and selected. Thread-safe. */
final class Destinations {
  private static final int SHOWN = 500;

  private final ItemProducer producer;
  private final Route route;
  private final Lock lock;
  private final Runnable onView = this::update;

  // Guarded by lock, the producer's.
  private final Map<NodeId, Destination> all = new LinkedHashMap<>();
  private boolean ended;

  Destinations(ItemProducer producer, Route route, Lock lock) {
    this.producer = producer;
    this.route = route;
    this.lock = lock;
  }

  void start() {
    route.onChange(onView);
    update();
  }

  private void update() {
    Candidates found = route.candidates();
    if (found == null) {
      return;
    }
    List<Destination> come = new ArrayList<>();
    List<Destination> gone = new ArrayList<>();
    Set<NodeId> known = new HashSet<>();
    lock.lock();
    try {
      if (ended) {
        return;
      }
      for (Candidate candidate : found.inUse()) {
        NodeId id = candidate.instance().id();
        known.add(id);
        Destination destination = all.get(id);
        if (destination != null) {
          destination.update(candidate.instance());
        } else {
          destination = new Destination(producer, lock, candidate.instance());
          all.put(id, destination);
          come.add(destination);
        }
      }
      all.values().removeIf(d -> !known.contains(d.id()) && gone.add(d));
    } finally {
      lock.unlock();
    }
    gone.forEach(Destination::retire);
    come.forEach(Destination::connect);
  }

  /** Ends all streams. */
  void end() {
    route.removeListener(onView);
    List<Destination> last;
    lock.lock();
    try {
      ended = true;
      last = new ArrayList<>(all.values());
    } finally {
      lock.unlock();
    }
    last.forEach(Destination::retire);
  }

  /** As users see them. */
  List<DestinationState> states() {
    lock.lock();
    try {
      return all.values().stream().map(Destination::state).toList();
    } finally {
      lock.unlock();
    }
  }

  /** Why items are not settled, in words. */
  String why() {
    lock.lock();
    try {
      if (all.isEmpty()) {
        Candidates found = route.candidates();
        return found == null
            ? "the registry has not answered yet"
            : route.explain(found, producer.now()).text();
      }
      StringBuilder s = new StringBuilder();
      int more = all.size();
      for (Destination d : all.values()) {
        s.append(s.length() == 0 ? "" : "; ").append(d).append(' ').append(d.text());
        if (--more > 0 && s.length() > SHOWN) {
          return s.append("; and ").append(more).append(" more").toString();
        }
      }
      return s.toString();
    } finally {
      lock.unlock();
    }
  }
}
