package io.liblink.session;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Hands tasks from any thread to the thread of the session: a stack that is taken whole and turned
 * around (Treiber, 1986). Adding costs one compare-and-set and no allocation, and tells who added to
 * an empty queue that the session's thread must be woken: everybody else is already covered. Bounded
 * by who adds: the streams of a link are.
 */
public final class SessionQueue {
  private static final SessionTask CLOSED = new Marker();

  private final AtomicReference<@Nullable SessionTask> head = new AtomicReference<>();

  /** What {@link #add} did. */
  public enum Added {
    /** The queue was empty: the session's thread must be told to take. */
    FIRST,
    /** The session's thread was told before. */
    MORE,
    /** Nothing: the queue is closed. */
    CLOSED
  }

  /** Adds a task. Thread-safe. */
  public Added add(SessionTask task) {
    while (true) {
      SessionTask first = head.get();
      if (first == CLOSED) {
        return Added.CLOSED;
      }
      task.nextTask = first;
      if (head.compareAndSet(first, task)) {
        return first == null ? Added.FIRST : Added.MORE;
      }
    }
  }

  /** Adds all that is left of a batch, in its order. Thread-safe. */
  public Added addAll(Batch batch) {
    SessionTask oldest = batch.first;
    if (oldest == null) {
      return Added.MORE;
    }
    if (head.get() == CLOSED) {
      return Added.CLOSED;
    }
    batch.first = null;
    SessionTask newest = turn(oldest);
    while (true) {
      SessionTask first = head.get();
      if (first == CLOSED) {
        batch.first = turn(newest);
        return Added.CLOSED;
      }
      oldest.nextTask = first;
      if (newest != null && head.compareAndSet(first, newest)) {
        return first == null ? Added.FIRST : Added.MORE;
      }
      oldest.nextTask = null;
    }
  }

  /** Takes all, the oldest first. For the session's thread. */
  public Batch take() {
    return head.get() == CLOSED ? new Batch(null) : new Batch(turn(head.getAndSet(null)));
  }

  /** Whether nothing waits to be taken. */
  public boolean isEmpty() {
    SessionTask first = head.get();
    return first == null || first == CLOSED;
  }

  /** Takes all and takes no more. For the session's thread. */
  public Batch close() {
    return new Batch(turn(head.getAndSet(CLOSED)));
  }

  private static @Nullable SessionTask turn(@Nullable SessionTask newest) {
    SessionTask oldest = null;
    SessionTask task = newest == CLOSED ? null : newest;
    while (task != null) {
      SessionTask older = task.nextTask;
      task.nextTask = oldest;
      oldest = task;
      task = older;
    }
    return oldest;
  }

  /** Tasks in the order they were added. For one thread. */
  public static final class Batch {
    private @Nullable SessionTask first;

    private Batch(@Nullable SessionTask first) {
      this.first = first;
    }

    /** The next task, or null after the last. */
    public @Nullable SessionTask poll() {
      SessionTask task = first;
      if (task != null) {
        first = task.nextTask;
        task.nextTask = null;
      }
      return task;
    }

    /** Puts the tasks of another batch behind these. */
    public void append(Batch later) {
      SessionTask last = first;
      if (last == null) {
        first = later.first;
      } else {
        while (last.nextTask != null) {
          last = last.nextTask;
        }
        last.nextTask = later.first;
      }
      later.first = null;
    }

    /** Takes out those that {@linkplain SessionTask#isLate came too late}. */
    public void dropLate(Session session, long now) {
      SessionTask before = null;
      SessionTask task = first;
      while (task != null) {
        SessionTask after = task.nextTask;
        if (!task.isLate(session, now)) {
          before = task;
        } else {
          task.nextTask = null;
          if (before == null) {
            first = after;
          } else {
            before.nextTask = after;
          }
        }
        task = after;
      }
    }

    /** Whether all were polled. */
    public boolean isEmpty() {
      return first == null;
    }
  }

  private static final class Marker extends SessionTask {
    @Override
    public void run(Session session, long now) {}

    @Override
    public void abandon(String reason, long now) {}
  }
}
