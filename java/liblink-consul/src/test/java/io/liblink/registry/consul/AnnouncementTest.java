package io.liblink.registry.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.registry.Instance;
import io.liblink.registry.Samples;
import io.liblink.registry.consul.Announcement.Action;
import io.liblink.testing.Gen;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AnnouncementTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long BEAT = 3 * SECOND;

  private final Instance ready = Samples.instance("pricing", Samples.context("a"), 7400);
  private final Instance unready = ready.withReady(false);

  /** Far below zero, as a clock may be. */
  private long now = Long.MIN_VALUE / 2;

  private final Announcement a = new Announcement("id", BEAT, new Pace(() -> 1, now), now);

  private CompletableFuture<Void> want(Instance instance) {
    CompletableFuture<Void> stage = new CompletableFuture<>();
    a.want(instance, stage, now);
    return stage;
  }

  /** Expects that action next, and has it begin. */
  private void begins(Action action) {
    assertThat(a.next(now)).isEqualTo(action);
    a.begun(action);
    assertThat(a.next(now)).as("one at a time").isEqualTo(Action.NOTHING);
  }

  private void registers(Instance instance) {
    begins(Action.REGISTER);
    a.registered(instance, now);
  }

  private void says(String word) {
    begins(Action.READINESS);
    assertThat(a.word()).isEqualTo(word);
    a.said(word, now);
  }

  private void announced() {
    want(ready);
    registers(ready);
    says(Registration.READY);
    assertThat(a.settled()).hasSize(1);
  }

  @Test
  void itIsRegisteredThenSaidToBeReadyThenBeaten() {
    CompletableFuture<Void> stage = want(ready);
    assertThat(a.settled()).isEmpty();
    registers(ready);
    assertThat(a.settled()).isEmpty();
    says(Registration.READY);
    assertThat(a.settled()).containsExactly(stage);
    assertThat(a.settled()).as("once").isEmpty();

    assertThat(a.next(now)).isEqualTo(Action.NOTHING);
    assertThat(a.untilNext(now)).isEqualTo(BEAT);
    now += BEAT;
    begins(Action.BEAT);
    a.beaten(now);
    assertThat(a.untilNext(now)).isBetween(BEAT * 9 / 10, BEAT);
  }

  @Test
  void readinessAloneIsSaidAndNotRegistered() {
    announced();
    CompletableFuture<Void> stage = want(unready);
    says(Registration.NOT_READY);
    assertThat(a.settled()).containsExactly(stage);
  }

  @Test
  void anythingElseIsRegisteredAnew() {
    announced();
    want(ready.withWeight(7));
    registers(ready.withWeight(7));
    says(Registration.READY);
  }

  @Test
  void whatChangesWhileARequestIsOutFollowsIt() {
    CompletableFuture<Void> first = want(ready);
    begins(Action.REGISTER);
    CompletableFuture<Void> second = want(unready);
    a.registered(ready, now);
    says(Registration.NOT_READY);
    assertThat(a.settled()).containsExactly(first, second);
  }

  @Test
  void anAgentThatKnowsNothingIsToldAgainAtOnce() {
    announced();
    now += BEAT;
    begins(Action.BEAT);
    a.lost(now);
    registers(ready);
    says(Registration.READY);
  }

  @Test
  void anAgentThatWasAwayIsLookedAtWhenItIsBack() {
    announced();
    now += BEAT;
    begins(Action.BEAT);
    a.failed(Action.BEAT, now);
    assertThat(a.isFailing()).isTrue();
    assertThat(a.next(now)).isEqualTo(Action.NOTHING);
    now += a.untilNext(now);
    begins(Action.BEAT);
    a.beaten(now);
    begins(Action.LOOK);
    a.misheard(now);
    says(Registration.READY);
    assertThat(a.next(now)).isEqualTo(Action.NOTHING);
  }

  @Test
  void onceInAWhileItIsLookedAtAnyway() {
    announced();
    long end = now + Announcement.LOOK_NANOS + BEAT;
    while (a.next(now) != Action.LOOK && now - end < 0) {
      if (a.next(now) == Action.BEAT) {
        a.begun(Action.BEAT);
        a.beaten(now);
      }
      now += a.untilNext(now);
    }
    begins(Action.LOOK);
    a.found(now);
    assertThat(a.untilNext(now)).isPositive();
  }

  @Test
  void failuresWaitLongerEachTimeAndANewWishDoesNotWait() {
    want(ready);
    long before = 0;
    for (int i = 0; i < 4; i++) {
      begins(Action.REGISTER);
      a.failed(Action.REGISTER, now);
      long wait = a.untilNext(now);
      assertThat(wait).isGreaterThan(before);
      before = wait;
      now += wait;
    }
    begins(Action.REGISTER);
    a.failed(Action.REGISTER, now);
    assertThat(a.next(now)).isEqualTo(Action.NOTHING);
    want(unready);
    assertThat(a.next(now)).isEqualTo(Action.REGISTER);
  }

  /** An answer that was lost says nothing about what the agent has. */
  @Test
  void whoReturnsToWhatWasBeforeAFailureIsToldAgain() {
    announced();
    want(ready.withWeight(2));
    begins(Action.REGISTER);
    a.failed(Action.REGISTER, now);
    want(ready);
    registers(ready);
    says(Registration.READY);
    want(unready);
    begins(Action.READINESS);
    a.failed(Action.READINESS, now);
    want(ready);
    says(Registration.READY);
  }

  @Test
  void leavingIsNotReadyThenAMomentThenGone() {
    announced();
    CompletableFuture<Void> stage = want(null);
    says(Registration.LEAVING);
    assertThat(a.next(now)).isEqualTo(Action.NOTHING);
    assertThat(a.untilNext(now)).isEqualTo(Announcement.PAUSE_NANOS);
    assertThat(a.settled()).isEmpty();
    now += Announcement.PAUSE_NANOS;
    begins(Action.DEREGISTER);
    a.lost(now);
    assertThat(a.settled()).containsExactly(stage);
    assertThat(a.next(now)).isEqualTo(Action.GONE);
  }

  @Test
  void whoWasNotReadyLeavesWithoutAMoment() {
    want(unready);
    registers(unready);
    says(Registration.NOT_READY);
    want(null);
    begins(Action.DEREGISTER);
  }

  @Test
  void whatWasNeverToldNeedNotBeTakenBack() {
    want(ready);
    CompletableFuture<Void> stage = want(null);
    assertThat(a.next(now)).isEqualTo(Action.GONE);
    assertThat(a.settled()).contains(stage);
  }

  @Test
  void whatMayHaveBeenToldIsTakenBack() {
    want(ready);
    begins(Action.REGISTER);
    want(null);
    a.failed(Action.REGISTER, now); // though the agent may have got it
    assertThat(a.settled()).isEmpty();
    now += a.untilNext(now);
    begins(Action.DEREGISTER);
  }

  @Test
  void whoChangesItsMindWhileLeavingStays() {
    announced();
    want(null);
    says(Registration.LEAVING);
    want(ready);
    says(Registration.READY);
    assertThat(a.next(now)).isEqualTo(Action.NOTHING);

    want(null);
    says(Registration.LEAVING);
    now += Announcement.PAUSE_NANOS;
    begins(Action.DEREGISTER);
    want(ready);
    a.lost(now);
    registers(ready);
  }

  @Test
  void aRevokedTokenMakesItToldAgain() {
    announced();
    a.again();
    registers(ready);
  }

  @Test
  void latenessIsWhatPassedSinceTheBeatWasDue() {
    announced();
    now += BEAT;
    assertThat(a.late(now)).isZero();
    assertThat(a.late(now + SECOND)).isEqualTo(SECOND);
  }

  /** An agent that answers anything: in the end it has what is wanted, and everybody was told. */
  @Test
  void whateverTheAgentDoesItEndsAsWanted() {
    Gen.check(300, gen -> {
      long t = gen.aLong();
      Announcement any = new Announcement("id", BEAT, new Pace(() -> 0.5, t), t);
      List<CompletableFuture<Void>> stages = new ArrayList<>();
      Instance held = null;
      String word = "";
      Instance wanted = null;
      for (int step = 0; step < 120; step++) {
        boolean calm = step > 60;
        if (step == 0 || (!calm && gen.oneIn(6))) {
          wanted = gen.oneOf(ready, unready, ready.withWeight(2));
          wanted = gen.oneIn(4) ? null : wanted;
          CompletableFuture<Void> stage = new CompletableFuture<>();
          any.want(wanted, stage, t);
          stages.add(stage);
        }
        Action action = any.next(t);
        if (action != Action.NOTHING && action != Action.GONE) {
          any.begun(action);
          boolean fails = !calm && gen.oneIn(3);
          boolean done = !fails || gen.aBoolean();
          if (!calm && gen.oneIn(10)) {
            held = null; // wiped
          }
          if (action == Action.REGISTER && done) {
            held = wanted;
            word = "";
          }
          boolean unknown = held == null && action != Action.REGISTER;
          if (action == Action.READINESS && done && !unknown) {
            word = any.word();
          }
          if (action == Action.DEREGISTER && done) {
            held = null;
          }
          tell(any, action, fails, unknown, held, word, t);
        }
        any.settled().forEach(s -> s.complete(null));
        t += any.untilNext(t) == Long.MAX_VALUE ? SECOND : Math.max(1, any.untilNext(t));
      }
      assertThat(stages).allMatch(CompletableFuture::isDone);
      if (wanted == null) {
        assertThat(held).isNull();
      } else {
        assertThat(held).isNotNull();
        assertThat(held.withReady(true)).isEqualTo(wanted.withReady(true));
        assertThat(word).isEqualTo(Registration.word(wanted.ready()));
      }
    });
  }

  private static void tell(
      Announcement a,
      Action action,
      boolean fails,
      boolean unknown,
      Instance held,
      String word,
      long t) {
    if (fails) {
      a.failed(action, t);
    } else if (unknown) {
      a.lost(t);
    } else {
      switch (action) {
        case REGISTER -> a.registered(held, t);
        case READINESS -> a.said(word, t);
        case BEAT -> a.beaten(t);
        case LOOK -> {
          if (word.equals(a.word())) {
            a.found(t);
          } else {
            a.misheard(t);
          }
        }
        default -> a.lost(t);
      }
    }
  }
}
