package io.liblink.bench.load;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.AtomicHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Counts and latencies of one slice. Thread-safe, and small (1 % resolution, some 30 KiB), so that
 * it stays in the cache and costs every peer the same few nanoseconds.
 */
final class Latencies {
  /** So many failures end a slice: a peer that is broken must not spin. */
  static final int MOST_ERRORS = 100;

  /** Of nothing. */
  static final Summary NONE = new Summary(0, 0, 0, 0);

  private static final long LONGEST = TimeUnit.SECONDS.toNanos(60);

  private final Histogram histogram = new AtomicHistogram(100, LONGEST, 2);
  private final AtomicLong errors = new AtomicLong();
  private final AtomicReference<@Nullable Throwable> firstError = new AtomicReference<>();

  void record(long nanos) {
    histogram.recordValue(Math.min(nanos, LONGEST));
  }

  /** Counts a failure; false when there were too many. */
  boolean failed(Throwable cause) {
    firstError.compareAndSet(null, cause);
    return errors.incrementAndGet() < MOST_ERRORS;
  }

  @Nullable
  Throwable firstError() {
    return firstError.get();
  }

  Slice slice(long elapsedNanos, int requestBytes) {
    long calls = histogram.getTotalCount();
    Summary all = summary();
    return new Slice(
        calls,
        errors.get(),
        elapsedNanos / 1e9,
        all.p50,
        all.p99,
        all.p999,
        all.max,
        (double) calls * requestBytes,
        0,
        0);
  }

  Summary summary() {
    return histogram.getTotalCount() == 0
        ? NONE
        : new Summary(micros(50), micros(99), micros(99.9), histogram.getMaxValue() / 1e3);
  }

  private double micros(double percentile) {
    return histogram.getValueAtPercentile(percentile) / 1e3;
  }

  /** Microseconds; all zero when nothing was recorded. */
  record Summary(double p50, double p99, double p999, double max) {
    String write() {
      return p50 + "," + p99 + "," + p999 + "," + max;
    }

    static Summary read(String[] text, int at) {
      return new Summary(
          Double.parseDouble(text[at]),
          Double.parseDouble(text[at + 1]),
          Double.parseDouble(text[at + 2]),
          Double.parseDouble(text[at + 3]));
    }
  }
}
