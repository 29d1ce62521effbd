package io.liblink.bench.load;

/**
 * What was sent during one slice, for the other process to compare with what it got.
 *
 * @param total messages sent since the process started
 * @param count of them in this slice
 * @param startNanos before the first of the slice
 * @param endNanos after the last of the slice was sent or, where that is known, acknowledged
 * @param latencies of what the sender measures
 */
public record Span(
    long total, long count, long startNanos, long endNanos, Latencies.Summary latencies) {
  /** As one word of a command. */
  public String write() {
    return total + "," + count + "," + startNanos + "," + endNanos + "," + latencies.write();
  }

  /** Reads what {@link #write} wrote. */
  public static Span read(String text) {
    String[] t = text.trim().split(",");
    return new Span(
        Long.parseLong(t[0]),
        Long.parseLong(t[1]),
        Long.parseLong(t[2]),
        Long.parseLong(t[3]),
        Latencies.Summary.read(t, 4));
  }

  /** The slice that ended then, or with the span when that was later. */
  Slice slice(long messages, int bytes, long lastNanos, Latencies.Summary measured) {
    double seconds = Math.max(endNanos - startNanos, lastNanos - startNanos) / 1e9;
    return new Slice(
        messages,
        0,
        seconds,
        measured.p50(),
        measured.p99(),
        measured.p999(),
        measured.max(),
        (double) messages * bytes,
        0,
        0);
  }
}
