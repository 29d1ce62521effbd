package io.liblink.session;

/**
 * The byte credit that this side grants for fragments. Credit goes back at a quarter of the window.
 * Where the round trip is long, the window grows to twice what the link carries in one, because a
 * smaller one would leave the link idle. Where it is short the first window is enough, and a larger one
 * would only build a queue that small messages have to wait behind; so it is sized by the smallest of
 * several round trips, which a queue of our own making does not change.
 */
final class ReceiveWindow {
  private static final long LARGEST = 16L << 20;

  /** Up to here the first window carries half a gigabyte a second. */
  private static final long SHORT_NANOS = 500_000;

  /** Round trips measured before their smallest is believed. */
  private static final int SAMPLES = 8;

  private long window;
  private long allowed;
  private long taken;
  private long grantedAt;
  private long roundTripNanos;
  private int samples;

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
    samples++;
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
    if (grantedAt != 0 && samples >= SAMPLES && roundTripNanos > SHORT_NANOS) {
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
