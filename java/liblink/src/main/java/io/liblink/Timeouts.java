package io.liblink;

import java.time.Duration;

/**
 * The waits of a node, all of them bounded. Immutable: each method returns a changed copy.
 *
 * @param call the deadline of a call that says nothing else. Default 5 s
 * @param connect TCP connect to one address. Default 3 s
 * @param handshake from TCP connect to HELLO, on either side. Default 5 s
 * @param keepalive a link that heard nothing for so long is asked for a sign of life. Default 15 s
 * @param keepaliveAnswer a link that gives no sign of life within this is broken. Default 10 s
 * @param idle a link without streams is closed after this by the side that dialed. Default 5 min
 * @param drain how long {@link Node#close()} waits for what runs. Default 10 s
 */
public record Timeouts(
    Duration call,
    Duration connect,
    Duration handshake,
    Duration keepalive,
    Duration keepaliveAnswer,
    Duration idle,
    Duration drain) {
  private static final Duration MOST = Duration.ofDays(365);

  /** Checks that each is positive. */
  public Timeouts {
    for (Duration d : new Duration[] {call, connect, handshake, keepalive, keepaliveAnswer, idle}) {
      if (d.isNegative() || d.isZero()) {
        throw new IllegalArgumentException("a timeout must be positive, not " + d);
      }
    }
    if (drain.isNegative()) {
      throw new IllegalArgumentException("drain must not be negative");
    }
  }

  /** More than a year is a year: sums of times must not overflow. */
  static long nanos(Duration d) {
    return d.compareTo(MOST) > 0 ? MOST.toNanos() : d.toNanos();
  }

  static Timeouts defaults() {
    return new Timeouts(
        Duration.ofSeconds(5),
        Duration.ofSeconds(3),
        Duration.ofSeconds(5),
        Duration.ofSeconds(15),
        Duration.ofSeconds(10),
        Duration.ofMinutes(5),
        Duration.ofSeconds(10));
  }

  /** The default deadline of a call. */
  public Timeouts call(Duration d) {
    return new Timeouts(d, connect, handshake, keepalive, keepaliveAnswer, idle, drain);
  }

  /** TCP connect to one address. */
  public Timeouts connect(Duration d) {
    return new Timeouts(call, d, handshake, keepalive, keepaliveAnswer, idle, drain);
  }

  /** From TCP connect to HELLO. */
  public Timeouts handshake(Duration d) {
    return new Timeouts(call, connect, d, keepalive, keepaliveAnswer, idle, drain);
  }

  /** Silence before a PING, and the wait for its answer. */
  public Timeouts keepalive(Duration silence, Duration answer) {
    return new Timeouts(call, connect, handshake, silence, answer, idle, drain);
  }

  /** A link without streams. */
  public Timeouts idle(Duration d) {
    return new Timeouts(call, connect, handshake, keepalive, keepaliveAnswer, d, drain);
  }

  /** What {@link Node#close()} waits for. */
  public Timeouts drain(Duration d) {
    return new Timeouts(call, connect, handshake, keepalive, keepaliveAnswer, idle, d);
  }
}
