package io.liblink;

import java.util.concurrent.CompletionStage;

/**
 * A {@link Worker} that finishes later, without holding a thread meanwhile: for one that passes the
 * item on and waits for others. It counts against the queue's concurrency until then.
 */
@FunctionalInterface
public interface AsyncWorker<T> {
  /**
   * Begins to work on an item.
   *
   * @return completes when the item is done, or exceptionally to reject it; on any thread
   * @throws Exception as with {@link Worker#work}
   */
  CompletionStage<?> work(T value, Item item) throws Exception;
}
