package io.liblink.transport;

import io.liblink.time.TimeSource;
import io.netty.util.concurrent.FastThreadLocalThread;
import org.jspecify.annotations.Nullable;

/**
 * The thread of an event loop. While it reads it knows the time at which it began to, so that what is
 * done for each of hundreds of messages need not ask the clock again.
 */
final class LoopThread extends FastThreadLocalThread {
  /** 0 while it does not read. Belongs to this thread. */
  private long turnNanos;

  /** Of the node whose thread this is: in one JVM another may live by another. */
  private @Nullable TimeSource clock;

  LoopThread(ThreadGroup group, Runnable task, String name) {
    super(group, task, name);
  }

  /** The calling thread begins to read, at that time of that clock; 0 when it has read all. */
  static void turn(TimeSource clock, long nanos) {
    if (Thread.currentThread() instanceof LoopThread loop) {
      loop.clock = clock;
      loop.turnNanos = nanos;
    }
  }

  /** When the calling thread began to read; 0 when it does not by that clock, or is no event loop. */
  static long turn(TimeSource clock) {
    return Thread.currentThread() instanceof LoopThread loop && loop.clock == clock
        ? loop.turnNanos
        : 0;
  }
}
