package io.liblink.time;

import java.time.Duration;

/**
 * Runs things later. The task runs on the timers' own thread: it must be short and must not block.
 * Implementations are thread-safe.
 */
public interface Timers {
  /** Runs {@code task} once, no earlier than after {@code delay}. */
  Timer schedule(Duration delay, Runnable task);

  /** Something that was scheduled. */
  interface Timer {
    /** Keeps the task from running if it has not started. Idempotent. */
    void cancel();
  }
}
