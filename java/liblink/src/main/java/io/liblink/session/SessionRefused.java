package io.liblink.session;

import io.liblink.status.Status;

/** The owner does not want this peer. */
public final class SessionRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Status status;

  /** The reason is told to the peer. */
  public SessionRefused(Status status, String reason) {
    super(reason, null, false, false);
    this.status = status;
  }

  Status status() {
    return status;
  }
}
