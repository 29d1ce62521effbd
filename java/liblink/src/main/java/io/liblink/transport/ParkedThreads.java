package io.liblink.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads whose calls ended while the event loop was reading: woken together when it has read all, so
 * that they don't take the core from who has more to wake. Belongs to the event loop.
 */
final class ParkedThreads {
  /** Up to so many are woken by the event loop itself. */
  private static final int WAKE_HERE = 2;

  private final List<Thread> threads = new ArrayList<>();

  void add(Thread thread) {
    threads.add(thread);
  }

  /**
   * Wakes all. Many are woken by one of the workers: from there it costs a tenth of what it costs here,
   * and the event loop goes on.
   */
  void wake(LinkEvents events) {
    if (threads.isEmpty()) {
      return;
    }
    if (threads.size() <= WAKE_HERE) {
      threads.forEach(LockSupport::unpark);
    } else {
      Thread[] waiting = threads.toArray(new Thread[0]);
      events.execute(() -> {
        for (Thread thread : waiting) {
          LockSupport.unpark(thread);
        }
      });
    }
    threads.clear();
  }
}
