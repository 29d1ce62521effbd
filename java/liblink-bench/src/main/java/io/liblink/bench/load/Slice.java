package io.liblink.bench.load;

/**
 * What a client saw during one slice of time. Microseconds and bytes; zero where it does not apply.
 *
 * @param calls that were answered
 * @param errors calls that failed
 * @param seconds from the first call to the last answer
 * @param p50 latency
 * @param p99 latency
 * @param p999 latency
 * @param max latency
 * @param bytes of request payload that were sent
 * @param transferAlone bytes per second of the transfer while nothing else runs
 * @param transfer bytes per second of the transfer beside the small calls
 */
public record Slice(
    long calls,
    long errors,
    double seconds,
    double p50,
    double p99,
    double p999,
    double max,
    double bytes,
    double transferAlone,
    double transfer) {
  /** Calls per second. */
  public double rate() {
    return seconds == 0 ? 0 : calls / seconds;
  }

  /** As one line of a child's output. */
  public String write() {
    StringBuilder text = new StringBuilder(120).append(calls).append(' ').append(errors);
    for (double value :
        new double[] {seconds, p50, p99, p999, max, bytes, transferAlone, transfer}) {
      text.append(' ').append(value);
    }
    return text.toString();
  }

  /** Reads what {@link #write} wrote. */
  public static Slice read(String text) {
    String[] t = text.trim().split(" ");
    return new Slice(
        Long.parseLong(t[0]),
        Long.parseLong(t[1]),
        Double.parseDouble(t[2]),
        Double.parseDouble(t[3]),
        Double.parseDouble(t[4]),
        Double.parseDouble(t[5]),
        Double.parseDouble(t[6]),
        Double.parseDouble(t[7]),
        Double.parseDouble(t[8]),
        Double.parseDouble(t[9]));
  }
}
