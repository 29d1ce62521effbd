package io.liblink.registry.consul;

import java.util.concurrent.TimeUnit;

/**
 * Whether a datacenter was in trouble a short while ago, so that what vanishes there now may have
 * been lost rather than have left. Used by the registry's thread only.
 */
final class Doubt {
  /** How long trouble casts doubt: long enough for every live node to announce itself again. */
  static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private boolean raised;
  private long until;

  /** There is trouble now. */
  void raise(long now) {
    raised = true;
    until = now + SETTLE_NANOS;
  }

  boolean isRaised(long now) {
    raised &= until - now > 0;
    return raised;
  }
}
