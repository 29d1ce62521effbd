package io.liblink;

import io.liblink.registry.Instance;
import org.jspecify.annotations.Nullable;

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
   * Changes the share of the traffic that this instance wants; returns when the registry knows, or after
   * 2 s.
   *
   * @param weight 0 to 65,535, relative to others'
   * @throws IllegalStateException when it is closed
   */
  void weight(int weight);

  /**
   * Changes one pair of the instance's metadata; returns when the registry knows, or after 2 s. Watchers
   * see it within the registry's staleness.
   *
   * @param value at most 512 characters; null takes the pair away, and that of the node counts again
   * @throws IllegalArgumentException when it can't be announced
   * @throws IllegalStateException when it is closed
   */
  void meta(String key, @Nullable String value);

  /**
   * Taken out of the registry, then closed to requests, which go elsewhere, then finished with what
   * runs, within the drain time. Blocks meanwhile. Idempotent. The node stays.
   */
  @Override
  void close();
}
