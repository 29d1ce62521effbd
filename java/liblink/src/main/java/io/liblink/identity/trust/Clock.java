package io.liblink.identity.trust;

import java.time.Instant;

/** Dates and spans of time in words. */
final class Clock {
  private Clock() {}

  static String date(long epochMillis) {
    return Instant.ofEpochSecond(Math.floorDiv(epochMillis, 1000L)).toString();
  }

  /** The two largest units, such as {@code 3 d 4 h} or {@code 12 min 5 s}. */
  static String span(long millis) {
    long s = Math.max(1, millis / 1000);
    if (s < 60) {
      return s + " s";
    }
    if (s < 3600) {
      return s / 60 + " min" + rest(s % 60, " s");
    }
    if (s < 2 * 86400) {
      return s / 3600 + " h" + rest(s % 3600 / 60, " min");
    }
    return s / 86400 + " d" + rest(s % 86400 / 3600, " h");
  }

  private static String rest(long count, String unit) {
    return count == 0 ? "" : " " + count + unit;
  }
}
