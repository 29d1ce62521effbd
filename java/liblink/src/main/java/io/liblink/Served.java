package io.liblink;

import io.liblink.registry.Instance;

/** A service being served by this node. Thread-safe. */
public interface Served extends AutoCloseable {
  /** What is announced now. */
  Instance instance();

  /** Tells callers whether this instance wants traffic; returns when the registry knows. */
  void ready(boolean ready);

  /** Unready, withdrawn, finished with what runs (within the drain time). Idempotent. */
  @Override
  void close();
}
