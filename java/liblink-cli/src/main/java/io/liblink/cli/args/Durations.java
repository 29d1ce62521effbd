package io.liblink.cli.args;

import java.time.Duration;

/** Durations as people write them: {@code 300ms}, {@code 5s}, {@code 1m}, {@code 2h}. */
public final class Durations {
  private static final long MOST_NANOS = Duration.ofDays(365).toNanos();

  private Durations() {}

  /**
   * Reads a whole or decimal number with its unit ({@code us ms s m h}).
   *
   * @param name the option, for the message
   * @throws UsageException when it is anything else, is not positive, or exceeds a year
   */
  public static Duration parse(String name, String text) {
    int end = 0;
    while (end < text.length()
        && (Character.isDigit(text.charAt(end)) || text.charAt(end) == '.')) {
      end++;
    }
    double unit = switch (text.substring(end)) {
      case "us", "µs" -> 1e3;
      case "ms" -> 1e6;
      case "s" -> 1e9;
      case "m", "min" -> 60e9;
      case "h" -> 3600e9;
      default -> 0;
    };
    try {
      double nanos = end == 0 ? 0 : Double.parseDouble(text.substring(0, end)) * unit;
      if (nanos >= 1 && nanos <= MOST_NANOS) {
        return Duration.ofNanos(Math.round(nanos));
      }
    } catch (NumberFormatException e) {
      // two dots: said below
    }
    throw new UsageException(
        name + " takes a duration such as 300ms, 5s or 1m, not '" + text + "'",
        unit == 0 && end > 0 && end == text.length()
            ? "say the unit: " + text + "ms or " + text + "s"
            : "");
  }
}
