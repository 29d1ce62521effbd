package io.liblink.transport;

import io.liblink.session.Session;
import io.liblink.session.SessionQueue;
import io.liblink.session.SessionTask;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done on a link, in order. {@link #queue} is for any thread, the rest belongs to the
 * event loop.
 */
final class Submitted {
  final SessionQueue queue = new SessionQueue();
  private SessionQueue.Batch taken = queue.take();

  /** Has the event loop do what is to be done, unless it has ended. Any thread. */
  static void wake(Executor loop, Runnable drain) {
    try {
      loop.execute(drain);
    } catch (RejectedExecutionException e) {
      // The link ended before its event loop, and abandoned what had been added.
    }
  }

  boolean isEmpty() {
    return taken.isEmpty() && queue.isEmpty();
  }

  /** The next one; null when there is none. */
  @Nullable
  SessionTask next() {
    if (taken.isEmpty()) {
      if (queue.isEmpty()) {
        return null;
      }
      taken = queue.take();
    }
    return taken.poll();
  }

  /** Drops what waited until its time was over, because the peer takes nothing. */
  void dropLate(Session session, long now) {
    taken.append(queue.take());
    taken.dropLate(session, now);
  }

  /** Takes no more; what is left is not done. */
  void close(String reason, long now) {
    abandon(taken, reason, now);
    abandon(queue.close(), reason, now);
  }

  private static void abandon(SessionQueue.Batch batch, String reason, long now) {
    for (SessionTask t = batch.poll(); t != null; t = batch.poll()) {
      t.abandon(reason, now);
    }
  }
}
