package io.liblink.time;

import java.time.Instant;

/**
 * The clock, handed in so that tests can turn it. Implementations are thread-safe.
 *
 * <p>{@link #nanos()} measures distances and never jumps; {@link #wallMillis()} is the date, which
 * may.
 */
public interface TimeSource {
  /** Nanoseconds since an arbitrary origin, never backwards. Compare by difference only. */
  long nanos();

  /** Milliseconds since 1970-01-01T00:00Z, as the machine believes. */
  long wallMillis();

  /** {@link #wallMillis()} as an instant. */
  default Instant now() {
    return Instant.ofEpochMilli(wallMillis());
  }

  /**
   * How long, in the machine's nanoseconds, one may wait for {@code nanos} of this clock before
   * looking at it again. For the machine's clock, which is the default, all of it; a clock that is
   * turned by hand says a few milliseconds, so that turning it is noticed.
   */
  default long sleepNanos(long nanos) {
    return nanos;
  }

  /** The clock of the machine. */
  static TimeSource system() {
    return SystemTime.INSTANCE;
  }
}
