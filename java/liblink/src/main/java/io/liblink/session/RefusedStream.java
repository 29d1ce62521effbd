package io.liblink.session;

import io.liblink.status.Ran;
import io.liblink.wire.CloseFrame;

/** A stream that the peer opened and that is ended with a refusal as soon as it is here. */
public final class RefusedStream extends Stream {
  private final CloseFrame refusal;

  /** Refused with that. */
  public RefusedStream(CloseFrame refusal) {
    this.refusal = refusal;
  }

  @Override
  protected void onOpened(Session session, long now) {
    session.close(this, refusal, now);
  }

  @Override
  public void run(Session session, long now) {}

  @Override
  public void abandon(String reason, long now) {}

  @Override
  protected void onLost(String reason, Ran ran, long now) {}
}
