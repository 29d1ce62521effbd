package io.liblink.pubsub;

/** Has something that can happen a million times a second said once a second. Thread-safe. */
final class LogLimit {
  private static final long PERIOD_NANOS = 1_000_000_000;

  private boolean any;
  private long lastNanos;
  private long kept;

  /** How often it was kept back since it was said last, when it is to be said now; else -1. */
  synchronized long admit(long now) {
    if (any && now - lastNanos < PERIOD_NANOS) {
      kept++;
      return -1;
    }
    long before = kept;
    any = true;
    lastNanos = now;
    kept = 0;
    return before;
  }
}
