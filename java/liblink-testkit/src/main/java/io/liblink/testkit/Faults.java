package io.liblink.testkit;

import io.liblink.testkit.network.Conditions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The faults that are in force in a cluster. Thread-safe. */
final class Faults {
  /** A fault and whom it is for: all, everything around one node, or what is between two. */
  record Placed(Fault fault, List<String> nodes) {
    boolean isBetween(String a, String b) {
      return nodes.isEmpty()
          || (nodes.size() == 1 ? nodes.contains(a) || nodes.contains(b) : isPair(a, b));
    }

    private boolean isPair(String a, String b) {
      return (nodes.get(0).equals(a) && nodes.get(1).equals(b))
          || (nodes.get(0).equals(b) && nodes.get(1).equals(a));
    }
  }

  private final List<Placed> placed = new CopyOnWriteArrayList<>();

  void add(Placed fault) {
    placed.add(fault);
  }

  /** Takes out that very one. */
  void remove(Placed fault) {
    placed.removeIf(p -> p == fault);
  }

  void clear() {
    placed.clear();
  }

  Conditions between(String a, String b) {
    Conditions all = Conditions.GOOD;
    for (Placed p : placed) {
      if (p.isBetween(a, b)) {
        all = all.and(conditions(p.fault()));
      }
    }
    return all;
  }

  private static Conditions conditions(Fault fault) {
    if (fault instanceof Fault.Delay delay) {
      return new Conditions(delay.latency().toNanos(), false, false);
    }
    return new Conditions(0, fault instanceof Fault.Stall, fault instanceof Fault.Refuse);
  }

  boolean registryIsLostTo(String node) {
    for (Placed p : placed) {
      if (p.fault() instanceof Fault.RegistryLost
          && (p.nodes().isEmpty() || p.nodes().contains(node))) {
        return true;
      }
    }
    return false;
  }
}
