package io.liblink.session;

/**
 * The byte credit that this side grants for fragments, in the manner of HTTP/2's auto-tuned windows:
 * credit goes back at a quarter of the window, and the window grows to twice what the link carries in
 * one round trip, because a smaller one would leave the link idle. It is sized by the smallest round
 * trip seen, so that a queue of our own making does not make it grow.
 */
final class ReceiveWindow {
  private static final long LARGEST = 16L << 20;

  private long window;
  private long allowed;
  private long taken;
  private long grantedAt;
  private long roundTripNanos;

  ReceiveWindow(long initial) {
    this.window = initial;
    this.allowed = initial;
  }

  /** Whether the peer may send that many bytes more; takes them off what it may. */
  boolean admits(int bytes) {
    allowed -= bytes;
    return allowed >= 0;
  }

  /** A round trip was measured. */
  void roundTrip(long nanos) {
    if (roundTripNanos == 0 || nanos < roundTripNanos) {
      roundTripNanos = Math.max(1, nanos);
    }
  }

  /** Bytes arrived. Returns the credit to send now, 0 for none yet. */
  long took(int bytes, long now) {
    taken += bytes;
    if (taken < window / 4) {
      return 0;
    }
    long grant = taken;
    long elapsed = Math.max(1, now - grantedAt);
    if (grantedAt != 0 && roundTripNanos != 0) {
      double perRoundTrip = (double) taken / elapsed * roundTripNanos;
      long wanted = (long) Math.min(LARGEST, 2 * perRoundTrip);
      if (wanted > window) {
        grant += wanted - window;
        window = wanted;
      }
    }
    grantedAt = now;
    taken = 0;
    allowed += grant;
    return grant;
  }

  long window() {
    return window;
  }
}
