package io.liblink.cli.command;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Room for so many items, and so many bytes of them; one that is larger takes all. Thread-safe. */
final class Room {
  private final Semaphore items;
  private final Semaphore kibibytes;
  private final int mostKibibytes;

  Room(int items, long bytes) {
    this.items = new Semaphore(items);
    this.mostKibibytes = Math.toIntExact(Math.max(1, bytes >> 10));
    this.kibibytes = new Semaphore(mostKibibytes);
  }

  /** Takes room for one; false when there is none for so long. */
  boolean enter(int size, Duration patience) throws InterruptedException {
    if (!items.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
      return false;
    }
    if (!kibibytes.tryAcquire(weight(size), patience.toNanos(), TimeUnit.NANOSECONDS)) {
      items.release();
      return false;
    }
    return true;
  }

  /** Gives it back. */
  void leave(int size) {
    kibibytes.release(weight(size));
    items.release();
  }

  private int weight(int size) {
    return Math.min(mostKibibytes, 1 + (size >> 10));
  }
}
