package io.liblink.session;

/**
 * The bounds of a session.
 *
 * @param messageBytes the largest payload taken
 * @param streams streams that the peer may have open
 * @param receiveBytes bytes of unfinished messages held
 * @param keepaliveNanos silence before a PING
 * @param answerNanos wait for any byte after a PING
 * @param idleNanos time without streams before a dialed link is idle
 */
public record SessionLimits(
    int messageBytes,
    int streams,
    long receiveBytes,
    long keepaliveNanos,
    long answerNanos,
    long idleNanos) {}
