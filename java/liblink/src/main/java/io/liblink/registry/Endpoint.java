package io.liblink.registry;

/**
 * A thing inside a service, as announced.
 *
 * @param name see {@link io.liblink.message.Names#endpoint}
 * @param kind what it is
 * @param idempotent whether a repeat is harmless, so that callers may repeat by themselves
 */
public record Endpoint(String name, Kind kind, boolean idempotent) {
  /** The three patterns. */
  public enum Kind {
    /** Request-response. */
    METHOD,
    /** Publish-subscribe. */
    TOPIC,
    /** Pipeline. */
    QUEUE
  }
}
