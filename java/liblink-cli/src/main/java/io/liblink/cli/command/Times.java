package io.liblink.cli.command;

import io.liblink.cli.output.Figures;

/** The least, the mean and the most of some times. Not thread-safe. */
final class Times {
  private long count;
  private long sum;
  private long least = Long.MAX_VALUE;
  private long most;

  void add(long nanos) {
    count++;
    sum += nanos;
    least = Math.min(least, nanos);
    most = Math.max(most, nanos);
  }

  long count() {
    return count;
  }

  /** 0 when nothing was added. */
  long least() {
    return count == 0 ? 0 : least;
  }

  long mean() {
    return count == 0 ? 0 : sum / count;
  }

  long most() {
    return most;
  }

  /** {@code min 1 ms, avg 2 ms, max 3 ms}. */
  String summary() {
    return "min "
        + Figures.time(least())
        + ", avg "
        + Figures.time(mean())
        + ", max "
        + Figures.time(most());
  }
}
