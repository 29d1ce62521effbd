package io.liblink.pipeline;

/** An item that does not fit what the worker takes. The text is for the producer. */
public final class UnreadableItem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The worker was not called. */
  public UnreadableItem(String problem) {
    super(problem, null, false, false);
  }
}
