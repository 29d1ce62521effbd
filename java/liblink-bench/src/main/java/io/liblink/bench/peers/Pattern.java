package io.liblink.bench.peers;

/** The ways to talk; a peer takes part in those that it has. */
public enum Pattern {
  /** Request and response. */
  CALL,
  /** One publisher, many subscribers. */
  PUBSUB,
  /** One producer, some workers that share its items. */
  PIPELINE,
  /** The same, and the producer keeps its items on disk until they are acknowledged. */
  SPOOL
}
