package io.liblink.delivery;

import io.liblink.message.NodeId;

/**
 * One publisher of one topic, as a subscription sees it.
 *
 * @param id the run of the node: another run is another publisher, with numbers of its own
 * @param node its name
 * @param topic {@code service/topic}
 * @param phase how things stand
 * @param start the first sequence that was subscribed to; 0 before the publisher confirmed it
 * @param last the sequence of the newest message or gap that was handed over; 0 before the first
 * @param received messages handed over
 * @param missed messages told as gaps
 * @param problem why it is not active; empty when it is
 */
public record PublisherState(
    NodeId id,
    String node,
    String topic,
    Phase phase,
    long start,
    long last,
    long received,
    long missed,
    String problem) {
  /** How a subscription stands with a publisher. */
  public enum Phase {
    /** It was never confirmed yet, and is tried. */
    CONNECTING,
    /** It confirmed, and sends what is published. */
    ACTIVE,
    /** It was there, and is tried again: it goes on behind the last message. */
    LOST,
    /** It vanished: nobody announces it any more, and its link is gone. */
    GONE,
    /** It ended the subscription for good; it is not tried again. */
    REFUSED
  }
}
