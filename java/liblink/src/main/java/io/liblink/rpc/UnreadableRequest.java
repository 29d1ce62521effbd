package io.liblink.rpc;

/** A request that does not fit what the handler takes. The text is for the caller. */
public final class UnreadableRequest extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The handler was not called. */
  public UnreadableRequest(String problem) {
    super(problem, null, false, false);
  }
}
