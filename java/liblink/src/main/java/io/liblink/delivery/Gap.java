package io.liblink.delivery;

import io.liblink.message.NodeId;

/**
 * Messages that a subscriber will not get.
 *
 * @param topic {@code service/topic}
 * @param publisher the run of the node that published them
 * @param node its name
 * @param last the sequence of the last of them
 * @param count how many; with a filter at most so many
 * @param reason why
 */
public record Gap(
    String topic, NodeId publisher, String node, long last, long count, Reason reason) {
  /** Why they are missing. */
  public enum Reason {
    /** They were not kept any more when it was their turn. */
    TAIL("tail"),
    /** The subscriber's queue was full. */
    QUEUE("queue"),
    /** Larger than the subscriber takes. */
    SIZE("size");

    private final String text;

    Reason(String text) {
      this.text = text;
    }

    /** As it is written on the wire. */
    public String text() {
      return text;
    }

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException for any other text
     */
    public static Reason of(String text) {
      for (Reason r : values()) {
        if (r.text.equals(text)) {
          return r;
        }
      }
      throw new IllegalArgumentException("'" + text + "' is none of tail, queue, size");
    }
  }
}
