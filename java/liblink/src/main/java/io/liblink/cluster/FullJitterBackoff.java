package io.liblink.cluster;

import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * How long to wait before connecting again: uniformly random between 0 and a ceiling that starts at
 * 100 ms and doubles with every failure up to 5 s ("full jitter", so that many nodes that lost the
 * same peer do not come back together).
 *
 * <p>A connection that lasted {@link #STABLE_NANOS} starts the row anew. A shorter one does not:
 * otherwise a peer that accepts and drops at once would be dialled at full speed.
 *
 * <p>Not thread-safe: it belongs to whoever dials the peer.
 */
public final class FullJitterBackoff {
  /** The first ceiling: 100 ms. */
  static final long BASE_NANOS = 100_000_000L;

  /** The last ceiling: 5 s, so that a peer that is back is found soon. */
  static final long CAP_NANOS = 5_000_000_000L;

  /** How long a connection must have lasted to count as success: 10 s. */
  static final long STABLE_NANOS = 10_000_000_000L;

  private final Supplier<? extends RandomGenerator> random;
  private int failures;
  private boolean connected;
  private long connectedAt;

  /** Starts without a failure. */
  public FullJitterBackoff(Supplier<? extends RandomGenerator> random) {
    this.random = random;
  }

  /** The link is up: both HELLOs were exchanged. */
  public void connected(long nowNanos) {
    connected = true;
    connectedAt = nowNanos;
  }

  /** An attempt failed, or the link was lost: the nanoseconds to wait before the next attempt. */
  public long failed(long nowNanos) {
    if (connected && nowNanos - connectedAt >= STABLE_NANOS) {
      failures = 0;
    }
    connected = false;
    long ceiling = ceilingNanos();
    failures++;
    return random.get().nextLong(ceiling + 1);
  }

  /** The longest that the next {@link #failed} may answer. */
  long ceilingNanos() {
    return Math.min(CAP_NANOS, BASE_NANOS << Math.min(failures, 10));
  }
}
