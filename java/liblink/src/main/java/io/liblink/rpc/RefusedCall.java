package io.liblink.rpc;

import io.liblink.session.Session;
import io.liblink.session.Stream;
import io.liblink.status.Ran;
import io.liblink.wire.CloseFrame;

/** A request that is answered with a refusal as soon as it is here. */
final class RefusedCall extends Stream {
  private final CloseFrame refusal;

  RefusedCall(CloseFrame refusal) {
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
