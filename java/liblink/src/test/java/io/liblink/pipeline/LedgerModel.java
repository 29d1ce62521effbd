package io.liblink.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.pipeline.PushedItem.Place;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.testing.Gen;
import io.liblink.time.TimeSource;
import io.liblink.wire.Content;
import io.liblink.wire.Text;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A ledger among workers that take, settle, reject, hand back, keep silent, vanish and come back, by a
 * clock that is turned; checks after every step what must always hold. Lanes come for items exactly as
 * streams do: after something happened to them, or when they were woken.
 */
final class LedgerModel {
  static final Status[] REJECTIONS = {
    Status.UNAVAILABLE, Status.INVALID_ARGUMENT, Status.UNKNOWN, Status.DEADLINE_EXCEEDED
  };

  /** What a worker has, as it sees it: item to attempt. */
  static final class Hand {
    final Lane lane;
    final Map<PushedItem, Integer> unsettled = new LinkedHashMap<>();
    long mayTake;

    Hand(Lane lane) {
      this.lane = lane;
    }
  }

  /** What is to become of an item in the end. */
  private enum Fate {
    OPEN,
    SETTLED,
    DEAD,
    BURIED
  }

  final Ledger ledger;
  final List<Hand> hands = new ArrayList<>();
  private final Gen gen;
  private final int attempts;
  private final long timeout;
  private final Map<PushedItem, Fate> fates = new LinkedHashMap<>();
  private final Map<PushedItem, Integer> newest = new HashMap<>();
  private final Map<PushedItem, Integer> delivered = new HashMap<>();
  private final List<PushedItem> dead = new ArrayList<>();
  private final ArrayDeque<Hand> woken = new ArrayDeque<>();
  private final List<PushedItem> out = new ArrayList<>();
  private final Outcome outcome = new Outcome();
  private long now;
  private long numbers;
  private int instances;

  LedgerModel(Gen gen, int attempts, long timeout, long first, long most) {
    this.gen = gen;
    this.attempts = attempts;
    this.timeout = timeout;
    this.now = gen.aLong();
    this.ledger =
        new Ledger(new Ledger.Rules(attempts, timeout, first, most), () -> new Random(gen.anInt()));
  }

  // ---- what happens -------------------------------------------------------------------------

  void push(int items) {
    for (int i = 0; i < items; i++) {
      PushedItem item = new PushedItem(
          "0".repeat(32),
          new Content(Map.of(), Text.EMPTY, new byte[1]),
          null,
          TimeSource.system(),
          now);
      item.number = ++numbers;
      fates.put(item, Fate.OPEN);
      ledger.add(item);
    }
    wake();
    settled();
  }

  /** A worker appears: a new one, or another stream of one that is there. */
  Hand join(boolean known) {
    Object instance =
        known && !hands.isEmpty() ? any().lane.instance : Integer.valueOf(++instances);
    Hand[] made = new Hand[1];
    Lane lane = new Lane(instance, "worker " + instance, () -> woken.add(made[0]));
    made[0] = new Hand(lane);
    hands.add(made[0]);
    ledger.join(lane);
    return made[0];
  }

  void grant(Hand hand, long items) {
    hand.mayTake += items;
    hand.lane.more(items);
    turn(hand);
    settled();
  }

  void acknowledge(Hand hand, PushedItem item) {
    hand.unsettled.remove(item);
    boolean decides = fates.get(item) == Fate.OPEN;
    ledger.acknowledged(hand.lane, item, outcome);
    assertThat(outcome.settled).isEqualTo(decides ? List.of(item) : List.of());
    told();
    turn(hand);
    settled();
  }

  void reject(Hand hand, PushedItem item, Status status) {
    hand.unsettled.remove(item);
    ledger.rejected(hand.lane, item, status, cause(status), now, outcome);
    told();
    turn(hand);
    settled();
  }

  void end(Hand hand, boolean begun) {
    hands.remove(hand);
    ledger.ended(hand.lane, begun, cause(Status.UNAVAILABLE), now, outcome);
    told();
    wake();
    settled();
  }

  void retire(Hand hand) {
    hand.lane.retire();
    wake();
    settled();
  }

  void advance(long nanos) {
    now += nanos;
    ledger.tick(now, outcome);
    told();
    wake();
    settled();
    Long due = ledger.nextDue(now);
    assertThat(due == null || due - now >= 0).isTrue();
  }

  void bury() {
    if (!dead.isEmpty()) {
      PushedItem item = dead.remove(gen.between(0, dead.size() - 1));
      fates.put(item, Fate.BURIED);
      ledger.buried(item);
    }
  }

