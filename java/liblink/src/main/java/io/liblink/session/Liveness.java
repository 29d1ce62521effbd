package io.liblink.session;

/** Whether the peer lives (§8.2): any byte is a sign of life, PING asks for one. */
final class Liveness {
  enum Verdict {
    ALIVE,
    ASK,
    DEAD
  }

  /** Between measurements of the round trip: the first few follow fast, to find the smallest. */
  private static final long FAST_NANOS = 5_000_000;

  private static final long SLOW_NANOS = 1_000_000_000L;
  private static final int FAST = 16;

  /** PINGs whose answer still counts. */
  private static final int OUTSTANDING = 64;

  private final long silence;
  private final long answer;
  private long heardAt;
  private long askedAt;
  private boolean asked;
  private long measuredAt;
  private int measured;
  private long roundTrip;
  private long ping;

  /** When the last PINGs went out, by the number that they carry; 0 when answered. */
  private final long[] pingAt = new long[OUTSTANDING];

  Liveness(SessionLimits limits) {
    this.silence = limits.keepaliveNanos();
    this.answer = limits.answerNanos();
  }

  void heard(long now) {
    heardAt = now;
    asked = false;
  }

  Verdict check(long now) {
    if (asked) {
      return now - askedAt >= answer ? Verdict.DEAD : Verdict.ALIVE;
    }
    if (now - heardAt < silence) {
      return Verdict.ALIVE;
    }
    asked = true;
    askedAt = now;
    return Verdict.ASK;
  }

  /** Often enough to keep both times to a tenth. */
  long checkNanos() {
    return Math.max(1_000_000, Math.min(silence, answer) / 10);
  }

  String silenceText(long now) {
    return (now - heardAt) / 1_000_000 + " ms";
  }

  /** A PING goes out now; returns what it carries. */
  long asked(long now) {
    ping++;
    pingAt[(int) (ping % OUTSTANDING)] = now == 0 ? 1 : now;
    return ping;
  }

  /** A PONG came: the round trip in nanoseconds, at least 1; 0 when it answers no recent PING. */
  long answered(long opaque, long now) {
    if (opaque <= ping - OUTSTANDING || opaque > ping || opaque <= 0) {
      return 0;
    }
    int slot = (int) (opaque % OUTSTANDING);
    long at = pingAt[slot];
    if (at == 0) {
      return 0;
    }
    pingAt[slot] = 0;
    long nanos = Math.max(1, now - at);
    if (roundTrip == 0 || nanos < roundTrip) {
      roundTrip = nanos;
    }
    return nanos;
  }

  long roundTripNanos() {
    return roundTrip;
  }

  /** Whether it is time to measure the round trip once more. */
  boolean mayMeasure(long now) {
    if (measured > 0 && now - measuredAt < (measured < FAST ? FAST_NANOS : SLOW_NANOS)) {
      return false;
    }
    measured++;
    measuredAt = now;
    return true;
  }
}
