package io.liblink.proof.discovery;

import io.liblink.RemoteService;
import io.liblink.message.Message;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Steady calls by a schedule, whatever comes of those before (open loop): a call that begins late because this side was held up
 * counts from when it was due. Every call is in the book of the part in which it was due.
 */
final class Traffic implements AutoCloseable {
  /** How many times faster than usual it catches up when it was held up itself. */
  private static final int FASTEST = 4;

  /** Far more than the deadline of a call. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final RemoteService service;
  private final double nanosEach;
  private final Thread thread;
  private volatile boolean closed;

  /** Guarded by this. */
  private Book book;

  Traffic(RemoteService service, int perSecond, Book first) {
    this.service = service;
    this.book = first;
    this.nanosEach = TimeUnit.SECONDS.toNanos(1) / (double) perSecond;
    this.thread = new Thread(this::run, "traffic");
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    long start = System.nanoTime();
    Message nothing = Message.text("");
    long next = start;
    for (long n = 0; !closed; n++) {
      long due = start + (long) (n * nanosEach);
      next = Math.max(due, next);
      for (long left = next - System.nanoTime(); left > 0; left = next - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      next = System.nanoTime() + (long) (nanosEach / FASTEST);
      call(nothing, due);
    }
  }

  private void call(Message nothing, long due) {
    Book its;
    synchronized (this) {
      its = book;
      its.begin();
    }
    service.callAsync("where", nothing).whenComplete((reply, failure) -> {
      long end = System.nanoTime();
      if (failure != null) {
        its.failed(failure, due, end);
        return;
      }
      String text = reply.text();
      int space = text.indexOf(' ');
      its.replied(new Book.Call(
          due, end, text.substring(0, space), Integer.parseInt(text.substring(space + 1))));
    });
  }

  /** From now on calls are in that book; returns the one before when all of its calls should have ended. */
  Book turnTo(Book next) throws InterruptedException {
    Book before;
    synchronized (this) {
      before = book;
      book = next;
    }
    long end = System.nanoTime() + LONGEST.toNanos();
    while (!before.isComplete() && end - System.nanoTime() > 0) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return before;
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
