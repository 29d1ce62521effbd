package io.liblink.transport;

import io.liblink.session.SessionLimits;
import java.time.Duration;

/**
 * The settings of a node's transport.
 *
 * @param node the node's name, for the names of its threads
 * @param eventLoops threads that move bytes
 * @param tls which TLS does the work
 * @param connect TCP connect to one address
 * @param handshake from TCP connect to HELLO
 * @param links accepted links
 * @param handshakes accepted connections that are not links yet
 * @param session the bounds of each link
 */
public record TransportOptions(
    String node,
    int eventLoops,
    TlsProvider tls,
    Duration connect,
    Duration handshake,
    int links,
    int handshakes,
    SessionLimits session) {}
