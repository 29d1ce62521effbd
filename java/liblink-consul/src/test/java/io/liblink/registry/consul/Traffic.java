package io.liblink.registry.consul;

import io.liblink.Node;
import io.liblink.RemoteService;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Steady idempotent calls from one thread, some hundred a second; every failure is kept. */
final class Traffic implements AutoCloseable {
  private static final int MOST_FAILURES = 20;

  private final RemoteService service;
  private final String method;
  private final AtomicLong calls = new AtomicLong();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final Thread thread;
  private volatile boolean closed;
  private volatile long longestNanos;

  Traffic(Node caller, String service, String method) {
    this.service = caller.service(service).idempotent().timeout(Duration.ofSeconds(5));
    this.method = method;
    this.thread = new Thread(this::run, "traffic");
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    while (!closed) {
      long began = System.nanoTime();
      try {
        service.call(method, "x", String.class);
      } catch (RuntimeException e) {
        if (failures.size() < MOST_FAILURES) {
          failures.add(e.toString());
        }
      }
      calls.incrementAndGet();
      longestNanos = Math.max(longestNanos, System.nanoTime() - began);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(3));
    }
  }

  long calls() {
    return calls.get();
  }

  Queue<String> failures() {
    return failures;
  }

  @Override
  public String toString() {
    return calls
        + " calls, "
        + failures.size()
        + " failed, the longest took "
        + TimeUnit.NANOSECONDS.toMillis(longestNanos)
        + " ms";
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
