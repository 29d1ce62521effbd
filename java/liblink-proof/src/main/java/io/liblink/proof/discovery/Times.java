package io.liblink.proof.discovery;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How long something took, each time it was done. In milliseconds. Not thread-safe. */
final class Times {
  private final List<Double> millis = new ArrayList<>();

  void add(double time) {
    millis.add(time);
  }

  /** The only one, or median, least and most. */
  @Override
  public String toString() {
    double[] sorted = millis.stream().mapToDouble(d -> d).sorted().toArray();
    return switch (sorted.length) {
      case 0 -> "never";
      case 1 -> text(sorted[0]);
      default ->
        text(sorted[sorted.length / 2]) + " (" + text(sorted[0]) + " to "
            + text(sorted[sorted.length - 1]) + ")";
    };
  }

  static String text(double millis) {
    return millis < 10_000
        ? String.format(Locale.ROOT, millis < 10 ? "%.1f ms" : "%,.0f ms", millis)
        : String.format(Locale.ROOT, "%.1f s", millis / 1000);
  }
}
