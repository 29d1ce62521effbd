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
   * It has to wait because the peer does not read, on the session's thread; {@link #run} or {@link
   * #abandon} follow some time later.
   */
  public void delayed() {}

  /** The session ended before this was done. */
  public abstract void abandon(String reason, long now);
}
