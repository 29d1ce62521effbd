package io.liblink.proof.discovery;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.HdrHistogram.Histogram;

/** What came of the calls of one part: each of them, and how all went. Thread-safe. */
final class Book {
  /**
   * A call.
   *
   * @param due when it was to begin, by the schedule
   * @param end when its reply was here
   * @param from the name of who replied; empty when it failed
   * @param attempt which attempt it was that was replied to
   */
  record Call(long due, long end, String from, int attempt) {
    double millis() {
      return (end - due) / 1e6;
    }
  }

  private static final long LATE_MILLIS = 1500;
  private static final int MOST_FAILURES = 10;

  private final String part;

  // Guarded by this.
  private final List<Call> calls = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final Map<String, Long> lastDue = new HashMap<>();
  private long begun;
  private long failed;

  Book(String part) {
    this.part = part;
  }

  synchronized void begin() {
    begun++;
  }

  synchronized void replied(Call call) {
    calls.add(call);
    lastDue.merge(call.from(), call.due(), Math::max);
  }

  /** Whether that instance replied to a call that was to begin after that. */
  synchronized boolean hasReplyOf(String name, long after) {
    return lastDue.getOrDefault(name, after) - after > 0;
  }

  synchronized void failed(Throwable why, long due, long end) {
    failed++;
    if (failures.size() < MOST_FAILURES) {
      failures.add(part + " after " + (end - due) / 1_000_000 + " ms: " + why);
    }
  }

  /** Whether nothing is on its way. */
  synchronized boolean isComplete() {
    return begun == calls.size() + failed;
  }

  String part() {
    return part;
  }

  synchronized long replies() {
    return calls.size();
  }

  synchronized long failed() {
    return failed;
  }

  /** The first failures, in words. */
  synchronized List<String> failures() {
    return List.copyOf(failures);
  }

  /** Those of them. */
  synchronized List<Call> where(Predicate<Call> which) {
    return calls.stream().filter(which).toList();
  }

  /** Calls that needed more than one attempt. */
  List<Call> repeated() {
    return where(c -> c.attempt() > 1);
  }

  @Override
  public synchronized String toString() {
    Histogram latency = new Histogram(TimeUnit.MINUTES.toMicros(5), 3);
    long late = 0;
    for (Call c : calls) {
      latency.recordValue(Math.max(0, Math.min((c.end() - c.due()) / 1000, 299_000_000L)));
      late += c.millis() > LATE_MILLIS ? 1 : 0;
    }
    return String.format(
        Locale.ROOT,
        "%,9d %6d %8d %9d %8.1f %8.1f %8.1f",
        calls.size() + failed,
        failed,
        repeated().size(),
        late,
        latency.getValueAtPercentile(50) / 1000.0,
        latency.getValueAtPercentile(99) / 1000.0,
        latency.getMaxValue() / 1000.0);
  }

  /** What the columns are. */
  static String columns() {
    return String.format(
        Locale.ROOT,
        "%9s %6s %8s %9s %8s %8s %8s",
        "calls",
        "failed",
        "repeated",
        ">1,500 ms",
        "p50 ms",
        "p99 ms",
        "max ms");
  }
}
