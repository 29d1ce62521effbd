package io.liblink.registry.peers;

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
import org.jspecify.annotations.Nullable;

/** All addresses that are asked. Used by the registry's thread only. */
public final class Peers {
  /** How long an address may take to answer, whatever the probe's own patience. */
  public static final long ANSWER_NANOS = 5_000_000_000L;

  private final Map<Address, Peer> all = new LinkedHashMap<>();

  /** These and no others from now on; what was heard of those that stay, stands. */
  public void keep(Collection<Address> addresses, long now) {
    all.keySet().retainAll(addresses instanceof Set<?> ? addresses : Set.copyOf(addresses));
    for (Address address : addresses) {
      all.computeIfAbsent(address, a -> new Peer(a, now));
    }
  }

  /** The peer at that address; null when none is kept there. */
  public @Nullable Peer at(Address address) {
    return all.get(address);
  }

  /** All are to be asked now. */
  public void hurry(long now) {
    all.values().forEach(p -> p.hurry(now));
  }

  /** Those at which that node answered last are to be asked soon, however often that is said. */
  public void suspect(NodeId id, long now) {
    for (Peer p : all.values()) {
      if (p.instances().stream().anyMatch(i -> i.id().equals(id))) {
        p.suspect(now);
      }
    }
  }

  /** Those that are to be asked now. */
  List<Peer> due(long now) {
    List<Peer> due = new ArrayList<>();
    for (Peer p : all.values()) {
      if (!p.isAsking() && now - p.dueNanos() >= 0) {
        due.add(p);
      }
    }
    return due;
  }

  /** Lets those fail that have not answered for too long. */
  void giveUp(long now, LongSupplier intervalNanos) {
    for (Peer p : all.values()) {
      if (p.isAsking() && now - p.askedNanos() >= ANSWER_NANOS) {
        p.failed("no answer within 5 s", now, intervalNanos.getAsLong());
      }
    }
  }

  /** Until the next is due, or overdue with its answer. */
  public long untilNext(long now) {
    long next = Long.MAX_VALUE;
    for (Peer p : all.values()) {
      long at = p.isAsking() ? p.askedNanos() + ANSWER_NANOS : p.dueNanos();
      next = Math.min(next, at - now);
    }
    return next;
  }

  /** Whether each was asked and answered, or failed to, at least once. */
  public boolean allHeard() {
    return all.values().stream().allMatch(Peer::isHeard);
  }

  /** Whether a question is under way. */
  public boolean anyAsking() {
    return all.values().stream().anyMatch(Peer::isAsking);
  }

  /**
   * The instances of a service. A node that is reached at several addresses is there once, with all
   * of them; those that answer come before those that don't.
   */
  public List<Instance> instances(String service) {
    Map<NodeId, Instance> byNode = new LinkedHashMap<>();
    for (boolean answers : new boolean[] {true, false}) {
      for (Peer p : all.values()) {
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

  /** One instance that was reached in two ways: where it was reached, then what it merely names. */
  public static Instance withAddressesOf(Instance a, Instance b) {
    Set<Address> addresses = new LinkedHashSet<>(a.addresses());
    // The address it was reached at counts before those that it merely names.
    List<Address> merged = new ArrayList<>();
    merged.add(a.addresses().get(0));
    merged.add(b.addresses().get(0));
    addresses.addAll(b.addresses());
    addresses.removeAll(merged);
    merged.addAll(addresses);
    return a.withAddresses(new ArrayList<>(new LinkedHashSet<>(merged)));
  }

  /** What all of them serve. */
  public Set<String> services() {
    Set<String> names = new TreeSet<>();
    for (Peer p : all.values()) {
      p.instances().forEach(i -> names.add(i.service()));
    }
    return names;
  }

  /** Now while all answer; otherwise when the one that is silent for longest answered last. */
  public long confirmedNanos(long now) {
    long oldest = now;
    for (Peer p : all.values()) {
      if (!p.problem().isEmpty() && p.confirmedNanos() - oldest < 0) {
        oldest = p.confirmedNanos();
      }
    }
    return oldest;
  }

  /** Each address that does not answer, with its reason; only so many in full. */
  public String problem(int shown) {
    List<String> problems = new ArrayList<>();
    int more = 0;
    for (Peer p : all.values()) {
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
