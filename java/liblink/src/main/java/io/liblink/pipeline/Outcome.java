package io.liblink.pipeline;

import java.util.ArrayList;
import java.util.List;

/**
 * What one step of the {@link Ledger} brought about, to be told to others when the lock is free. Used
 * again by its owner.
 */
final class Outcome {
  /** Acknowledged. */
  final List<PushedItem> settled = new ArrayList<>();

  /** Given up: for the dead-letter handler. */
  final List<PushedItem> dead = new ArrayList<>();

  /** Who waited for those that are over. */
  final Told told = new Told();

  int returned;
  int rejected;
  int lost;
  int late;

  boolean isEmpty() {
    return settled.isEmpty() && dead.isEmpty() && returned + rejected + lost + late == 0;
  }

  void clear() {
    settled.clear();
    dead.clear();
    returned = 0;
    rejected = 0;
    lost = 0;
    late = 0;
  }
}
