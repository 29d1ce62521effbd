package io.liblink.telemetry;

/**
 * Every reason for which liblink does not deliver something. Each is counted where it happens; those
 * that somebody waits for are also told to that somebody.
 */
public enum Drop {
  /** A reply came after its call had ended: deadline, cancellation. */
  LATE_REPLY,
  /** An item of a stream came after the stream had ended. */
  LATE_ITEM,
  /** A fragment came for a stream that had ended or was refused. */
  LATE_FRAGMENT,
  /** A frame of an optional type that this version does not know. */
  UNKNOWN_OPTIONAL_FRAME,
  /** A request refused: the peer has too many streams open. */
  TOO_MANY_STREAMS,
  /** A request refused: too many are with handlers. */
  TOO_MANY_IN_FLIGHT,
  /** A request refused: this node is draining, or the service is closed. */
  DRAINING,
  /** A message refused: larger than the limit. */
  MESSAGE_TOO_LARGE,
  /** A message refused: the link holds too many unfinished ones. */
  RECEIVE_BYTES,
  /** A message refused before it was sent: too much waits on the link. */
  SEND_BYTES,
  /** A request for a service or method that is not here. */
  UNKNOWN_ENDPOINT,
  /** A subscription refused: what it asks for can't be understood, or had. */
  SUBSCRIPTION_REFUSED,
  /** A request refused: the service is not for its caller. */
  CALLER_REFUSED,
  /** A request that was over before its handler started. */
  EXPIRED_BEFORE_HANDLER,
  /** A reply that nobody waits for: the caller cancelled, its time is over, or its link broke. */
  REPLY_UNWANTED,
  /** A push refused: the producer's buffer or its spool is full. */
  BUFFER_FULL,
  /** Items that were only in memory when their producer closed. */
  ITEM_ABANDONED,
  /** Items that came to a worker and were over before it began: their time, their stream. */
  ITEM_EXPIRED,
  /** What a worker made of an item for which nobody waits any more: too late, or the link broke. */
  ACK_UNWANTED,
  /** Calls that ended because their link broke. */
  LINK_LOST,
  /** Links ended because the peer broke the protocol. */
  PROTOCOL_ERROR,
  /** Links ended because the peer does not read. */
  PEER_DOES_NOT_READ,
  /** Links ended because the peer gave no sign of life. */
  KEEPALIVE,
  /** Connections closed before they proved who they are: the certificate was refused. */
  HANDSHAKE_REFUSED,
  /** Connections closed before they proved who they are: no TLS, or broken TLS. */
  HANDSHAKE_BROKEN,
  /** Connections closed before they proved who they are: too slow. */
  HANDSHAKE_TIMEOUT,
  /** Connections closed at once: too many handshakes were going on, or too many links open. */
  TOO_MANY_CONNECTIONS
}
