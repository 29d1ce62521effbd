package io.liblink.transport;

import io.liblink.identity.trust.Trust;
import io.liblink.session.SessionLimits;
import io.liblink.telemetry.Counters;
import io.liblink.time.TimeSource;
import io.liblink.wire.HelloFrame;
import java.util.concurrent.atomic.AtomicInteger;

/** What a connection is made with; the same for all connections of a node. */
record LinkSetup(
    HelloFrame hello,
    SessionLimits limits,
    Trust trust,
    LinkEvents events,
    Counters counters,
    TimeSource time,
    long handshakeNanos,
    AtomicInteger hangingUp) {}
