package io.liblink.pubsub;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs something on an executor: never twice at once, and once more when it was asked for while it ran.
 * Thread-safe.
 */
final class Serial implements Runnable {
  private static final System.Logger LOG = System.getLogger("io.liblink.pubsub");

  private final Executor executor;
  private final Runnable body;
  private final AtomicInteger asked = new AtomicInteger();

  Serial(Executor executor, Runnable body) {
    this.executor = executor;
    this.body = body;
  }

  void ask() {
    if (asked.getAndIncrement() == 0) {
      try {
        executor.execute(this);
      } catch (RejectedExecutionException e) {
        asked.set(0); // the node has ended
      }
    }
  }

  @Override
  public void run() {
    int seen = asked.get();
    do {
      try {
        body.run();
      } catch (RuntimeException | Error e) {
        LOG.log(System.Logger.Level.ERROR, "a subscription failed; this is a bug in liblink", e);
      }
      seen = asked.addAndGet(-seen);
    } while (seen != 0);
  }
}
