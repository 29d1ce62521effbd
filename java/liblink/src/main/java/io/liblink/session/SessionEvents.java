package io.liblink.session;

import io.liblink.status.Status;
import io.liblink.wire.GoAwayFrame;
import io.liblink.wire.HelloFrame;
import io.liblink.wire.OpenFrame;

/** What a session tells its owner. Called on the owner's thread, from inside the session's methods. */
public interface SessionEvents {
  /**
   * The peer introduces itself.
   *
   * @throws SessionRefused when this peer is not wanted: the session says so to it and ends
   */
  void onHello(HelloFrame peer, long now);

  /** Both sides introduced themselves; from now on streams may be opened. */
  void onReady(long now);

  /**
   * The peer opens a stream and its whole request is here.
   *
   * @return what handles the stream; {@link Stream#onOpened} is called on it next
   */
  Stream onOpen(OpenFrame open, long now);

  /** The peer takes no new streams. */
  void onGoAway(GoAwayFrame goAway, long now);

  /** A dialed link has had no streams for the idle time. */
  void onIdle(long now);

  /** The session is over: what was written may be flushed, then the connection is closed. */
  void onEnd(Status status, String reason, long now);
}
