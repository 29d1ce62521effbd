package io.liblink.session;

/** Whether the peer lives (§8.2): any byte is a sign of life, PING asks for one. */
final class Liveness {
  enum Verdict {
    ALIVE,
    ASK,
    STILL,
    YET_STILL,
    DEAD
  }

  /** So long a peer that owes replies may be quiet before it is asked for a sign of life. */
  static final long QUIET_NANOS = 250_000_000;

  /** So long it may then be quiet before it counts as standing still. */
  static final long STILL_NANOS = 750_000_000;

  /** Of the time between two looks at most this counts: in the rest this side stood still. */
  static final long MOST_BETWEEN_LOOKS = 5 * DeadlineWheel.TICK_NANOS;

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

  /** How long it was quiet while it owed replies, by the looks of {@link #look}. */
  private long quiet;

  private long lookedAt;
  private boolean still;
  private long tellAt = QUIET_NANOS + STILL_NANOS;
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
    quiet = 0;
    still = false;
    tellAt = QUIET_NANOS + STILL_NANOS;
  }

  /**
   * One look at a peer that owes replies, to be taken every tick: whether it is to be asked for a sign of life,
   * or has given none since and stands still. That is said again as long as it is so: what could not be done elsewhere
   * may be by then.
   */
  Verdict look(long now) {
    long before = quiet;
    quiet += Math.min(Math.max(0, now - lookedAt), MOST_BETWEEN_LOOKS);
    lookedAt = now;
    if (before < QUIET_NANOS && quiet >= QUIET_NANOS) {
      return Verdict.ASK;
    }
    if (quiet >= tellAt) {
      tellAt = quiet + QUIET_NANOS;
      Verdict verdict = still ? Verdict.YET_STILL : Verdict.STILL;
      still = true;
      return verdict;
    }
    return Verdict.ALIVE;
  }

  /** Whether {@link #look} found that it stands still, and nothing was heard since. */
  boolean isStill() {
    return still;
  }

  /**
   * To be asked every tick.
   *
   * @param owed whether replies are owed: then the peer is expected to give signs of life sooner
   */
  Verdict check(long now, boolean owed) {
    Verdict verdict = check(now);
    return verdict == Verdict.ALIVE && owed ? look(now) : verdict;
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
