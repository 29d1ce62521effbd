package io.liblink.session;

/**
 * The byte credit that this side grants for fragments. Credit goes back at a quarter of the window.
 *
 * <p>Where the round trip is long a small window leaves the link idle, so it is doubled as long as that
 * makes the link faster, and taken back when it does not: it then only builds a queue, which small
 * messages would have to wait behind. Where the smallest round trip seen is short, the first window is
 * enough and nothing is tried.
 *
 * <p>Belongs to the thread of the session.
 */
final class ReceiveWindow {
  private static final long LARGEST = 16L << 20;

  /** Up to here the first window carries more than a gigabyte a second. */
  private static final long SHORT_NANOS = 500_000;

  /** Round trips measured before their smallest is believed. */
  private static final int SAMPLES = 8;

  /** Grants over which a rate is measured: four windows. */
  private static final int EPOCH = 16;

  /** What a doubled window must gain to be kept; where the window is the limit it gains 2. */
  private static final double GAIN = 1.5;

  private static final long FIRST_HOLD_NANOS = 1_000_000_000L;
  private static final long LAST_HOLD_NANOS = 300_000_000_000L;

  private long window;
  private long allowed;
  private long taken;
  private long debt;
  private long roundTripNanos;
  private int samples;

  // The epoch that is being measured.
  private int grants;
  private long epochBytes;
  private long epochStart;
  private long grantedAt;

  private boolean trying;
  private double rateBefore;
  private long holdNanos = FIRST_HOLD_NANOS;
  private long heldUntil;
  private boolean held;

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
    measure(taken, now);
    long paid = Math.min(debt, taken);
    debt -= paid;
    long grant = taken - paid + grown(now);
    taken = 0;
    allowed += grant;
    return grant;
  }

  private void measure(long bytes, long now) {
    boolean pause = now - grantedAt > 4 * roundTripNanos + 5_000_000;
    if (grants == 0 || pause) {
      epochStart = now;
      epochBytes = 0;
      grants = 1;
    } else {
      epochBytes += bytes;
      grants++;
    }
    grantedAt = now;
  }

  /** At the end of an epoch: how much more to grant because the window grows. */
  private long grown(long now) {
    if (grants <= EPOCH || debt > 0) {
      return 0;
    }
    double rate = (double) epochBytes / Math.max(1, now - epochStart);
    grants = 0;
    if (trying) {
      trying = false;
      if (rate < GAIN * rateBefore) {
        window /= 2;
        debt = window;
        held = true;
        heldUntil = now + holdNanos;
        holdNanos = Math.min(LAST_HOLD_NANOS, 2 * holdNanos);
        return 0;
      }
      holdNanos = FIRST_HOLD_NANOS;
    }
    boolean longWay = samples >= SAMPLES && roundTripNanos > SHORT_NANOS;
    if (!longWay || 2 * window > LARGEST || (held && heldUntil - now > 0)) {
      return 0;
    }
    held = false;
    trying = true;
    rateBefore = rate;
    window *= 2;
    return window / 2;
  }

  long window() {
    return window;
  }
}
