package io.liblink;

/**
 * The user's code behind a queue. Runs on a worker thread and may block, unless it was declared {@link
 * Trait#NON_BLOCKING}; up to the queue's concurrency run at once. The item is acknowledged when it
 * returns.
 *
 * <p>An item may come more than once: when a worker was lost, took longer than the producer's item
 * timeout, or its acknowledgement was lost. {@link ItemWorker} sees which attempt it is.
 */
@FunctionalInterface
public interface Worker<T> {
  /**
   * Works on an item. When its time is over the thread is interrupted.
   *
   * @throws Exception to reject it: it is tried again, on another instance first. A {@link
   *     io.liblink.status.LinkException} tells its status and text to the producer; with
   *     INVALID_ARGUMENT the item is not tried again. Of anything else the producer learns only that
   *     it happened
   */
  void work(T value) throws Exception;
}
