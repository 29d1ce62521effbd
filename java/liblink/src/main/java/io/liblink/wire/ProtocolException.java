package io.liblink.wire;

import io.liblink.status.Status;

/**
 * Bytes that break {@code liblink/1}. Ends the link: after one wrong byte nothing that follows can be
 * trusted to be a frame. The text names the section of {@code spec/protocol.md}.
 */
public final class ProtocolException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Status status;

  /** Bytes that have no meaning: INVALID_ARGUMENT. */
  public ProtocolException(String section, String problem) {
    this(Status.INVALID_ARGUMENT, section, problem);
  }

  /** Without a stack trace: hostile peers must not make us walk stacks. */
  public ProtocolException(Status status, String section, String problem) {
    super(problem + " (protocol " + section + ")", null, false, false);
    this.status = status;
  }

  /** What GOAWAY says, by §10.1. */
  public Status status() {
    return status;
  }
}
