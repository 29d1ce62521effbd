package io.liblink.pipeline;

import io.liblink.message.NodeId;

/**
 * An instance that items may go to.
 *
 * @param id the instance
 * @param node the name of its node
 * @param address where it is connected, or would be
 * @param inFlight what was sent to it and is not settled
 * @param credit how many more it takes
 * @param acknowledged items that it was done with
 * @param rejected items that it was not
 */
public record DestinationState(
    NodeId id,
    String node,
    String address,
    int inFlight,
    long credit,
    long acknowledged,
    long rejected) {}
