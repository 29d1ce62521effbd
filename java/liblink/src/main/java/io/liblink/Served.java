package io.liblink;

import io.liblink.registry.Instance;

/** A service being served by this node. Thread-safe. */
public interface Served extends AutoCloseable {
  /** What is announced now. */
  Instance instance();

  /**
   * Tells callers whether this instance wants traffic; returns when the registry knows, or after 2 s.
   * Requests that come all the same are answered.
   *
   * @throws IllegalStateException when it is closed
   */
  void ready(boolean ready);

  /**
   * Taken out of the registry, then closed to requests, which go elsewhere, then finished with what
   * runs, within the drain time. Blocks meanwhile. Idempotent. The node stays.
   */
  @Override
  void close();
}
