package io.liblink.delivery;

/**
 * What a publisher keeps of a topic, in memory. Immutable: each method returns a changed copy.
 *
 * @param messages the newest messages kept for subscribers that are behind or come back. Default 16,384
 * @param bytes their frames together, in bytes; the newest is always kept. Default 16 MiB
 * @param lastValues for so many keys the last message is kept, however old: those that changed last,
 *     within {@code bytes} together. Default 0: none
 */
public record TopicOptions(int messages, long bytes, int lastValues) {
  /** The most messages that can be kept of one topic. */
  public static final int MOST_MESSAGES = 1 << 24;

  private static final TopicOptions DEFAULTS = new TopicOptions(16_384, 16L << 20, 0);

  /** Checks that each is in its range. */
  public TopicOptions {
    if (messages < 1 || messages > MOST_MESSAGES) {
      throw new IllegalArgumentException(
          "a topic keeps 1 to " + MOST_MESSAGES + " messages, not " + messages);
    }
    if (bytes < 1) {
      throw new IllegalArgumentException("a topic keeps at least 1 byte, not " + bytes);
    }
    if (lastValues < 0) {
      throw new IllegalArgumentException("the last values of " + lastValues + " keys");
    }
  }

  /** 16,384 messages and 16 MiB, no last values. */
  public static TopicOptions defaults() {
    return DEFAULTS;
  }

  /** The newest that are kept, by count and by bytes. */
  public TopicOptions keep(int messages, long bytes) {
    return new TopicOptions(messages, bytes, lastValues);
  }

  /** The last message of so many keys is kept, too, and given to new subscribers first; 0 for none. */
  public TopicOptions lastValues(int keys) {
    return new TopicOptions(messages, bytes, keys);
  }
}
