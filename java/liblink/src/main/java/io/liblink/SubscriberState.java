package io.liblink;

import io.liblink.delivery.WhenFull;
import io.liblink.identity.Identity;
import io.liblink.message.NodeId;

/**
 * One subscriber of a topic, as its publisher sees it.
 *
 * @param id the run of its node
 * @param node the name of its node
 * @param identity who it proved to be
 * @param address {@code host:port} of the other end of its link
 * @param lag messages that wait for it here; with a filter at most so many
 * @param sent messages that were sent to it
 * @param missed messages that it was told of as gaps
 * @param filter the selector over headers; empty for all messages
 * @param whenFull what happens when more wait than its queue takes
 */
public record SubscriberState(
    NodeId id,
    String node,
    Identity identity,
    String address,
    long lag,
    long sent,
    long missed,
    String filter,
    WhenFull whenFull) {}
