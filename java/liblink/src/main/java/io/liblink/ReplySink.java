package io.liblink;

/** Where a {@link StreamHandler} puts its items. Used by one thread at a time. */
public interface ReplySink {
  /**
   * Sends an item: {@code byte[]}, {@code String}, {@link io.liblink.message.Message}, or a value
   * for the codec. Blocks while the caller has given no credit, or takes what waits too slowly.
   *
   * @throws io.liblink.status.LinkException CANCELLED when the caller lost interest, DEADLINE_EXCEEDED
   *     when its time is over, UNAVAILABLE when the link broke
   */
  void send(Object item);
}
