package io.liblink.testkit;

import io.liblink.time.TimeSource;
import java.time.Duration;

/**
 * A clock that the test turns. One that is {@linkplain #running() running} goes with the machine's
 * and can be turned ahead; one that is {@linkplain #stopped() stopped} moves only by {@link
 * #advance}, which makes what depends on time exact. Nodes notice within a few milliseconds.
 * Thread-safe.
 *
 * <p>While a clock stands still nothing that waits for it comes to its end: deadlines do not pass,
 * and a repeat that pauses first is not made.
 */
public final class TestClock implements TimeSource {
  private static final long LOOK_NANOS = 2_000_000;

  private final TimeSource machine = TimeSource.system();
  private final long startNanos = machine.nanos();
  private final long startMillis = machine.wallMillis();

  /** Replaced as a whole, under this. */
  private volatile State state;

  /**
   * Where the clock stands.
   *
   * @param nanos what it showed at {@code since}
   * @param since the machine's nanoseconds then
   */
  private record State(boolean running, long nanos, long since) {
    long at(long machineNanos) {
      return running ? nanos + (machineNanos - since) : nanos;
    }
  }

  private TestClock(boolean running) {
    this.state = new State(running, startNanos, startNanos);
  }

  /** A clock that starts at the machine's time and goes with it. */
  public static TestClock running() {
    return new TestClock(true);
  }

  /** A clock that starts at the machine's time and stands still. */
  public static TestClock stopped() {
    return new TestClock(false);
  }

  /** Turns the clock ahead, whether it runs or stands still. */
  public synchronized void advance(Duration by) {
    if (by.isNegative()) {
      throw new IllegalArgumentException("a clock never goes backwards: " + by);
    }
    long now = machine.nanos();
    state = new State(state.running, state.at(now) + by.toNanos(), now);
  }

  /** Lets it stand still from now on. */
  public synchronized void stop() {
    long now = machine.nanos();
    state = new State(false, state.at(now), now);
  }

  /** Lets it go on from where it stands. */
  public synchronized void start() {
    long now = machine.nanos();
    state = new State(true, state.at(now), now);
  }

  @Override
  public long nanos() {
    State s = state;
    return s.running ? s.at(machine.nanos()) : s.nanos;
  }

  @Override
  public long wallMillis() {
    return startMillis + (nanos() - startNanos) / 1_000_000;
  }

  @Override
  public long sleepNanos(long nanos) {
    return Math.min(nanos, LOOK_NANOS);
  }
}
