package io.liblink;

/** What a method promises about itself. */
public enum Trait {
  /**
   * A repeat is harmless: callers repeat by themselves even when the handler may have run. Announced
   * with the service; it counts when every instance says so.
   */
  IDEMPOTENT,
  /**
   * The handler never blocks and takes microseconds: it runs on the event loop, without a hand-over
   * to another thread. A handler that breaks this delays every call of its links. It can't be
   * interrupted, and can't make blocking calls.
   */
  NON_BLOCKING
}
