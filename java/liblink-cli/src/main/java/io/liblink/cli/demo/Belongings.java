package io.liblink.cli.demo;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What must be gone when the demonstration ends, however it ends. Thread-safe. */
final class Belongings {
  private final Deque<AutoCloseable> kept = new ArrayDeque<>();
  private final CountDownLatch ended = new CountDownLatch(1);

  /** Remembers one more; closes it at once when the end has come already. */
  <T extends AutoCloseable> T keep(T one) throws InterruptedException {
    synchronized (kept) {
      if (!ended()) {
        kept.push(one);
        return one;
      }
    }
    close(one);
    throw new InterruptedException();
  }

  boolean ended() {
    return ended.getCount() == 0;
  }

  /** Waits for a moment, but not for longer than until the end. */
  void pause(Duration time) throws InterruptedException {
    if (ended.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new InterruptedException();
    }
  }

  /** Closes everything, the last first. Idempotent; a second caller waits for the first. */
  void end() {
    synchronized (kept) {
      ended.countDown();
      kept.forEach(Belongings::close);
      kept.clear();
    }
  }

  private static void close(AutoCloseable one) {
    try {
      one.close();
    } catch (Exception e) {
      // the next one must be closed too
    }
  }
}
