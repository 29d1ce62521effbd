package io.liblink.registry.fixed;

import io.liblink.message.Address;
import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/** All addresses of a list together. Used by the registry's thread only. */
final class Peers {
  private final List<Peer> all = new ArrayList<>();

  Peers(Collection<Address> addresses, long now) {
    for (Address address : addresses) {
      all.add(new Peer(address, now));
    }
  }

  void hurry(long now) {
    all.forEach(p -> p.hurry(now));
  }

  /** Those that are to be asked now. */
  List<Peer> due(long now) {
    List<Peer> due = new ArrayList<>();
    for (Peer p : all) {
      if (!p.isAsking() && now - p.dueNanos() >= 0) {
        due.add(p);
      }
    }
    return due;
  }

  /** Lets those fail that have not answered for too long. */
  void giveUp(long now, LongSupplier intervalNanos) {
    for (Peer p : all) {
      if (p.isAsking() && now - p.askedNanos() >= FixedRegistry.ANSWER_NANOS) {
        p.failed("no answer within 5 s", now, intervalNanos.getAsLong());
      }
    }
  }

  /** Until the next is due, or overdue with its answer. */
  long untilNext(long now) {
    long next = Long.MAX_VALUE;
    for (Peer p : all) {
      long at = p.isAsking() ? p.askedNanos() + FixedRegistry.ANSWER_NANOS : p.dueNanos();
      next = Math.min(next, at - now);
    }
    return next;
  }

  boolean allHeard() {
    return all.stream().allMatch(Peer::isHeard);
  }

  boolean anyAsking() {
    return all.stream().anyMatch(Peer::isAsking);
  }

  /**
   * The instances of a service. A node that is reached at several addresses is there once, with all
   * of them; those that answer come before those that don't.
   */
  List<Instance> instances(String service) {
    Map<NodeId, Instance> byNode = new LinkedHashMap<>();
    for (boolean answers : new boolean[] {true, false}) {
      for (Peer p : all) {
        if (p.problem().isEmpty() == answers) {
          for (Instance i : p.instances()) {
            if (i.service().equals(service)) {
              byNode.merge(i.id(), i, Peers::withAddressesOf);
            }
          }
        }
      }
    }
    return List.copyOf(byNode.values());
  }

  private static Instance withAddressesOf(Instance a, Instance b) {
    Set<Address> addresses = new LinkedHashSet<>(a.addresses());
    // The address it was reached at counts before those that it merely names.
    List<Address> merged = new ArrayList<>();
    merged.add(a.addresses().get(0));
    merged.add(b.addresses().get(0));
    addresses.addAll(b.addresses());
    addresses.removeAll(merged);
    merged.addAll(addresses);
    return new Instance(
        a.service(),
        a.node(),
        a.id(),
        new ArrayList<>(new LinkedHashSet<>(merged)),
        a.version(),
        a.metadata(),
        a.ready(),
        a.startedMillis(),
        a.endpoints());
  }

  Set<String> services() {
    Set<String> names = new TreeSet<>();
    for (Peer p : all) {
      p.instances().forEach(i -> names.add(i.service()));
    }
    return names;
  }

  /** Now while all answer; otherwise when the one that is silent for longest answered last. */
  long confirmedNanos(long now) {
    long oldest = now;
    for (Peer p : all) {
      if (!p.problem().isEmpty() && p.confirmedNanos() - oldest < 0) {
        oldest = p.confirmedNanos();
      }
    }
    return oldest;
  }

  /** Each address that does not answer, with its reason; only so many in full. */
  String problem(int shown) {
    List<String> problems = new ArrayList<>();
    int more = 0;
    for (Peer p : all) {
      if (!p.problem().isEmpty()) {
        if (problems.size() < shown) {
          problems.add(p.problem());
        } else {
          more++;
        }
      }
    }
    return String.join("; ", problems) + (more == 0 ? "" : "; and " + more + " more");
  }
}
