package io.liblink;

/** What a method promises about itself. */
public enum Trait {
  /** A repeat is harmless: callers may repeat by themselves after a failure that may have run. */
  IDEMPOTENT,
  /**
   * The handler never blocks and takes microseconds: it runs on the event loop, without a hand-over
   * to another thread. A handler that breaks this delays every call of its links.
   */
  NON_BLOCKING
}
