package io.liblink.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.status.Status;
import io.liblink.time.TimeSource;
import io.liblink.wire.Content;
import io.liblink.wire.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final long TIMEOUT = TimeUnit.SECONDS.toNanos(30);
  private static final long FIRST = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long MOST = TimeUnit.SECONDS.toNanos(1);

  private final Ledger ledger =
      new Ledger(new Ledger.Rules(3, TIMEOUT, FIRST, MOST), () -> new Random(7));
  private final Outcome outcome = new Outcome();
  private final List<Lane> woken = new ArrayList<>();
  private long now = 1_000;
  private long numbers;

  private PushedItem push() {
    PushedItem item = new PushedItem(
        "0".repeat(32),
        new Content(Map.of(), Text.EMPTY, new byte[10]),
        null,
        TimeSource.system(),
        now);
    item.number = ++numbers;
    ledger.add(item);
    return item;
  }

  private Lane worker(String name, long credit) {
    Lane[] made = new Lane[1];
    made[0] = new Lane(name, name, () -> woken.add(made[0]));
    ledger.join(made[0]);
    made[0].more(credit);
    return made[0];
  }

  private List<PushedItem> poll(Lane lane) {
    List<PushedItem> out = new ArrayList<>();
    ledger.poll(lane, 1000, Long.MAX_VALUE, now, out);
    return out;
  }

  private void reject(Lane lane, PushedItem item, Status status) {
    ledger.rejected(lane, item, status, LedgerModel.cause(status), now, outcome);
  }

  // ---- who gets what ------------------------------------------------------------------------

  @Test
  void aWorkerTakesNoMoreThanItsCredit() {
    Lane a = worker("a", 3);
    for (int i = 0; i < 10; i++) {
      push();
    }
    assertThat(poll(a)).hasSize(3);
    assertThat(poll(a)).isEmpty();
    assertThat(ledger.waiting()).isEqualTo(7);
    assertThat(ledger.inFlight()).isEqualTo(3);
    a.more(2);
    assertThat(poll(a)).hasSize(2);
  }

  @Test
  void fewItemsAreSharedByAllWhoCouldTakeThem() {
    Lane a = worker("a", 100);
    Lane b = worker("b", 100);
    for (int i = 0; i < 10; i++) {
      push();
    }
    assertThat(poll(a)).hasSize(5);
    assertThat(poll(b)).hasSize(5);
  }

  @Test
  void whoHasMuchInFlightLeavesItemsToTheOthers() {
    Lane a = worker("a", 100);
    for (int i = 0; i < 8; i++) {
      push();
    }
    assertThat(poll(a)).hasSize(8);
    Lane b = worker("b", 100);
    assertThat(poll(b)).isEmpty();
    for (int i = 0; i < 4; i++) {
      push();
    }
    assertThat(poll(a)).as("8 in flight, the other none").isEmpty();
    assertThat(ledger.toWake(now)).isSameAs(b);
    assertThat(poll(b)).hasSize(4);
  }

  @Test
  void whoCannotSendNowIsNotWaitedFor() {
    Lane a = worker("a", 100);
    Lane b = worker("b", 100);
    b.busy = true;
    for (int i = 0; i < 10; i++) {
      push();
    }
    assertThat(poll(a)).hasSize(10);
  }

  @Test
  void theHungryWorkerWithTheLeastInFlightIsWoken() {
    Lane a = worker("a", 100);
    Lane b = worker("b", 100);
    push();
    poll(a);
    poll(b);
    push();
    assertThat(ledger.toWake(now)).isSameAs(b);
    assertThat(ledger.toWake(now)).as("the same is not woken twice").isNull();
  }

  @Test
  void whoHasAsFewAsAnotherIsWokenInTurn() {
    Lane a = worker("a", 100);
    Lane b = worker("b", 100);
    poll(a);
    poll(b);
    List<Lane> order = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      PushedItem item = push();
      Lane next = ledger.toWake(now);
      order.add(next);
      assertThat(poll(next)).containsExactly(item);
      ledger.acknowledged(next, item, outcome);
      poll(next);
    }
    assertThat(order).containsExactly(a, b, a, b);
  }

  @Test
  void aRetiredWorkerGetsNothing() {
    Lane a = worker("a", 100);
    a.retire();
    push();
    assertThat(poll(a)).isEmpty();
    assertThat(ledger.toWake(now)).isNull();
  }

  // ---- once more ----------------------------------------------------------------------------

  @Test
  void aRejectedItemGoesElsewhereFirst() {
    Lane a = worker("a", 100);
    Lane b = worker("b", 100);
    PushedItem item = push();
    assertThat(poll(a)).containsExactly(item);
    reject(a, item, Status.UNKNOWN);
    assertThat(ledger.waiting()).isEqualTo(1);
    now += FIRST;
    assertThat(poll(a)).isEmpty();
    assertThat(poll(b)).containsExactly(item);
    assertThat(item.attempt).isEqualTo(2);
  }

  @Test
  void elsewhereMayBeWaitedForButNotForEver() {
    Lane a = worker("a", 100);
    Lane b = worker("b", 1);
    PushedItem other = push();
    b.credit = 1;
    a.busy = true;
    assertThat(poll(b)).containsExactly(other);
    a.busy = false;
    PushedItem item = push();
    poll(a);
    reject(a, item, Status.UNKNOWN);
    now += FIRST;
    ledger.tick(now, outcome);
    assertThat(poll(a)).as("b was not tried, but takes no more").isEmpty();
    Long due = ledger.nextDue(now);
    assertThat(due).isNotNull();
    assertThat(due - now).isLessThanOrEqualTo(Ledger.ELSEWHERE_NANOS);
    now += Ledger.ELSEWHERE_NANOS;
    assertThat(ledger.toWake(now)).isSameAs(a);
    assertThat(poll(a)).containsExactly(item);
  }

  @Test
  void theOnlyWorkerGetsItBackAfterTheBackOff() {
    Lane a = worker("a", 100);
    PushedItem item = push();
    poll(a);
    reject(a, item, Status.UNKNOWN);
    Long due = ledger.nextDue(now);
    assertThat(due).isNotNull();
    assertThat(due - now).isBetween(0L, FIRST);
    assertThat(poll(a)).isEmpty();
    now = due;
    assertThat(poll(a)).containsExactly(item);
  }

  @Test
  void theBackOffDoublesUpToItsMost() {
    Ledger many = new Ledger(new Ledger.Rules(100, TIMEOUT, FIRST, MOST), () -> new Random(1) {
      private static final long serialVersionUID = 1L;

      @Override
      public long nextLong(long bound) {
        return bound - 1;
      }
    });
    Lane a = new Lane("a", "a", () -> {});
    many.join(a);
    a.more(1000);
    PushedItem item = push();
    many.add(item);
    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      many.poll(a, 1, 100, now, new ArrayList<>());
      many.rejected(a, item, Status.UNKNOWN, LedgerModel.cause(Status.UNKNOWN), now, new Outcome());
      Long due = many.nextDue(now);
      assertThat(due).isNotNull();
      waits.add((due - now) / 1_000_000);
      now = due;
    }
    assertThat(waits).containsExactly(100L, 200L, 400L, 800L, 1000L, 1000L);
  }

  @Test
  void whatIsHandedBackDoesNotCountAndGoesElsewhereAtOnce() {
    Lane a = worker("a", 100);
    Lane b = worker("b", 100);
    PushedItem item = push();
    poll(a);
    reject(a, item, Status.UNAVAILABLE);
    assertThat(poll(b)).containsExactly(item);
    assertThat(item.attempt).isEqualTo(1);
    assertThat(outcome.returned).isEqualTo(1);
  }

  @Test
  void whoHandsBackAgainAndAgainIsNotAskedAtFullSpeed() {
    Lane a = worker("a", 1_000_000);
    PushedItem item = push();
    int sent = 0;
    for (int i = 0; i < 1000; i++) {
      if (!poll(a).isEmpty()) {
        sent++;
        reject(a, item, Status.UNAVAILABLE);
      }
      now += 1_000_000;
    }
    assertThat(sent).as("in a second").isBetween(2, 40);
    assertThat(item.attempt).isEqualTo(1);
  }

  @Test
  void theLastAttemptMakesItADeadLetterWithEveryCause() {
    Lane a = worker("a", 100);
    PushedItem item = push();
    for (int i = 0; i < 3; i++) {
      now += MOST;
      poll(a);
      reject(a, item, Status.ABORTED);
    }
    assertThat(outcome.dead).containsExactly(item);
    assertThat(item.trouble().causes()).hasSize(3);
    assertThat(ledger.items()).as("until it is buried").isEqualTo(1);
    ledger.buried(item);
    assertThat(ledger.items()).isZero();
  }

  @Test
  void whatNobodyCanUseIsGivenUpAtOnce() {
    Lane a = worker("a", 100);
    PushedItem item = push();
    poll(a);
    reject(a, item, Status.INVALID_ARGUMENT);
    assertThat(outcome.dead).containsExactly(item);
  }

  @Test
  void sixteenCausesAreKept() {
    Ledger many = new Ledger(new Ledger.Rules(40, TIMEOUT, 0, 0), () -> new Random(1));
    Lane a = new Lane("a", "a", () -> {});
    many.join(a);
    a.more(1000);
    PushedItem item = push();
    many.add(item);
    for (int i = 0; i < 40; i++) {
      many.poll(a, 1, 100, now, new ArrayList<>());
      many.rejected(a, item, Status.UNKNOWN, LedgerModel.cause(Status.UNKNOWN), now, outcome);
    }
    assertThat(outcome.dead).containsExactly(item);
    assertThat(item.trouble().causes()).hasSize(Trouble.MOST);
  }

  // ---- time ---------------------------------------------------------------------------------

  @Test
  void anItemThatIsLateGoesToAnotherAndTheFirstMaySettleItAllTheSame() {
    Lane a = worker("a", 100);
    Lane b = worker("b", 100);
    PushedItem item = push();
    poll(a);
    now += TIMEOUT - 1;
    ledger.tick(now, outcome);
    assertThat(poll(b)).isEmpty();
    now += 1;
    ledger.tick(now, outcome);
    assertThat(poll(a)).as("not again on the stream where it is unsettled").isEmpty();
    assertThat(poll(b)).containsExactly(item);
    assertThat(item.attempt).isEqualTo(2);
    ledger.acknowledged(a, item, outcome);
    assertThat(outcome.settled).containsExactly(item);
    ledger.acknowledged(b, item, outcome);
    assertThat(outcome.settled).as("once").containsExactly(item);
    assertThat(ledger.items()).isZero();
  }

  @Test
  void aLateRejectionDecidesNothing() {
    Lane a = worker("a", 100);
    Lane b = worker("b", 100);
    PushedItem item = push();
    poll(a);
    now += TIMEOUT;
    ledger.tick(now, outcome);
    poll(b);
    reject(a, item, Status.INVALID_ARGUMENT);
    assertThat(outcome.dead).isEmpty();
    assertThat(ledger.inFlight()).isEqualTo(1);
    ledger.acknowledged(b, item, outcome);
    assertThat(outcome.settled).containsExactly(item);
  }

  @Test
  void aLateAcknowledgementSettlesWhatWaitsToBeSentAgain() {
    Lane a = worker("a", 100);
    PushedItem item = push();
    poll(a);
    now += TIMEOUT;
    ledger.tick(now, outcome);
    assertThat(ledger.waiting()).isEqualTo(1);
    ledger.acknowledged(a, item, outcome);
    assertThat(ledger.items()).isZero();
    assertThat(poll(worker("b", 100))).isEmpty();
  }

  // ---- streams end --------------------------------------------------------------------------

  @Test
  void aLostStreamCountsAsAnAttemptAndOneThatDidNotBeginDoesNot() {
    Lane a = worker("a", 100);
    Lane b = worker("b", 100);
    PushedItem first = push();
    PushedItem second = push();
    poll(a);
    poll(b);
    ledger.ended(a, true, LedgerModel.cause(Status.UNAVAILABLE), now, outcome);
    ledger.ended(b, false, LedgerModel.cause(Status.UNAVAILABLE), now, outcome);
    assertThat(first.attempt + second.attempt).isEqualTo(3);
    assertThat(outcome.lost).isEqualTo(1);
    assertThat(outcome.returned).isEqualTo(1);
    assertThat(ledger.waiting()).isEqualTo(2);
    assertThat(ledger.lanes()).isEmpty();
  }

  @Test
  void recoveredItemsMayHaveBeenDeliveredBefore() {
    PushedItem item = push();
    item.attempt = 2;
    Lane a = worker("a", 100);
    assertThat(poll(a)).containsExactly(item);
    assertThat(item.toSend().content().headers()).containsEntry("liblink-attempt", "2");
  }
}
