package io.liblink.delivery;

/** What happens to the messages of a subscriber when more of them wait than its queue takes. */
public enum WhenFull {
  /** The oldest that wait are left out, and told as a gap. */
  DROP_OLDEST("drop-oldest"),
  /** What comes while the queue is full is left out, and told as a gap. */
  DROP_NEWEST("drop-newest"),
  /**
   * Of the messages that wait, those are left out for which a newer one with the same key waits, too;
   * then the oldest, told as a gap.
   */
  LATEST_PER_KEY("latest-per-key"),
  /** The publisher ends the subscription with RESOURCE_EXHAUSTED. */
  DISCONNECT("disconnect");

  private final String text;

  WhenFull(String text) {
    this.text = text;
  }

  /** As it is written on the wire and on the command line. */
  public String text() {
    return text;
  }

  /**
   * Reads it.
   *
   * @throws IllegalArgumentException for any other text, naming those there are
   */
  public static WhenFull of(String text) {
    for (WhenFull w : values()) {
      if (w.text.equals(text)) {
        return w;
      }
    }
    throw new IllegalArgumentException(
        "'" + text + "' is none of drop-oldest, drop-newest, latest-per-key, disconnect");
  }
}
