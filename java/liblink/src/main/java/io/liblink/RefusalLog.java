package io.liblink;

import io.liblink.time.TimeSource;

/**
 * Tells of refused connections, so that who tries without end does not fill the log: ten at once, then one
 * a second, each with the number of those that were left out before it. Thread-safe.
 */
final class RefusalLog {
  static final int AT_ONCE = 10;
  private static final long EACH_NANOS = 1_000_000_000;
  private static final System.Logger LOG = System.getLogger("io.liblink.transport");

  private final TimeSource time;

  // Guarded by this.
  private long filledAt;
  private long leftOut;

  RefusalLog(TimeSource time) {
    this.time = time;
    this.filledAt = time.nanos() - AT_ONCE * EACH_NANOS;
  }

  void refused(String remote, String problem) {
    long before = told();
    LOG.log(
        before < 0 ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
        () -> "refused a connection from " + remote + ": " + problem
            + (before > 0 ? " (and " + before + " more since the last that was logged)" : ""));
  }

  /** How many were left out before this one, or -1 when this one is left out, too. */
  synchronized long told() {
    long now = time.nanos();
    if (now - filledAt > AT_ONCE * EACH_NANOS) {
      filledAt = now - AT_ONCE * EACH_NANOS;
    }
    if (now - filledAt < EACH_NANOS) {
      leftOut++;
      return -1;
    }
    filledAt += EACH_NANOS;
    long before = leftOut;
    leftOut = 0;
    return before;
  }
}
