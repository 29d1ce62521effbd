package io.liblink;

import io.liblink.wire.Protocol;

/**
 * The bounds of a node. Every one has a default that suits a service; what happens at a bound is
 * said there. Immutable: each method returns a changed copy.
 *
 * @param messageBytes the largest message, either way; a larger one is refused with
 *     RESOURCE_EXHAUSTED before it is sent. Default 64 MiB
 * @param streams how many streams a peer may have open on one link; more are answered with
 *     RESOURCE_EXHAUSTED. Default 4096
 * @param inFlight how many requests may be with handlers at once, over all services of the node; more
 *     are answered with RESOURCE_EXHAUSTED. A {@link Trait#NON_BLOCKING} handler that answers before
 *     it returns is not counted. One link of several gets at most four fifths of them. Default 1024
 * @param links how many authenticated links the node accepts; further peers are refused with
 *     RESOURCE_EXHAUSTED. Default 4096
 * @param handshakes how many accepted connections may be unauthenticated at once; more are closed.
 *     Default 256
 * @param sendBytes how many bytes of payload may wait to be sent on one link, requests and replies;
 *     payloads below 4 KiB are not counted, and one always finds room. Blocking callers and handlers
 *     then wait, asynchronous ones fail with RESOURCE_EXHAUSTED. Default 16 MiB more than the
 *     largest message
 * @param receiveBytes how many bytes of unfinished large messages one link may hold; more are
 *     answered with RESOURCE_EXHAUSTED. Default twice the largest message
 */
public record Limits(
    int messageBytes,
    int streams,
    int inFlight,
    int links,
    int handshakes,
    long sendBytes,
    long receiveBytes) {
  private static final int MIB = 1 << 20;

  /** Checks that each is positive. */
  public Limits {
    if (messageBytes < Protocol.WHOLE_PAYLOAD) {
      throw new IllegalArgumentException("limit messageBytes must be at least "
          + Protocol.WHOLE_PAYLOAD + ", not " + messageBytes);
    }
    positive("streams", streams);
    positive("inFlight", inFlight);
    positive("links", links);
    positive("handshakes", handshakes);
    positive("sendBytes", sendBytes);
    positive("receiveBytes", receiveBytes);
  }

  static Limits defaults() {
    return new Limits(64 * MIB, 4096, 1024, 4096, 256, 80L * MIB, 128L * MIB);
  }

  private static void positive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException("limit " + name + " must be positive, not " + value);
    }
  }

  /**
   * The largest message, at least 16 KiB. Sets {@code sendBytes} and {@code receiveBytes} to the
   * defaults that follow from it: call it before those.
   */
  public Limits messageBytes(int bytes) {
    return new Limits(
        bytes, streams, inFlight, links, handshakes, bytes + 16L * MIB, Math.max(2L * bytes, MIB));
  }

  /** Streams that a peer may have open on one link. */
  public Limits streams(int count) {
    return new Limits(messageBytes, count, inFlight, links, handshakes, sendBytes, receiveBytes);
  }

  /** Requests that may be with handlers at once. */
  public Limits inFlight(int count) {
    return new Limits(messageBytes, streams, count, links, handshakes, sendBytes, receiveBytes);
  }

  /** Accepted links. */
  public Limits links(int count) {
    return new Limits(messageBytes, streams, inFlight, count, handshakes, sendBytes, receiveBytes);
  }

  /** Accepted connections that have not proved who they are. */
  public Limits handshakes(int count) {
    return new Limits(messageBytes, streams, inFlight, links, count, sendBytes, receiveBytes);
  }

  /** Payload waiting on one link. */
  public Limits sendBytes(long bytes) {
    return new Limits(messageBytes, streams, inFlight, links, handshakes, bytes, receiveBytes);
  }

  /** Unfinished large messages on one link. */
  public Limits receiveBytes(long bytes) {
    return new Limits(messageBytes, streams, inFlight, links, handshakes, sendBytes, bytes);
  }
}
