package io.liblink.architecture;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where each package stands. A package uses only lower floors; neighbours on a floor do not know of
 * each other; inside one piece (a package and what lies under it) there are no circles, and a side
 * package does not know its implementations. ARCHITECTURE.md draws the same house.
 */
final class Floors {
  private static final int GROUND = 0;
  private static final int SIDE = 1;
  private static final int ROOF = 100;

  private static final Map<String, Integer> FLOORS = Map.ofEntries(
      Map.entry("message", GROUND),
      Map.entry("status", GROUND),
      Map.entry("time", GROUND),
      Map.entry("codec", SIDE),
      Map.entry("delivery", SIDE),
      Map.entry("identity", SIDE),
      Map.entry("policy", SIDE),
      Map.entry("registry", SIDE),
      Map.entry("spool", SIDE),
      Map.entry("telemetry", SIDE),
      Map.entry("topology", SIDE),
      Map.entry("wire", 11),
      Map.entry("session", 12),
      Map.entry("transport", 13),
      Map.entry("cluster", 14),
      Map.entry("routing", 15),
      Map.entry("work", 15),
      Map.entry("rpc", 16),
      Map.entry("pubsub", 16),
      Map.entry("pipeline", 16),
      Map.entry("", ROOF));

  /** Libraries that only some packages may touch. */
  private static final Map<String, List<String>> GUESTS = Map.of(
      "io.netty", List.of("transport"),
      "tools.jackson", List.of("codec.json", "registry.local"),
      "com.fasterxml", List.of("codec.json"),
      "javax.naming", List.of("registry.dns"),
      "java.util.logging", List.of(),
      "org.slf4j", List.of());

  /** Pieces that are exchanged for each other and so must not lean on each other. */
  private static final Set<String> ALTERNATIVES =
      Set.of("registry.local", "registry.fixed", "registry.dns");

  private final String root;

  Floors(String root) {
    this.root = root;
  }

  /** Whether a package may be exported: the roof, the ground and the side interfaces. */
  static boolean mayBeExported(String underRoot) {
    int floor = FLOORS.getOrDefault(underRoot, -1);
    return floor == ROOF || floor == GROUND || floor == SIDE;
  }

  /** Every breach, one line each, empty when the house stands. */
  List<String> breaches(Collection<Use> uses) {
    Set<String> found = new TreeSet<>();
    Map<String, Set<String>> graph = new TreeMap<>();
    for (Use use : uses) {
      if (!isOurs(use.from())) {
        continue;
      }
      if (isOurs(use.to())) {
        if (!use.from().equals(use.to())) {
          graph.computeIfAbsent(use.from(), k -> new TreeSet<>()).add(use.to());
          complain(found, use, betweenPackages(underRoot(use.from()), underRoot(use.to())));
        }
      } else {
        complain(found, use, guest(underRoot(use.from()), use.to()));
      }
    }
    List<String> all = new ArrayList<>(found);
    all.addAll(circles(graph));
    return all;
  }

  private static void complain(Set<String> found, Use use, String breach) {
    if (!breach.isEmpty()) {
      found.add(use.from() + " uses " + use.to() + ": " + breach + " (" + use.where() + ")");
    }
  }

  private static String betweenPackages(String from, String to) {
    String fromPiece = piece(from);
    String toPiece = piece(to);
    Integer fromFloor = FLOORS.get(fromPiece);
    Integer toFloor = FLOORS.get(toPiece);
    if (fromFloor == null || toFloor == null) {
      return "'" + (fromFloor == null ? fromPiece : toPiece) + "' stands on no floor;"
          + " give it one in Floors.java and in ARCHITECTURE.md";
    }
    if (fromPiece.equals(toPiece)) {
      return insidePiece(from, to, fromFloor);
    }
    if (toFloor > fromFloor) {
      return "a floor knows only the floors below it";
    }
    return toFloor.equals(fromFloor) ? "neighbours on a floor do not know of each other" : "";
  }

  private static String insidePiece(String from, String to, int floor) {
    if (floor != SIDE) {
      return "";
    }
    if (to.startsWith(from + ".")) {
      return "an interface does not know its implementations";
    }
    return ALTERNATIVES.contains(from) && ALTERNATIVES.contains(to)
        ? "registries do not know of each other"
        : "";
  }

  private static String guest(String from, String to) {
    for (Map.Entry<String, List<String>> guest : GUESTS.entrySet()) {
      if (isUnder(guest.getKey(), to)
          && guest.getValue().stream().noneMatch(host -> isUnder(host, from))) {
        return guest.getKey()
            + (guest.getValue().isEmpty() ? " stays outside" : " stays in " + guest.getValue());
      }
    }
    return "";
  }

  private static List<String> circles(Map<String, Set<String>> graph) {
    List<String> found = new ArrayList<>();
    Set<String> done = new TreeSet<>();
    for (String start : graph.keySet()) {
      walk(start, graph, new ArrayList<>(), done, found);
    }
    return found;
  }

  private static void walk(
      String at,
      Map<String, Set<String>> graph,
      List<String> way,
      Set<String> done,
      List<String> found) {
    int seen = way.indexOf(at);
    if (seen >= 0) {
      found.add("circle: " + String.join(" -> ", way.subList(seen, way.size())) + " -> " + at);
      return;
    }
    if (done.contains(at)) {
      return;
    }
    way.add(at);
    for (String next : graph.getOrDefault(at, Set.of())) {
      walk(next, graph, way, done, found);
    }
    way.remove(way.size() - 1);
    done.add(at);
  }

  private boolean isOurs(String name) {
    return isUnder(root, name);
  }

  private String underRoot(String name) {
    return name.equals(root) ? "" : name.substring(root.length() + 1);
  }

  private static String piece(String underRoot) {
    int dot = underRoot.indexOf('.');
    return dot < 0 ? underRoot : underRoot.substring(0, dot);
  }

  private static boolean isUnder(String parent, String name) {
    return name.equals(parent) || name.startsWith(parent + ".");
  }
}
