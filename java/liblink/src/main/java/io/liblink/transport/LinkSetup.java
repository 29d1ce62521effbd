package io.liblink.transport;

import io.liblink.identity.trust.Trust;
import io.liblink.session.Session;
import io.liblink.session.SessionEvents;
import io.liblink.session.SessionLimits;
import io.liblink.telemetry.Counters;
import io.liblink.time.TimeSource;
import io.liblink.wire.FrameOutput;
import io.liblink.wire.HelloFrame;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** What a connection is made with; the same for all connections of a node. */
record LinkSetup(
    Supplier<HelloFrame> hello,
    SessionLimits limits,
    Trust trust,
    LinkEvents events,
    Counters counters,
    TimeSource time,
    long handshakeNanos,
    AtomicInteger hangingUp) {
  Session newSession(boolean dialer, FrameOutput out, SessionEvents told) {
    return new Session(dialer, hello.get(), limits, out, told, counters);
  }
}
