package io.liblink.registry.etcd;

import io.liblink.time.TimeSource;

/**
 * Remembers when etcd was last seen in trouble: silent, gone, without its data, or a lease lost. For
 * some time after, what vanishes is not believed to have left. Thread-safe.
 */
final class Trouble {
  private final TimeSource clock;
  private final long lastsNanos;
  private volatile long last;
  private volatile boolean any;

  Trouble(TimeSource clock, long lastsNanos) {
    this.clock = clock;
    this.lastsNanos = lastsNanos;
  }

  void seen() {
    last = clock.nanos();
    any = true;
  }

  boolean isRecent() {
    return any && clock.nanos() - last < lastsNanos;
  }
}