  Hand any() {
    return hands.get(gen.between(0, hands.size() - 1));
  }

  // ---- as streams do ------------------------------------------------------------------------

  private void turn(Hand hand) {
    do {
      out.clear();
      ledger.poll(hand.lane, gen.between(1, 8), gen.between(1, 8), now, out);
      for (PushedItem item : out) {
        deliver(hand, item);
      }
    } while (!out.isEmpty());
    wake();
  }

  private void wake() {
    Lane lane = ledger.toWake(now);
    if (lane != null) {
      lane.wake.run();
    }
  }

  private void settled() {
    int turns = 0;
    for (Hand hand = woken.poll(); hand != null; hand = woken.poll()) {
      turn(hand);
      assertThat(++turns).as("lanes wake each other in turns for ever").isLessThan(100_000);
    }
    check();
  }

  private void deliver(Hand hand, PushedItem item) {
    assertThat(fates.get(item)).as("what is sent").isEqualTo(Fate.OPEN);
    assertThat(hand.unsettled).as("unsettled on one stream").doesNotContainKey(item);
    assertThat(--hand.mayTake).as("credit").isNotNegative();
    assertThat(item.attempt).isBetween(newest.getOrDefault(item, 1), attempts);
    newest.put(item, item.attempt);
    delivered.merge(item, 1, Integer::sum);
    hand.unsettled.put(item, item.attempt);
  }

  private void told() {
    for (PushedItem item : outcome.settled) {
      assertThat(fates.put(item, Fate.SETTLED)).as("settled").isEqualTo(Fate.OPEN);
      assertThat(delivered).containsKey(item);
    }
    for (PushedItem item : outcome.dead) {
      assertThat(fates.put(item, Fate.DEAD)).as("given up").isEqualTo(Fate.OPEN);
      assertThat(item.trouble().causes()).isNotEmpty();
      dead.add(item);
    }
    outcome.clear();
  }

  // ---- what always holds --------------------------------------------------------------------

  void check() {
    Map<Place, Integer> places = new HashMap<>();
    for (Map.Entry<PushedItem, Fate> e : fates.entrySet()) {
      Place place = e.getKey().place;
      places.merge(place, 1, Integer::sum);
      switch (e.getValue()) {
        case OPEN -> assertThat(place).isIn(Place.PENDING, Place.WAITING, Place.IN_FLIGHT);
        case DEAD -> assertThat(place).isEqualTo(Place.DEAD);
        default -> assertThat(place).isEqualTo(Place.OVER);
      }
    }
    assertThat(ledger.waiting())
        .isEqualTo(places.getOrDefault(Place.PENDING, 0) + places.getOrDefault(Place.WAITING, 0));
    assertThat(ledger.inFlight()).isEqualTo(places.getOrDefault(Place.IN_FLIGHT, 0));
    assertThat(ledger.items()).isEqualTo(open() + dead.size());
    int listed = 0;
    for (Hand hand : hands) {
      assertThat(hand.lane.credit).isEqualTo(hand.mayTake);
      assertThat(hand.lane.unsettled).isEqualTo(hand.unsettled.size());
      for (PushedItem item = hand.lane.first; item != null; item = item.after) {
        assertThat(hand.unsettled).containsKey(item);
        assertThat(now - item.atNanos).isLessThan(timeout);
        listed++;
      }
    }
    assertThat(listed).isEqualTo(ledger.inFlight());
    nobodyIsForgotten();
  }

  /** An item that somebody could have is with somebody. */
  private void nobodyIsForgotten() {
    boolean able = hands.stream().anyMatch(h -> h.lane.isAble());
    if (able) {
      assertThat(fates.keySet().stream().filter(i -> i.place == Place.PENDING && i.trouble == null))
          .as("new items while somebody takes some")
          .isEmpty();
    }
    assertThat(ledger.toWake(now)).as("somebody who should have come").isNull();
  }

  long open() {
    return fates.values().stream().filter(f -> f == Fate.OPEN).count();
  }

  long dead() {
    return fates.values().stream()
        .filter(f -> f == Fate.DEAD || f == Fate.BURIED)
        .count();
  }

  long pushed() {
    return fates.size();
  }

  @Nullable
  PushedItem anyOf(Hand hand) {
    List<PushedItem> items = new ArrayList<>(hand.unsettled.keySet());
    return items.isEmpty() ? null : items.get(gen.between(0, items.size() - 1));
  }

  static LinkException cause(Status status) {
    return LinkException.failure(status, Stage.HANDLE, "said the worker")
        .withoutStackTrace()
        .build();
  }
}
