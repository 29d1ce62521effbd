package io.liblink.transport;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads whose calls ended while the event loop was reading: woken together when it has read all, so
 * that they don't take the core from who has more to wake. Belongs to the event loop.
 */
final class ParkedThreads {
  /** Up to so many are woken by the event loop itself. */
  private static final int WAKE_HERE = 2;

  private static final long LOOK_NANOS = 1_000_000;

  private final List<Thread> threads = new ArrayList<>();

  /** What workers were asked to wake since the last look. */
  private final List<Wake> asked = new ArrayList<>();

  void add(Thread thread) {
    threads.add(thread);
  }

  /**
   * Wakes all. Many are woken by one of the workers: from there it costs a tenth of what it costs here,
   * and the event loop goes on. It looks after them a moment later, because all workers may be among
   * those who wait.
   */
  void wake(LinkEvents events, EventLoop loop) {
    if (threads.isEmpty()) {
      return;
    }
    if (threads.size() <= WAKE_HERE) {
      threads.forEach(LockSupport::unpark);
    } else {
      Wake wake = new Wake(threads.toArray(new Thread[0]));
      if (asked.isEmpty()) {
        loop.schedule(this::look, LOOK_NANOS, TimeUnit.NANOSECONDS);
      }
      asked.add(wake);
      events.execute(wake);
    }
    threads.clear();
  }

  private void look() {
    asked.forEach(Wake::run);
    asked.clear();
  }

  /** Wakes each thread once, however many run it at once. */
  private static final class Wake implements Runnable {
    private final Thread[] threads;
    private final AtomicInteger next = new AtomicInteger();

    Wake(Thread[] threads) {
      this.threads = threads;
    }

    @Override
    public void run() {
      for (int i = next.getAndIncrement(); i < threads.length; i = next.getAndIncrement()) {
        LockSupport.unpark(threads[i]);
      }
    }
  }
}
