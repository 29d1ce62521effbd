package io.liblink.transport;

import io.liblink.session.Stream;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import io.liblink.wire.OpenFrame;

/** What links tell the node. Called on the event loop of the link; must not block. */
public interface LinkEvents {
  /** The peer is authenticated and introduced. */
  void onReady(Link link);

  /** The peer opens a stream. */
  Stream onOpen(Link link, OpenFrame open, long now);

  /** Runs something short somewhere else. */
  void execute(Runnable task);

  /** No new streams can be opened on this link; what runs goes on. */
  void onDraining(Link link);

  /** The link is gone, and why: OK and UNAVAILABLE are no fault. Only for links that were ready. */
  void onClosed(Link link, Status status, String reason);

  /** An accepted connection did not become a link. It was counted; the failure says why. */
  void onRefused(String remote, LinkException failure);
}
