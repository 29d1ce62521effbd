package io.liblink.bench.child;

import io.liblink.bench.load.Slice;

/**
 * One slice with what it cost.
 *
 * @param slice what the client saw
 * @param cpuSeconds of client and server, brokers included
 * @param clientBytes resident memory of the client at the end
 * @param serverBytes resident memory of the serving side at the end
 * @param otherCores cores that other processes used meanwhile
 * @param stolenCores cores that the host took meanwhile
 */
public record Sample(
    Slice slice,
    double cpuSeconds,
    long clientBytes,
    long serverBytes,
    double otherCores,
    double stolenCores) {}
