package io.liblink.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.testing.Gen;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadlineWheelTest {
  private static final long TICK = DeadlineWheel.TICK_NANOS;

  @Test
  void everyDeadlineFiresOnceNeverEarlyAndAtMostOneTickLate() {
    Gen.check(300, gen -> {
      long start = gen.aLong() >> 2;
      DeadlineWheel wheel = new DeadlineWheel(start);
      long now = start;
      List<Timed> all = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        Timed s = new Timed(now, now + gen.between(-5, 5000) * 1_000_000L + gen.between(0, 999));
        all.add(s);
        wheel.add(s, s.deadline);
        if (gen.oneIn(4)) {
          wheel.remove(gen.oneOf(all));
        }
        now += gen.oneIn(10) ? gen.between(0, 4000) * 1_000_000L : gen.between(0, 20) * 1_000_000L;
        long before = now;
        all.forEach(t -> t.now = before);
        wheel.advance(now);
        all.removeIf(t -> t.fired || t.slot < 0);
        assertThat(all).allMatch(t -> t.deadline - before > -TICK, "no deadline is missed");
      }
      long end = now + 6_000_000_000L;
      all.forEach(t -> t.now = end);
      wheel.advance(end);
      assertThat(all).allMatch(t -> t.fired);
      assertThat(wheel.isEmpty()).isTrue();
    });
  }

  @Test
  void oneThatFiresMayEndAnotherOrGiveItMoreTime() {
    DeadlineWheel wheel = new DeadlineWheel(0);
    TestStream ended = new TestStream(1);
    TestStream later = new TestStream(3);
    Stream first = new Stream() {
      @Override
      public void run(Session session, long now) {}

      @Override
      public void abandon(String reason, long now) {}

      @Override
      protected void onLost(String reason, io.liblink.status.Ran ran, long now) {}

      @Override
      protected void onDeadline(long now) {
        ended.id = 0;
        wheel.add(later, now + 10 * TICK);
      }
    };
    first.id = 5;
    wheel.add(ended, TICK);
    wheel.add(later, TICK);
    wheel.add(first, TICK); // the newest is at the head
    wheel.advance(2 * TICK);
    assertThat(ended.deadlines).isZero();
    assertThat(later.deadlines).isZero();
    wheel.advance(13 * TICK);
    assertThat(later.deadlines).isEqualTo(1);
    assertThat(wheel.isEmpty()).isTrue();
  }

  @Test
  void aNewDeadlineReplacesTheOld() {
    DeadlineWheel wheel = new DeadlineWheel(0);
    TestStream s = new TestStream(1);
    wheel.add(s, TICK);
    wheel.add(s, 600 * TICK);
    wheel.advance(599 * TICK);
    assertThat(s.deadlines).isZero();
    wheel.advance(602 * TICK);
    assertThat(s.deadlines).isEqualTo(1);
    wheel.remove(s);
    wheel.remove(s);
    assertThat(wheel.isEmpty()).isTrue();
  }

  /** Fires at most once, and not before its time. */
  private static final class Timed extends Stream {
    final long deadline;
    long now;
    boolean fired;

    Timed(long now, long deadline) {
      this.id = 1;
      this.now = now;
      this.deadline = deadline;
    }

    @Override
    public void run(Session session, long at) {}

    @Override
    public void abandon(String reason, long at) {}

    @Override
    protected void onLost(String reason, io.liblink.status.Ran ran, long at) {}

    @Override
    protected void onDeadline(long at) {
      assertThat(fired).isFalse();
      assertThat(at).isEqualTo(now).isGreaterThanOrEqualTo(deadline);
      fired = true;
    }
  }
}
