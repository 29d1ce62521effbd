package io.liblink;

import io.liblink.status.LinkException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Pushes items to one queue, with a buffer of its own. Items are sent to the instance that takes some
 * and has the fewest unsettled, and are kept until one has acknowledged them. Thread-safe.
 *
 * <p>Arguments are {@code byte[]}, {@code String}, {@link io.liblink.message.Message}, or a value for
 * the codec. Headers that begin with {@code liblink-} are refused.
 */
public interface Producer extends AutoCloseable {
  /**
   * Accepts an item, and returns without waiting for a worker. Blocks while the buffer is full, and
   * with a spool until the item is on disk.
   *
   * @throws LinkException RESOURCE_EXHAUSTED when the message is too large, when the buffer is full and
   *     {@code failWhenFull} was said, or when the spool or its disk is full; UNAVAILABLE when the
   *     producer is closed or the disk fails. The item is then not sent
   * @throws IllegalStateException on an event loop
   */
  Receipt push(Object value);

  /**
   * Accepts all or none, by one hand-over and one write to disk. Blocks until there is room for all;
   * more than the buffer holds are taken when it is empty.
   *
   * @return one for each, in order
   * @throws LinkException as with {@link #push}; then none is sent
   */
  List<Receipt> pushAll(Collection<?> values);

  /**
   * Completes when the item was accepted. Never blocks: while the buffer is full it fails with
   * RESOURCE_EXHAUSTED.
   */
  CompletableFuture<Receipt> pushAsync(Object value);

  /**
   * Waits until every item is settled.
   *
   * @throws LinkException DEADLINE_EXCEEDED when there are some left, saying how many and why
   * @throws IllegalStateException on an event loop
   */
  void drain(Duration timeout);

  /** Items that wait to be sent, for the first time or again; those on disk included. */
  int waiting();

  /** Items that were sent and are not settled. */
  int inFlight();

  /** Items that lay in the spool when the producer was made: they are sent first. */
  long recovered();

  /** The instances that items may go to. */
  List<WorkerState> workers();

  /**
   * Takes no more items, waits for those it has within the node's drain time, and ends. What is then
   * only in memory fails its receipts with UNAVAILABLE, and is counted; what is on disk stays there,
   * and is not waited for unless it is in flight. Blocks meanwhile. Idempotent.
   */
  @Override
  void close();
}
