package io.liblink.routing;

import static io.liblink.routing.Sample.MS;
import static io.liblink.routing.Sample.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** One node in virtual time: arrivals, the limit, a queue in order of arrival, handler threads. */
class ConcurrencyLimitSimulationTest {
  private static final long DEADLINE = SECOND;
  private static final long LENGTH = 60 * SECOND;
  private static final int UNBOUNDED = 1 << 30;

  /** What came out, per second. */
  private record Result(double offered, double good, double refused, double late) {}

  @Test
  void twiceTheLoadStillYieldsTheWholeCapacityInTime() {
    Result limited = run(8, 1600, 10 * MS, true);
    Result unlimited = run(8, 1600, 10 * MS, false);
    assertThat(limited.good()).isGreaterThan(0.97 * 800);
    assertThat(limited.late()).isLessThan(0.01 * limited.offered());
    assertThat(unlimited.good()).as("with the number alone").isLessThan(0.5 * 800);
  }

  @Test
  void aLoadThatFitsIsNeverRefused() {
    assertThat(run(8, 560, 10 * MS, true).refused()).isZero();
  }

  @Test
  void slowHandlersThatNobodyWaitsForAreNeverRefused() {
    Result waiting = run(UNBOUNDED, 1000, 100 * MS, true);
    assertThat(waiting.refused()).isZero();
    assertThat(waiting.good()).isGreaterThan(0.99 * waiting.offered());
  }

  private static Result run(int threads, int perSecond, long meanService, boolean byWait) {
    RandomGenerator random = Seeded.fixed(42);
    ConcurrencyLimit limit = new ConcurrencyLimit(1024);
    PriorityQueue<long[]> running = new PriorityQueue<>((a, b) -> Long.compare(a[0], b[0]));
    ArrayDeque<Long> queue = new ArrayDeque<>();
    long offered = 0;
    long good = 0;
    long refused = 0;
    long late = 0;
    long next = 0;
    for (long now = 0; now < LENGTH; ) {
      if (running.isEmpty() || next < running.element()[0]) {
        now = next;
        next += (long) (random.nextExponential() * SECOND / perSecond);
        offered++;
        if (limit.tryAcquire(byWait ? DEADLINE : Long.MAX_VALUE)) {
          queue.add(now);
        } else {
          refused++;
        }
      } else {
        long[] ended = running.remove();
        now = ended[0];
        limit.release();
        good += now - ended[1] <= DEADLINE ? 1 : 0;
        late += now - ended[1] > DEADLINE ? 1 : 0;
      }
      while (!queue.isEmpty() && running.size() < threads) {
        long arrived = queue.remove();
        limit.started(now - arrived);
        if (now - arrived > DEADLINE) {
          limit.release(); // cancelled by its deadline while it waited
          late++;
        } else {
          long service = (long) (random.nextExponential() * meanService);
          running.add(new long[] {now + service, arrived});
        }
      }
    }
    double seconds = LENGTH / (double) SECOND;
    return new Result(offered / seconds, good / seconds, refused / seconds, late / seconds);
  }
}
