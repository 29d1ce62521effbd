package io.liblink.wire;

/**
 * Bytes that break {@code liblink/1}. Ends the link: after one wrong byte nothing that follows can be
 * trusted to be a frame. The text names the section of {@code spec/protocol.md}.
 */
public final class ProtocolException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Without a stack trace: hostile peers must not make us walk stacks. */
  public ProtocolException(String section, String problem) {
    super(problem + " (protocol " + section + ")", null, false, false);
  }
}
