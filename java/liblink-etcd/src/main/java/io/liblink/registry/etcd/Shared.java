package io.liblink.registry.etcd;

import io.liblink.time.TimeSource;
import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;

/**
 * What the parts of one registry have in common.
 *
 * @param settings from the URI
 * @param gateway to etcd
 * @param members which member is asked
 * @param keys the names of keys
 * @param entries their values
 * @param trouble when etcd was last in trouble
 * @param clock the machine's: beats and patience go by it, as those of etcd do
 * @param time the node's, for the age of views
 * @param random from 0 to 1
 * @param loop runs something on the thread that watches
 */
record Shared(
    Settings settings,
    Gateway gateway,
    Members members,
    Keys keys,
    Entries entries,
    Trouble trouble,
    TimeSource clock,
    TimeSource time,
    DoubleSupplier random,
    Executor loop) {}
