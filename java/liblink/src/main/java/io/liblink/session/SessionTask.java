package io.liblink.session;

import org.jspecify.annotations.Nullable;

/** Something that another thread wants done with a session, on the session's thread. */
public abstract class SessionTask {
  /** The chain of {@link SessionQueue}. A task is in one queue at a time. */
  @Nullable
  SessionTask nextTask;

  /** Does it. */
  public abstract void run(Session session, long now);

  /**
   * Asked on the session's thread while the peer takes nothing: true when the time of this is over, or it
   * is done elsewhere. It has then told who waits for it, and is neither run nor abandoned.
   */
  public boolean isLate(Session session, long now) {
    return false;
  }

  /** The session ended before this was done. */
  public abstract void abandon(String reason, long now);
}
