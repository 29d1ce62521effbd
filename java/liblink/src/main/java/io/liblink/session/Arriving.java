package io.liblink.session;

import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.wire.CloseFrame;

/**
 * A request that is not here whole yet. Nobody handles it, so nobody needs to know if it ends; but it
 * does not outlive its deadline.
 */
final class Arriving extends Stream {
  private final Session session;
  private final long since;
  private long credit;

  Arriving(Session session, long now) {
    this.session = session;
    this.since = now;
  }

  /** Items that the opener granted meanwhile. */
  long credit() {
    return credit;
  }

  /** When its OPEN came. */
  long since() {
    return since;
  }

  @Override
  public void run(Session on, long now) {}

  @Override
  public void abandon(String reason, long now) {}

  @Override
  protected void onDeadline(long now) {
    session.close(
        this,
        CloseFrame.failure(
            Status.DEADLINE_EXCEEDED, Stage.SEND, Ran.NO, "the request did not arrive in time"),
        now);
  }

  @Override
  protected void onCancel(Status reason, long now) {}

  @Override
  protected void onCredit(long items, long now) {
    credit += items;
  }

  @Override
  protected void onLost(String reason, Ran ran, long now) {}
}
