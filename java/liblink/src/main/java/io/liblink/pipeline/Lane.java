package io.liblink.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * One push stream as the {@link Ledger} sees it: what it may take and what was given to it. Guarded by
 * the producer's lock.
 */
final class Lane {
  /** Whose stream it is: an item that failed there goes elsewhere first. Compared by equals. */
  final Object instance;

  /** The same for people. */
  final String label;

  /** Has the stream come for items. Any thread, without the lock. */
  final Runnable wake;

  /** How many more items the worker takes. */
  long credit;

  /** Items given to it that it has not acknowledged, also those that were given to another since. */
  int unsettled;

  /** Whether it takes items: from its first credit on, until it is retired or ends. */
  boolean open;

  /** Whether it gets no more items, and ends when all are settled. Written under the lock. */
  volatile boolean retired;

  /** Whether it can't send for the moment: the link takes nothing, or a large item is on its way. */
  boolean busy;

  /** Whether it found nothing to take: it must be woken when there is something. */
  boolean hungry;

  /** When it got something last, as the ledger counts. */
  long turn;

  long acknowledged;
  long rejected;

  /** Items that it is to settle, by the time at which they were given to it. */
  @Nullable
  PushedItem first;

  @Nullable
  PushedItem last;

  Lane(Object instance, String label, Runnable wake) {
    this.instance = instance;
    this.label = label;
    this.wake = wake;
  }

  /** Whether it could take an item now. */
  boolean isAble() {
    return open && !busy && credit > 0;
  }

  /** Whether new items are for this one rather than for the other. */
  boolean isBefore(Lane other) {
    return unsettled < other.unsettled || (unsettled == other.unsettled && turn < other.turn);
  }

  void more(long items) {
    open |= items > 0 && !retired;
    credit = Math.min(Integer.MAX_VALUE, credit + items);
  }

  void retire() {
    retired = true;
    open = false;
  }

  void append(PushedItem item) {
    PushedItem before = last;
    item.before = before;
    item.after = null;
    if (before == null) {
      first = item;
    } else {
      before.after = item;
    }
    last = item;
  }

  void unlink(PushedItem item) {
    PushedItem before = item.before;
    PushedItem after = item.after;
    if (before == null) {
      first = after;
    } else {
      before.after = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.before = before;
    }
    item.before = null;
    item.after = null;
  }
}
