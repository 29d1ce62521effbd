package io.liblink.work;

import io.liblink.session.SessionQueue;
import io.liblink.session.SessionTask;
import io.liblink.transport.Link;

/**
 * Replies of one worker on one link, handed over together. The queue between is there so that the
 * event loop can fetch what a worker made before it got stuck.
 */
public final class Replies {
  private static final int MOST = 32;

  private final Link link;

  /** Handed over when so many are there, so that the caller can go on meanwhile. */
  private final int most;

  private final SessionQueue made = new SessionQueue();
  private final Thread here = Thread.currentThread();
  private int count;

  /** For the replies of the calling thread. */
  Replies(Link link) {
    this(link, MOST);
  }

  /** For the replies of the calling thread, handed over at the latest when there are so many. */
  public Replies(Link link, int most) {
    this.link = link;
    this.most = most;
  }

  /** Whether the calling thread is the worker whose replies these are. */
  public boolean isHere() {
    return here == Thread.currentThread();
  }

  /** Takes an answer of the calling thread. */
  public void add(SessionTask answer) {
    made.add(answer);
    if (++count >= most) {
      flush();
    }
  }

  /** Hands over what is there. Any thread. */
  public void flush() {
    count = 0;
    if (!made.isEmpty()) {
      link.submitAll(made.take());
    }
  }
}
