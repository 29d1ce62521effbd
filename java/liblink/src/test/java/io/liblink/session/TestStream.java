package io.liblink.session;

import io.liblink.status.Ran;

/** A stream that is only a number and a place in lists. */
final class TestStream extends Stream {
  int deadlines;
  int sent;

  TestStream() {}

  TestStream(int id) {
    this.id = id;
  }

  @Override
  public void run(Session session, long now) {}

  @Override
  public void abandon(String reason, long now) {}

  @Override
  protected void onDeadline(long now) {
    deadlines++;
  }

  @Override
  protected void onSent(int bytes, boolean last) {
    sent += bytes;
  }

  @Override
  protected void onLost(String reason, Ran ran, long now) {}
}
