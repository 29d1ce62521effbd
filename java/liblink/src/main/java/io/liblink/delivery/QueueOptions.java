package io.liblink.delivery;

import java.time.Duration;

/**
 * How a queue is worked on. Immutable: each method returns a changed copy.
 *
 * @param concurrency how many items are worked on at once, over all producers, and how many each
 *     producer may send ahead; from 1 to 1,000,000. Default 16
 * @param deduplicateItems how many ids of settled items are remembered, so that one that comes again
 *     is acknowledged without being worked on; 0: none, the default
 * @param deduplicateWindow for how long they are
 */
public record QueueOptions(int concurrency, int deduplicateItems, Duration deduplicateWindow) {
  private static final int MOST = 1_000_000;
  private static final int MOST_REMEMBERED = 100_000_000;
  private static final QueueOptions DEFAULTS = new QueueOptions(16, 0, Duration.ZERO);

  /** Checks the bounds. */
  public QueueOptions {
    if (concurrency < 1 || concurrency > MOST) {
      throw new IllegalArgumentException(
          "the concurrency of a queue is from 1 to " + MOST + ", not " + concurrency);
    }
    if (deduplicateItems < 0 || deduplicateItems > MOST_REMEMBERED) {
      throw new IllegalArgumentException(
          "from 0 to " + MOST_REMEMBERED + " items can be remembered, not " + deduplicateItems);
    }
    if (deduplicateItems > 0 && (deduplicateWindow.isNegative() || deduplicateWindow.isZero())) {
      throw new IllegalArgumentException(
          "the window of deduplication must be positive, not " + deduplicateWindow);
    }
  }

  /** 16 at once, nothing remembered. */
  public static QueueOptions defaults() {
    return DEFAULTS;
  }

  /** That many items at once, and as many sent ahead by each producer. */
  public QueueOptions concurrency(int items) {
    return new QueueOptions(items, deduplicateItems, deduplicateWindow);
  }

  /**
   * Remembers the ids of items that were settled, the newest {@code items} of the last {@code
   * window}, and of those being worked on: the same item is not worked on again. About 100 bytes for
   * each. The memory is lost with the process.
   */
  public QueueOptions deduplicate(int items, Duration window) {
    if (items < 1) {
      throw new IllegalArgumentException("at least one item must be remembered, not " + items);
    }
    return new QueueOptions(concurrency, items, window);
  }
}
