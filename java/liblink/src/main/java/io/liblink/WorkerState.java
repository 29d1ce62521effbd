package io.liblink;

import io.liblink.message.NodeId;

/**
 * An instance that takes items of a producer, as the producer sees it.
 *
 * @param id the instance
 * @param node the name of its node
 * @param address where it is connected; while it is not, the first that is announced
 * @param inFlight items that were sent to it and are not acknowledged
 * @param credit how many more it takes now; 0 while it is not connected
 * @param acknowledged items that it was done with
 * @param rejected items that it failed with or handed back
 */
public record WorkerState(
    NodeId id,
    String node,
    String address,
    int inFlight,
    long credit,
    long acknowledged,
    long rejected) {}
