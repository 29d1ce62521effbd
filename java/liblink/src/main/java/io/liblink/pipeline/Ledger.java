package io.liblink.pipeline;

import io.liblink.pipeline.PushedItem.Place;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Where each item of a producer is, and where it goes next. A state machine without I/O, clock or
 * thread; guarded by the producer's lock.
 *
 * <p>An item that was added is in exactly one {@link Place} until it is over, which it is once. Those
 * that may be sent are in {@link #fresh} or {@link #again}, those that wait for their back-off in
 * {@link #waiting}, those in flight in the list of their lane. {@code again} and {@code waiting} may
 * hold items that are over meanwhile, since an acknowledgement may come late; they are skipped.
 */
final class Ledger {
  /** Repeats that are looked at for a lane that may not take all of them. */
  private static final int SCAN = 64;

  /** So long a repeat is kept for an instance that it was not tried on. */
  static final long ELSEWHERE_NANOS = 10_000_000_000L;

  /** How often and how soon. */
  record Rules(int attempts, long timeoutNanos, long firstBackoffNanos, long mostBackoffNanos) {}

  private final Rules rules;
  private final Supplier<? extends RandomGenerator> random;
  private final List<Lane> lanes = new ArrayList<>();
  private final ArrayDeque<PushedItem> fresh = new ArrayDeque<>();
  private final ArrayDeque<PushedItem> again = new ArrayDeque<>();
  private final PriorityQueue<PushedItem> waiting = new PriorityQueue<>(
      Comparator.comparingLong((PushedItem i) -> i.atNanos).thenComparingLong(i -> i.number));

  // Without those that are over.
  private int againItems;
  private int waitingItems;
  private int inFlight;
  private int dead;

  /** Counts how often a lane got something. */
  private long turns;

  Ledger(Rules rules, Supplier<? extends RandomGenerator> random) {
    this.rules = rules;
    this.random = random;
  }

  // ---- what is known ------------------------------------------------------------------------

  /** Items that are to be sent, now or later. */
  int waiting() {
    return fresh.size() + againItems + waitingItems;
  }

  /** Items that were sent and are not settled. */
  int inFlight() {
    return inFlight;
  }

  /** Items that are not over. */
  int items() {
    return waiting() + inFlight + dead;
  }

  List<Lane> lanes() {
    return lanes;
  }

  /** When {@link #tick} has something to do; null when there is nothing that time would change. */
  @Nullable
  Long nextDue(long now) {
    long soonest = Long.MAX_VALUE;
    PushedItem next = waiting.peek();
    if (next != null) {
      soonest = next.atNanos - now;
    }
    for (Lane lane : lanes) {
      PushedItem first = lane.first;
      if (first != null) {
        soonest = Math.min(soonest, first.atNanos + rules.timeoutNanos - now);
      }
    }
    PushedItem kept = again.peek();
    if (kept != null && kept.atNanos + ELSEWHERE_NANOS - now > 0) {
      soonest = Math.min(soonest, kept.atNanos + ELSEWHERE_NANOS - now);
    }
    return soonest == Long.MAX_VALUE ? null : now + Math.max(0, soonest);
  }

  // ---- items come and are taken -------------------------------------------------------------

  void add(PushedItem item) {
    fresh.add(item);
  }

  void join(Lane lane) {
    lanes.add(lane);
  }

  /**
   * Gives items to a lane: repeats that it may have, then so many new ones that all lanes that could
   * take some have about the same number unsettled.
   *
   * @param out where they are added
   */
  void poll(Lane lane, int mostItems, long mostBytes, long now, List<PushedItem> out) {
    lane.hungry = false;
    if (!lane.isAble()) {
      return;
    }
    due(now);
    long bytes = repeats(lane, mostItems, mostBytes, now, out);
    long left = Math.min(Math.min(mostItems - out.size(), lane.credit), share(lane));
    while (left-- > 0 && bytes < mostBytes) {
      PushedItem item = fresh.remove();
      bytes += item.bytes;
      give(item, lane, now, out);
    }
    lane.hungry = out.isEmpty();
    lane.turn = lane.hungry ? lane.turn : ++turns;
  }

  private long repeats(Lane lane, int mostItems, long mostBytes, long now, List<PushedItem> out) {
    long bytes = 0;
    int looks = Math.min(SCAN, again.size());
    while (looks-- > 0 && lane.credit > 0 && out.size() < mostItems && bytes < mostBytes) {
      PushedItem item = again.remove();
      if (item.place != Place.PENDING) {
        looks = Math.min(looks + 1, again.size());
      } else if (mayTake(lane, item, now)) {
        againItems--;
        bytes += item.bytes;
        give(item, lane, now, out);
      } else {
        again.add(item);
      }
    }
    return bytes;
  }

  private void give(PushedItem item, Lane lane, long now, List<PushedItem> out) {
    item.place = Place.IN_FLIGHT;
    item.lane = lane;
    item.atNanos = now;
    item.sent++;
    lane.append(item);
    lane.credit--;
    lane.unsettled++;
    inFlight++;
    out.add(item);
  }

  /** How many new items a lane takes, so that it has no more than the others will. */
  private long share(Lane lane) {
    if (fresh.isEmpty()) {
      return 0;
    }
    long unsettled = fresh.size();
    int able = 0;
    for (Lane l : lanes) {
      if (l.isAble()) {
        unsettled += l.unsettled;
        able++;
      }
    }
    if (able == 1) {
      return fresh.size();
    }
    long level = (unsettled + able - 1) / Math.max(1, able);
    return Math.max(0, Math.min(fresh.size(), level - lane.unsettled));
  }

  /** Another instance first: one that it was not tried on, while there is one and for a while. */
  private boolean mayTake(Lane lane, PushedItem item, long now) {
    Trouble trouble = item.trouble;
    if (trouble == null) {
      return true;
    }
    if (trouble.late().contains(lane)) {
      return false; // it has it still: never twice on one stream
    }
    return !trouble.tried(lane.instance)
        || now - item.atNanos >= ELSEWHERE_NANOS
        || !othersOpen(trouble);
  }

  private boolean othersOpen(Trouble trouble) {
    for (Lane other : lanes) {
      if (other.open && !trouble.tried(other.instance)) {
        return true;
      }
    }
    return false;
  }

  /**
   * A hungry lane for which there is something, which is to be woken: the one with the least unsettled
   * for new items, of several that which got something longest ago. Null when there is none, or when those for which there is something come by
   * themselves.
   */
  @Nullable
  Lane toWake(long now) {
    Lane lane = fresh.isEmpty() ? null : leastOfAble();
    if (lane == null || !lane.hungry) {
      lane = againItems == 0 ? null : forRepeats(now);
    }
    if (lane != null) {
      lane.hungry = false;
    }
    return lane;
  }

  private @Nullable Lane leastOfAble() {
    Lane least = null;
    for (Lane lane : lanes) {
      if (lane.isAble() && (least == null || lane.isBefore(least))) {
        least = lane;
      }
    }
    return least;
  }

  private @Nullable Lane forRepeats(long now) {
    for (Lane lane : lanes) {
      if (lane.hungry && lane.isAble()) {
        int looks = SCAN;
        for (PushedItem item : again) {
          if (item.place == Place.PENDING && mayTake(lane, item, now)) {
            return lane;
          }
          if (--looks == 0) {
            break;
          }
        }
      }
    }
    return null;
  }

  // ---- items are settled or come back -------------------------------------------------------

  /** A worker is done with an item; also counts when another has it meanwhile. */
  void acknowledged(Lane lane, PushedItem item, Outcome outcome) {
    left(lane, item);
    lane.acknowledged++;
    switch (item.place) {
      case PENDING -> againItems--;
      case WAITING -> waitingItems--;
      case IN_FLIGHT -> land(item);
      case DEAD, OVER -> {
        return;
      }
    }
    item.place = Place.OVER;
    outcome.settled.add(item);
  }

  /** A worker rejected an item, or handed it back. */
  void rejected(
      Lane lane, PushedItem item, Status status, LinkException cause, long now, Outcome outcome) {
    lane.rejected++;
    boolean current = isWith(lane, item);
    left(lane, item);
    if (!current) {
      return; // another attempt decides
    }
    land(item);
    if (status == Status.UNAVAILABLE) {
      outcome.returned++;
      handedBack(lane, item, now);
      return;
    }
    outcome.rejected++;
    failed(lane, item, cause, status == Status.INVALID_ARGUMENT, now, outcome);
  }

  /**
   * A stream ended, and takes no more part.
   *
   * @param begun whether the worker may have begun with what is unsettled there
   */
  void ended(Lane lane, boolean begun, LinkException cause, long now, Outcome outcome) {
    lane.retire();
    lanes.remove(lane);
    for (PushedItem item = lane.first; item != null; item = lane.first) {
      land(item);
      if (begun) {
        outcome.lost++;
        failed(lane, item, cause, false, now, outcome);
      } else {
        outcome.returned++;
        handedBack(lane, item, now);
      }
    }
  }

  /** Time went by: repeats are due, and what was not acknowledged in time goes to another. */
  void tick(long now, Outcome outcome) {
    due(now);
    for (int i = 0; i < lanes.size(); i++) {
      Lane lane = lanes.get(i);
      PushedItem item = lane.first;
      while (item != null && now - item.atNanos >= rules.timeoutNanos) {
        land(item);
        item.trouble().late().add(lane);
        outcome.late++;
        failed(lane, item, lateness(lane, item), false, now, outcome);
        item = lane.first;
      }
    }
  }

  private LinkException lateness(Lane lane, PushedItem item) {
    return LinkException.failure(
            Status.DEADLINE_EXCEEDED,
            Stage.WAIT,
            "no acknowledgement within " + rules.timeoutNanos / 1_000_000 + " ms (itemTimeout)")
        .ran(Ran.MAYBE)
        .instance(lane.label)
        .attempts(item.attempt)
        .withoutStackTrace()
        .build();
  }

  private void due(long now) {
    PushedItem next = waiting.peek();
    while (next != null && (next.place != Place.WAITING || next.atNanos - now <= 0)) {
      waiting.remove();
      if (next.place == Place.WAITING) {
        waitingItems--;
        pending(next);
      }
      next = waiting.peek();
    }
  }

  private void failed(
      Lane lane, PushedItem item, LinkException cause, boolean forGood, long now, Outcome outcome) {
    Trouble trouble = item.trouble();
    trouble.failed(lane.instance, cause);
    if (forGood || item.attempt >= rules.attempts) {
      item.place = Place.DEAD;
      dead++;
      outcome.dead.add(item);
      return;
    }
    item.attempt++;
    boolean late = trouble.late().contains(lane); // then it waited for long enough
    sendAgain(item, trouble, late ? 0 : item.attempt - 1, now);
  }

  /** Its attempt does not count. The first time it goes elsewhere at once. */
  private void handedBack(Lane lane, PushedItem item, long now) {
    Trouble trouble = item.trouble();
    sendAgain(item, trouble, trouble.returned(lane.instance) - 1, now);
  }

  private void sendAgain(PushedItem item, Trouble trouble, int failures, long now) {
    if (!othersOpen(trouble)) {
      trouble.triedAll();
    }
    if (failures == 0) {
      item.atNanos = now;
      pending(item);
      return;
    }
    item.atNanos = now + random.get().nextLong(ceiling(failures) + 1);
    item.place = Place.WAITING;
    waitingItems++;
    waiting.add(item);
  }

  private long ceiling(int failures) {
    int doubled = Math.min(failures - 1, 30);
    return rules.firstBackoffNanos > rules.mostBackoffNanos >> doubled
        ? rules.mostBackoffNanos
        : rules.firstBackoffNanos << doubled;
  }

  private void pending(PushedItem item) {
    item.place = Place.PENDING;
    againItems++;
    again.add(item);
  }

  private static boolean isWith(Lane lane, PushedItem item) {
    return item.place == Place.IN_FLIGHT && item.lane == lane;
  }

  /** The stream no longer has it. */
  private static void left(Lane lane, PushedItem item) {
    lane.unsettled--;
    Trouble trouble = item.trouble;
    if (trouble != null) {
      trouble.late().remove(lane);
    }
  }

  /** It is not in flight any more. */
  private void land(PushedItem item) {
    Lane with = item.lane;
    if (with != null) {
      with.unlink(item);
      item.lane = null;
    }
    inFlight--;
  }

  /** The dead-letter handler is done with it. */
  void buried(PushedItem item) {
    dead--;
    item.place = Place.OVER;
  }

  // ---- the end ------------------------------------------------------------------------------

  /** Takes out all that is not over, except what the dead-letter handler has. */
  List<PushedItem> abandon() {
    List<PushedItem> all = new ArrayList<>(fresh);
    again.stream().filter(i -> i.place == Place.PENDING).forEach(all::add);
    waiting.stream().filter(i -> i.place == Place.WAITING).forEach(all::add);
    for (Lane lane : lanes) {
      for (PushedItem i = lane.first; i != null; i = i.after) {
        all.add(i);
      }
      lane.first = null;
      lane.last = null;
    }
    for (PushedItem item : all) {
      item.place = Place.OVER;
      item.lane = null;
    }
    fresh.clear();
    again.clear();
    waiting.clear();
    againItems = 0;
    waitingItems = 0;
    inFlight = 0;
    return all;
  }
}
