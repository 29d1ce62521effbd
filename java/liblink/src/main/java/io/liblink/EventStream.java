package io.liblink;

import java.util.Iterator;

/**
 * A subscription that is read by one thread, which waits for each next message. What is not read
 * waits at its publisher, as {@link io.liblink.delivery.SubscribeOptions#queue} says. To be closed. Not
 * thread-safe, except {@link #close}.
 */
public interface EventStream<T> extends Iterator<Event<T>>, AutoCloseable {
  /**
   * Waits for the next message. False when the stream is closed.
   *
   * @throws io.liblink.status.LinkException when every publisher ended the subscription for good;
   *     CANCELLED when the thread is interrupted
   * @throws IllegalStateException on an event loop
   */
  @Override
  boolean hasNext();

  /** The subscription behind it. */
  Subscription subscription();

  /** Unsubscribes. Idempotent; any thread. */
  @Override
  void close();
}
