package io.liblink.pipeline;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Where items come in, and what keeps them until they are settled: memory, or a spool on disk. What is
 * said to be so runs under the producer's lock; the rest must not.
 */
interface Intake {
  /** By whom its items are numbered. */
  String producer();

  /** The producer is ready. */
  void start();

  /**
   * Accepts all or none. Blocks while there is no room, if that is wanted, and until they are kept.
   *
   * @throws io.liblink.status.LinkException when they were not accepted
   */
  void push(List<PushedItem> items);

  /** The same without blocking: no room is a failure. */
  CompletableFuture<Void> pushAsync(List<PushedItem> items);

  /** From now on nothing is accepted, also of those who wait. Under the lock. */
  void takeNoMore();

  /**
   * An item is over: there is room. Under the lock.
   *
   * @param kept whether it stays where it is kept
   */
  void over(PushedItem item, boolean kept);

  /** Items that are over need not be kept any more. */
  void forget(List<PushedItem> items);

  /** Items that are kept, or about to be, and not in memory. Under the lock. */
  long beyond();

  /** Items that are over and of which {@link #forget} was not heard yet. Under the lock. */
  int forgetting();

  /** Items found at the start. */
  long recovered();

  /** Whether what is not settled is still kept when the producer is gone. */
  boolean outlives();

  /** What else is to be known when items do not move on, in words; mostly empty. Under the lock. */
  String trouble();

  /** The last word. */
  void close();
}
