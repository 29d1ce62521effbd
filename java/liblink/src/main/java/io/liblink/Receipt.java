package io.liblink;

import io.liblink.delivery.ItemId;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * What became of an item that was pushed: it is done when a worker acknowledged it, or when it was
 * given up. Thread-safe. May be thrown away: the item is sent all the same.
 */
public interface Receipt {
  /** The same for each delivery of the item; workers see it, too. */
  ItemId id();

  /** Whether it was acknowledged or given up. */
  boolean isDone();

  /**
   * Waits until a worker has acknowledged the item.
   *
   * @throws io.liblink.status.LinkException when it was given up, with the status of its last failure
   *     and every cause, the last 16, suppressed in it; UNAVAILABLE when the producer closed before;
   *     DEADLINE_EXCEEDED when it is still on its way, saying why: the receipt stays valid
   * @throws IllegalStateException on an event loop
   */
  void await(Duration timeout);

  /**
   * Completes when a worker has acknowledged the item, exceptionally as {@link #await} throws. What
   * depends on it runs on a worker thread. Cancelling it does not take the item back.
   */
  CompletableFuture<Void> done();

  /** How often the item was sent until now. */
  int attempts();
}
