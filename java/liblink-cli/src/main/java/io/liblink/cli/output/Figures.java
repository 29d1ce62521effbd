package io.liblink.cli.output;

import java.time.Duration;

/** Numbers as people read them: three significant digits and a unit. */
public final class Figures {
  private Figures() {}

  /** {@code 740 µs}, {@code 1.25 ms}, {@code 12.3 s}, {@code 4 min 5 s}, {@code 3 h 20 min}. */
  public static String time(long nanos) {
    if (nanos < 1_000) {
      return nanos + " ns";
    }
    if (nanos < 1_000_000) {
      return digits(nanos / 1e3) + " µs";
    }
    if (nanos < 1_000_000_000) {
      return digits(nanos / 1e6) + " ms";
    }
    if (nanos < 60_000_000_000L) {
      return digits(nanos / 1e9) + " s";
    }
    long s = nanos / 1_000_000_000;
    if (s < 3600) {
      return s / 60 + " min" + (s % 60 == 0 ? "" : " " + s % 60 + " s");
    }
    if (s < 48 * 3600) {
      return s / 3600 + " h" + (s % 3600 / 60 == 0 ? "" : " " + s % 3600 / 60 + " min");
    }
    return s / 86_400 + " days";
  }

  /** The same for a duration. */
  public static String time(Duration d) {
    return time(d.toNanos());
  }

  /** {@code 512 B}, {@code 1.5 KiB}, {@code 64 MiB}. */
  public static String bytes(long n) {
    if (n < 1 << 10) {
      return n + " B";
    }
    if (n < 1 << 20) {
      return digits(n / 1024.0) + " KiB";
    }
    if (n < 1 << 30) {
      return digits(n / (1024.0 * 1024)) + " MiB";
    }
    return digits(n / (1024.0 * 1024 * 1024)) + " GiB";
  }

  /** {@code 842}, {@code 84.2k}, {@code 1.02M}. */
  public static String rate(double perSecond) {
    if (perSecond < 1_000) {
      return digits(perSecond);
    }
    return perSecond < 1_000_000 ? digits(perSecond / 1e3) + "k" : digits(perSecond / 1e6) + "M";
  }

  /** {@code 1 call}, {@code 1,204 calls}. */
  public static String count(long n, String noun) {
    return grouped(n) + " " + noun + (n == 1 ? "" : "s");
  }

  /** {@code 1,204}. */
  public static String grouped(long n) {
    StringBuilder s = new StringBuilder(Long.toString(n));
    int least = n < 0 ? 1 : 0;
    for (int i = s.length() - 3; i > least; i -= 3) {
      s.insert(i, ',');
    }
    return s.toString();
  }

  /** Three significant digits, without needless zeros: 1.25, 12.3, 123, 1. */
  static String digits(double value) {
    int decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
    long scale = decimals == 0 ? 1 : decimals == 1 ? 10 : 100;
    long scaled = Math.round(value * scale);
    StringBuilder s = new StringBuilder().append(scaled / scale);
    String rest = Long.toString(scale + scaled % scale).substring(1);
    while (rest.endsWith("0")) {
      rest = rest.substring(0, rest.length() - 1);
    }
    return rest.isEmpty() ? s.toString() : s.append('.').append(rest).toString();
  }
}
