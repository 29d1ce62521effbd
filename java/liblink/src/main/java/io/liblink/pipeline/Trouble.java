package io.liblink.pipeline;

import io.liblink.status.LinkException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** What went wrong with an item. Made with its first failure; guarded by the producer's lock. */
final class Trouble {
  /** Causes that are kept, and instances that are avoided: the newest. */
  static final int MOST = 16;

  private final ArrayDeque<LinkException> causes = new ArrayDeque<>();
  private final ArrayDeque<Object> tried = new ArrayDeque<>();
  private final List<Lane> late = new ArrayList<>(1);
  private int returns;

  void failed(Object instance, LinkException cause) {
    if (causes.size() == MOST) {
      causes.removeFirst();
    }
    causes.addLast(cause);
    avoid(instance);
  }

  /** It was handed back; returns how often that was. */
  int returned(Object instance) {
    avoid(instance);
    return ++returns;
  }

  private void avoid(Object instance) {
    tried.remove(instance);
    if (tried.size() == MOST) {
      tried.removeFirst();
    }
    tried.addLast(instance);
  }

  boolean tried(Object instance) {
    return tried.contains(instance);
  }

  /** When there is nobody left that was not tried, only the last is avoided. */
  void triedAll() {
    while (tried.size() > 1) {
      tried.removeFirst();
    }
  }

  List<LinkException> causes() {
    return List.copyOf(causes);
  }

  /** Lanes that still have it although another was given it. */
  List<Lane> late() {
    return late;
  }
}
