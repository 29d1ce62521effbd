package io.liblink.routing;

import static io.liblink.routing.Sample.MS;
import static io.liblink.routing.Sample.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.liblink.registry.Instance;
import io.liblink.registry.View;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InstanceStateTest {
  private final View view = Sample.view(4);
  private final InstanceStates states = Sample.states(view);
  private final InstanceState state = states.of(Sample.id(0));

  @Test
  void aSlowerReplyRaisesTheLatencyAtOnceAndFasterOnesLowerItSlowly() {
    reply(10 * MS, 0);
    reply(80 * MS, 1);
    assertThat(state.latency(1)).isEqualTo(80 * MS);
    reply(10 * MS, 1 * SECOND);
    double weight = Math.exp(-0.1);
    assertThat(state.latency(1 * SECOND))
        .isCloseTo(80e6 * weight + 10e6 * (1 - weight), within(1000.0));
  }

  @Test
  void anUnusedInstanceFadesByEInTenSecondsAndIsTriedAgain() {
    reply(80 * MS, 0);
    assertThat(state.latency(10 * SECOND)).isCloseTo(80e6 / Math.E, within(1.0));
    assertThat(state.latency(50 * MS)).isCloseTo(80e6 * Math.exp(-0.005), within(10.0));
  }

  @Test
  void anInstanceWithoutHistoryIsFreeWhileIdleAndDearWhileProbed() {
    InstanceState known = states.of(Sample.id(1));
    known.begin();
    known.end(Outcome.REPLIED, 60 * SECOND, 0);
    known.begin();
    assertThat(state.cost(0)).isZero();
    state.begin();
    assertThat(state.cost(0)).isGreaterThan(known.cost(0));
  }

  @Test
  void costGrowsWithRequestsInFlight() {
    reply(10 * MS, 0);
    assertThat(state.cost(0)).isEqualTo(10e6);
    state.begin();
    state.begin();
    assertThat(state.cost(0)).isEqualTo(30e6);
  }

  @Test
  void oneThatStandsStillIsEjectedAtOnceAndLookedAtSoonHoweverOften() {
    reply(10 * MS, 0);
    long now = 0;
    for (int i = 0; i < 20; i++) {
      state.begin();
      state.end(Outcome.STILL, 1000 * MS, now);
      assertThat(state.isStill()).isTrue();
      assertThat(state.ejectedForNanos(now)).isEqualTo(InstanceState.STILL_NANOS);
      assertThat(state.claimProbe(now + InstanceState.STILL_NANOS - 1)).isFalse();
      now += InstanceState.STILL_NANOS;
      assertThat(state.claimProbe(now)).isTrue();
    }
    assertThat(state.latency(0)).as("quiet is no latency").isEqualTo(10 * MS);
    state.alive();
    assertThat(state.isStill()).isFalse();
    assertThat(states.ejected()).isZero();
  }

  @Test
  void atMostHalfOfTheInstancesAreEjectedForStandingStill() {
    for (int i = 0; i < 4; i++) {
      states.of(Sample.id(i)).still(0);
    }
    assertThat(states.ejected()).isEqualTo(2);
  }

  @Test
  void inFlightIsExactUnderManyThreads() throws InterruptedException {
    CountDownLatch start = new CountDownLatch(1);
    Thread[] threads = IntStream.range(0, 4)
        .mapToObj(t -> new Thread(() -> {
          await(start);
          for (int i = 0; i < 20_000; i++) {
            state.begin();
            if (i % 2 == 0) {
              state.end(Outcome.values()[i % Outcome.values().length], i, i);
            }
          }
        }))
        .toArray(Thread[]::new);
    for (Thread thread : threads) {
      thread.start();
    }
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(state.inFlight()).isEqualTo(40_000);
  }

  @Test
  void fiveFaultsInARowEjectAndFourDoNot() {
    Sample.faults(state, 4, 0);
    assertThat(state.ejected()).isFalse();
    Sample.faults(state, 1, 0);
    assertThat(state.ejected()).isTrue();
    assertThat(states.ejected()).isEqualTo(1);
  }

  @Test
  void aReplyOrAnAnsweredFailureEndsTheRow() {
    for (Outcome alive : new Outcome[] {Outcome.REPLIED, Outcome.ANSWERED, Outcome.BUSY}) {
      Sample.faults(state, 4, 0);
      state.begin();
      state.end(alive, MS, 0);
      assertThat(state.faults()).as(alive.name()).isZero();
    }
    Sample.faults(state, 4, 0);
    state.begin();
    state.end(Outcome.CANCELLED, MS, 0);
    Sample.faults(state, 1, 0);
    assertThat(state.ejected()).isTrue();
  }

  @Test
  void aDeadlineShorterThanTheServiceIsNoFault() {
    reply(10 * MS, 0);
    end(Outcome.LATE, 19 * MS, 0);
    assertThat(state.faults()).isZero();
    assertThat(state.latency(0)).isEqualTo(19 * MS);
    end(Outcome.LATE, 38 * MS, 0);
    assertThat(state.faults()).isOne();
    assertThat(state.latency(0)).isEqualTo(19 * MS);
  }

  @Test
  void quickFailuresDoNotMakeAnInstanceAttractive() {
    reply(10 * MS, 0);
    for (int i = 1; i <= 1000; i++) {
      end(Outcome.ANSWERED, MS / 10, i * 50 * MS);
    }
    assertThat(state.latency(50 * SECOND)).isEqualTo(10 * MS);
  }

  @Test
  void anOverloadedInstanceIsAvoidedForAMoment() {
    end(Outcome.BUSY, MS, 0);
    InstanceState probed = states.of(Sample.id(1));
    probed.begin();
    assertThat(state.cost(99 * MS)).isGreaterThan(probed.cost(99 * MS));
    assertThat(state.cost(101 * MS)).isLessThan(probed.cost(101 * MS));
    assertThat(state.latency(0)).isZero();
  }

  @Test
  void theBackOffDoublesWithEachFailedProbeUpToAMinuteAndIgnoresStragglers() {
    long now = 0;
    Sample.faults(state, 5, now);
    long nominal = SECOND;
    for (int probe = 0; probe < 10; probe++) {
      long wait = state.ejectedForNanos(now);
      assertThat(wait).isBetween(nominal / 2, nominal);
      Sample.faults(state, 20, now); // requests that were on their way before the ejection
      assertThat(state.ejectedForNanos(now)).isEqualTo(wait);
      assertThat(state.claimProbe(now + wait - 1)).isFalse();
      now += wait;
      assertThat(state.claimProbe(now)).isTrue();
      assertThat(state.claimProbe(now)).as("a second probe").isFalse();
      Sample.faults(state, 1, now);
      nominal = Math.min(60 * SECOND, nominal * 2);
    }
  }

  @Test
  void aGoodProbeReturnsTheInstanceAndForgetsTheBackOff() {
    Sample.faults(state, 5, 0);
    assertThat(state.claimProbe(SECOND)).isTrue();
    end(Outcome.REPLIED, MS, SECOND);
    assertThat(state.ejected()).isFalse();
    assertThat(states.ejected()).isZero();
    Sample.faults(state, 5, SECOND);
    assertThat(state.ejectedForNanos(SECOND)).isLessThanOrEqualTo(SECOND);
  }

  @Test
  void aProbeThatIsNeverSentDelaysTheNextByOneBackOffOnly() {
    Sample.faults(state, 5, 0);
    assertThat(state.claimProbe(SECOND)).isTrue();
    assertThat(state.claimProbe(SECOND + SECOND)).isFalse();
    assertThat(state.claimProbe(SECOND + 2 * SECOND)).isTrue();
  }

  @Test
  void atMostHalfAreEjectedAndASingleInstanceNever() {
    for (int n = 0; n < 4; n++) {
      Sample.faults(states.of(Sample.id(n)), 50, 0);
    }
    assertThat(states.ejected()).isEqualTo(2);
    View one = Sample.view(1);
    InstanceStates lonely = Sample.states(one);
    Sample.faults(lonely.of(Sample.id(0)), 50, 0);
    assertThat(lonely.ejected()).isZero();
  }

  @Test
  void instancesThatAreNotReadyDoNotCountTowardsTheBound() {
    states.update(
        Sample.view(
            Sample.instance(0, Map.of()),
            Sample.instance(1, Map.of()).withReady(false),
            Sample.instance(2, Map.of()).withReady(false)),
        0,
        Sample.LONG_AGO_MILLIS);
    Sample.faults(state, 50, 0);
    assertThat(state.ejected()).isFalse();
  }

  @Test
  void anEjectedInstanceThatIsNoLongerReadyMakesRoomForTheNext() {
    Sample.faults(state, 5, 0);
    for (int n = 1; n < 4; n++) {
      states.update(withUnready(n), 0, Sample.LONG_AGO_MILLIS);
      assertThat(states.ejected()).as("%d are not ready", n).isZero();
      Sample.faults(states.of(Sample.id(n)), 5, 0);
      assertThat(states.of(Sample.id(n)).ejected()).as("another").isTrue();
      Sample.faults(states.of(Sample.id(0)), 50, 0);
      states.of(Sample.id(0)).still(0);
      assertThat(states.of(Sample.id(0)).ejected()).as("its late requests").isFalse();
    }
    states.update(Sample.view(6), 0, Sample.LONG_AGO_MILLIS);
    assertThat(states.ejected()).isEqualTo(1);
    Sample.faults(state, 5, 0);
    assertThat(state.ejected()).as("ready again, and judged again").isTrue();
  }

  /** Six instances, the first of which are not ready. */
  private static View withUnready(int count) {
    return Sample.view(IntStream.range(0, 6)
        .mapToObj(n -> Sample.instance(n, Map.of()).withReady(n >= count))
        .toArray(Instance[]::new));
  }

  @Test
  void anEjectedInstanceThatLeavesMakesRoomAndItsLateRequestsCountNowhere() {
    Sample.faults(state, 5, 0);
    states.update(
        Sample.view(Sample.instance(1, Map.of()), Sample.instance(2, Map.of())),
        0,
        Sample.LONG_AGO_MILLIS);
    assertThat(states.ejected()).isZero();
    Sample.faults(state, 10, 0);
    state.alive();
    assertThat(states.ejected()).isZero();
    assertThat(states.of(Sample.id(0))).isNotSameAs(state);
  }

  @Test
  void manyThreadsEjectAndReturnWithoutLosingCount() throws InterruptedException {
    Thread[] threads = IntStream.range(0, 4)
        .mapToObj(t -> new Thread(() -> {
          for (int i = 0; i < 5_000; i++) {
            InstanceState any = states.of(Sample.id((i + t) % 4));
            Sample.faults(any, 6, i);
            any.claimProbe(i + 10 * SECOND);
            any.alive();
          }
        }))
        .toArray(Thread[]::new);
    for (Thread thread : threads) {
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    long ejected =
        IntStream.range(0, 4).filter(n -> states.of(Sample.id(n)).ejected()).count();
    assertThat(states.ejected()).isEqualTo((int) ejected).isLessThanOrEqualTo(2);
  }

  @Test
  void theStatusAndTheStageDecideWhatAFailureSays() {
    assertThat(Outcome.of(Status.OK, Stage.HANDLE)).isEqualTo(Outcome.REPLIED);
    for (Stage stage : Stage.values()) {
      assertThat(Outcome.of(Status.UNAVAILABLE, stage)).isEqualTo(Outcome.FAULT);
      assertThat(Outcome.of(Status.RESOURCE_EXHAUSTED, stage)).isEqualTo(Outcome.BUSY);
      assertThat(Outcome.of(Status.CANCELLED, stage)).isEqualTo(Outcome.CANCELLED);
      assertThat(Outcome.of(Status.UNKNOWN, stage)).isEqualTo(Outcome.ANSWERED);
      assertThat(Outcome.of(Status.PERMISSION_DENIED, stage)).isEqualTo(Outcome.ANSWERED);
    }
    assertThat(Outcome.of(Status.DEADLINE_EXCEEDED, Stage.WAIT)).isEqualTo(Outcome.LATE);
    assertThat(Outcome.of(Status.DEADLINE_EXCEEDED, Stage.HANDLE)).isEqualTo(Outcome.ANSWERED);
    assertThat(Outcome.of(Status.UNAUTHENTICATED, Stage.CONNECT)).isEqualTo(Outcome.FAULT);
    assertThat(Outcome.of(Status.UNAUTHENTICATED, Stage.AUTHORIZE)).isEqualTo(Outcome.ANSWERED);
    assertThat(Outcome.of(Status.INTERNAL, Stage.WAIT)).isEqualTo(Outcome.FAULT);
    assertThat(Outcome.of(Status.INTERNAL, Stage.HANDLE)).isEqualTo(Outcome.ANSWERED);
  }

  private void reply(long elapsed, long now) {
    end(Outcome.REPLIED, elapsed, now);
  }

  private void end(Outcome outcome, long elapsed, long now) {
    state.begin();
    state.end(outcome, elapsed, now);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
