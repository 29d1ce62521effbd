package io.liblink.delivery;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a producer keeps, and how often it tries. Immutable: each method returns a changed copy.
 *
 * @param bufferItems how many items that are not settled it holds in memory. Default 10,000
 * @param bufferBytes how many bytes of payload and headers they may have; one item always finds room.
 *     Default 64 MiB
 * @param blocks whether {@code push} waits for room; otherwise it fails with RESOURCE_EXHAUSTED.
 *     Default true
 * @param spool the directory where items are kept on disk; null: in memory only, the default
 * @param spoolBytes how many bytes of items may lie there. Default 1 GiB
 * @param syncEvery how long an accepted item may wait for others that are synced with it. Default 5 ms
 * @param attempts how often an item is tried before it becomes a dead letter. Default 5
 * @param itemTimeout after so long without an acknowledgement an item is given to another worker, and
 *     the first should stop working on it. Default 30 s
 * @param firstBackoff the longest wait before the second attempt; it doubles with each, and the wait
 *     is random below it. Default 100 ms
 * @param mostBackoff the most that it grows to. Default 10 s
 * @param deadLetter takes the items that were given up; null: they are logged. Runs on a worker
 *     thread, one at a time; the receipt fails and the item is forgotten when it returns. When it
 *     throws, that is logged, and an item that is on disk stays there until the next start
 */
public record ProducerOptions(
    int bufferItems,
    long bufferBytes,
    boolean blocks,
    @Nullable Path spool,
    long spoolBytes,
    Duration syncEvery,
    int attempts,
    Duration itemTimeout,
    Duration firstBackoff,
    Duration mostBackoff,
    @Nullable Consumer<DeadLetter> deadLetter) {
  private static final Duration LONGEST = Duration.ofDays(40);
  private static final ProducerOptions DEFAULTS = new ProducerOptions(
      10_000,
      64L << 20,
      true,
      null,
      1L << 30,
      Duration.ofMillis(5),
      5,
      Duration.ofSeconds(30),
      Duration.ofMillis(100),
      Duration.ofSeconds(10),
      null);

  /** Checks the bounds. */
  public ProducerOptions {
    positive("items in the buffer", bufferItems);
    positive("bytes in the buffer", bufferBytes);
    positive("bytes in the spool", spoolBytes);
    positive("attempts", attempts);
    positive("item timeout in milliseconds", itemTimeout.toMillis());
    if (itemTimeout.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("the item timeout is at most 40 days, not " + itemTimeout);
    }
    if (syncEvery.isNegative() || firstBackoff.isNegative()) {
      throw new IllegalArgumentException("a time must not be negative");
    }
    if (mostBackoff.compareTo(firstBackoff) < 0 || mostBackoff.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("the back-off grows from " + firstBackoff
          + " to at least that and at most 40 days, not " + mostBackoff);
    }
  }

  private static void positive(String what, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(what + " must be positive, not " + value);
    }
  }

  /** In memory, blocks when full, five attempts. */
  public static ProducerOptions defaults() {
    return DEFAULTS;
  }

  /** At most so many items and bytes that are not settled, in memory. */
  public ProducerOptions buffer(int items, long bytes) {
    return new ProducerOptions(
        items,
        bytes,
        blocks,
        spool,
        spoolBytes,
        syncEvery,
        attempts,
        itemTimeout,
        firstBackoff,
        mostBackoff,
        deadLetter);
  }

  /** {@code push} fails with RESOURCE_EXHAUSTED when there is no room, instead of waiting. */
  public ProducerOptions failWhenFull() {
    return new ProducerOptions(
        bufferItems,
        bufferBytes,
        false,
        spool,
        spoolBytes,
        syncEvery,
        attempts,
        itemTimeout,
        firstBackoff,
        mostBackoff,
        deadLetter);
  }

  /**
   * Keeps items in that directory until they are settled: what was accepted outlives the process, and
   * is sent by the next producer with the same directory. Needs {@code liblink-spool} on the path.
   */
  public ProducerOptions spool(Path directory) {
    return new ProducerOptions(
        bufferItems,
        bufferBytes,
        blocks,
        directory,
        spoolBytes,
        syncEvery,
        attempts,
        itemTimeout,
        firstBackoff,
        mostBackoff,
        deadLetter);
  }

  /** How many bytes of items may lie on disk. */
  public ProducerOptions spoolBytes(long bytes) {
    return new ProducerOptions(
        bufferItems,
        bufferBytes,
        blocks,
        spool,
        bytes,
        syncEvery,
        attempts,
        itemTimeout,
        firstBackoff,
        mostBackoff,
        deadLetter);
  }

  /** How long items wait to be synced together; zero: each push is synced by itself. */
  public ProducerOptions syncEvery(Duration interval) {
    return new ProducerOptions(
        bufferItems,
        bufferBytes,
        blocks,
        spool,
        spoolBytes,
        interval,
        attempts,
        itemTimeout,
        firstBackoff,
        mostBackoff,
        deadLetter);
  }

  /** How often an item is tried, the first time included. */
  public ProducerOptions attempts(int most) {
    return new ProducerOptions(
        bufferItems,
        bufferBytes,
        blocks,
        spool,
        spoolBytes,
        syncEvery,
        most,
        itemTimeout,
        firstBackoff,
        mostBackoff,
        deadLetter);
  }

  /** How long a worker has for an item before another gets it. Whole milliseconds. */
  public ProducerOptions itemTimeout(Duration timeout) {
    return new ProducerOptions(
        bufferItems,
        bufferBytes,
        blocks,
        spool,
        spoolBytes,
        syncEvery,
        attempts,
        timeout,
        firstBackoff,
        mostBackoff,
        deadLetter);
  }

  /** The wait before the second attempt is random below {@code first}; it doubles up to {@code most}. */
  public ProducerOptions backoff(Duration first, Duration most) {
    return new ProducerOptions(
        bufferItems,
        bufferBytes,
        blocks,
        spool,
        spoolBytes,
        syncEvery,
        attempts,
        itemTimeout,
        first,
        most,
        deadLetter);
  }

  /** What is done with an item after its last attempt. */
  public ProducerOptions deadLetter(Consumer<DeadLetter> handler) {
    return new ProducerOptions(
        bufferItems,
        bufferBytes,
        blocks,
        spool,
        spoolBytes,
        syncEvery,
        attempts,
        itemTimeout,
        firstBackoff,
        mostBackoff,
        handler);
  }
}
