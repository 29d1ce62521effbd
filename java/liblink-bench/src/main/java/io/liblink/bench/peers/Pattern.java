package io.liblink.bench.peers;

/** The three ways to talk; a peer takes part in those that it has. */
public enum Pattern {
  /** Request and response. */
  CALL,
  /** One publisher, many subscribers. */
  PUBSUB,
  /** One producer, some workers that share its items. */
  PIPELINE
}
