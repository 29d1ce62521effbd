package io.liblink.testkit.network;

/**
 * How the way from one node to another is now.
 *
 * @param delayNanos what every byte takes longer, each way
 * @param stalled nothing passes
 * @param refused new connections are reset
 */
public record Conditions(long delayNanos, boolean stalled, boolean refused) {
  /** Nothing is wrong. */
  public static final Conditions GOOD = new Conditions(0, false, false);

  /** Both at once. */
  public Conditions and(Conditions other) {
    return new Conditions(
        delayNanos + other.delayNanos, stalled || other.stalled, refused || other.refused);
  }

  /** The way between two nodes. */
  @FunctionalInterface
  public interface Between {
    /** How it is now, in either direction. */
    Conditions of(String dialer, String acceptor);
  }
}
