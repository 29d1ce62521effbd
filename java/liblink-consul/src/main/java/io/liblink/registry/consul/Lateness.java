package io.liblink.registry.consul;

import java.util.concurrent.TimeUnit;

/**
 * How late this node's own heartbeats go out: early notice of a process that is starved or stopped.
 * Used by the thread of heartbeats only.
 */
final class Lateness {
  private static final System.Logger LOG = System.getLogger("io.liblink.registry");

  /** How long a late beat is told of. */
  static final long SHOWN_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final String uri;
  private final long ttlNanos;
  private boolean late;
  private long lateAt;

  Lateness(String uri, long ttlNanos) {
    this.uri = uri;
    this.ttlNanos = ttlNanos;
  }

  /** A beat goes out, so late. Counts from a third of the time that the agent waits. */
  void beat(long lateNanos, long now) {
    if (lateNanos < ttlNanos / 3) {
      return;
    }
    boolean again = late && now - lateAt < SHOWN_NANOS;
    late = true;
    lateAt = now;
    if (!again) {
      LOG.log(
          System.Logger.Level.WARNING,
          "registry " + uri + ": a heartbeat was " + TimeUnit.NANOSECONDS.toMillis(lateNanos)
              + " ms late: the process was stopped or starved, and Consul may have called its"
              + " services critical meanwhile");
    }
  }

  /** Constant words while a late beat is a short while ago; otherwise empty. */
  String problem(long now) {
    late &= now - lateAt < SHOWN_NANOS;
    return late ? "this node's heartbeats were late within the last minute" : "";
  }
}
