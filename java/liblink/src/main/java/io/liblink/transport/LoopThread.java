package io.liblink.transport;

import io.netty.util.concurrent.FastThreadLocalThread;

/**
 * The thread of an event loop. While it reads it knows the time at which it began to, so that what is
 * done for each of hundreds of messages need not ask the clock again.
 */
final class LoopThread extends FastThreadLocalThread {
  /** 0 while it does not read. Belongs to this thread. */
  private long turnNanos;

  LoopThread(ThreadGroup group, Runnable task, String name) {
    super(group, task, name);
  }

  /** The calling thread begins to read, at that time; 0 when it has read all. */
  static void turn(long nanos) {
    if (Thread.currentThread() instanceof LoopThread loop) {
      loop.turnNanos = nanos;
    }
  }

  /** When the calling thread began to read; 0 when it does not, or is no event loop. */
  static long turn() {
    return Thread.currentThread() instanceof LoopThread loop ? loop.turnNanos : 0;
  }
}
