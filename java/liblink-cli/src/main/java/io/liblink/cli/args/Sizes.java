package io.liblink.cli.args;

import java.util.Locale;

/** Sizes as people write them: {@code 64}, {@code 64B}, {@code 64KiB}, {@code 1MB}. */
public final class Sizes {
  private Sizes() {}

  /**
   * Reads a number of bytes; KiB, MiB and GiB are powers of 1024, KB, MB and GB of 1000.
   *
   * @param name the option, for the message
   * @throws UsageException when it is anything else or does not fit in two gigabytes
   */
  public static int parse(String name, String text) {
    int end = 0;
    while (end < text.length() && Character.isDigit(text.charAt(end))) {
      end++;
    }
    long unit = switch (text.substring(end).toLowerCase(Locale.ROOT)) {
      case "", "b" -> 1;
      case "k", "kib" -> 1L << 10;
      case "m", "mib" -> 1L << 20;
      case "g", "gib" -> 1L << 30;
      case "kb" -> 1_000;
      case "mb" -> 1_000_000;
      case "gb" -> 1_000_000_000;
      default -> -1;
    };
    if (end > 0 && end <= 10 && unit > 0) {
      long bytes = Long.parseLong(text.substring(0, end)) * unit;
      if (bytes <= Integer.MAX_VALUE) {
        return (int) bytes;
      }
    }
    throw new UsageException(
        name + " takes a size such as 64B, 64KiB or 1MiB (at most 2 GiB), not '" + text + "'");
  }
}
