package io.liblink.cli.bench;

import io.liblink.status.LinkException;
import io.liblink.status.Status;
import io.liblink.time.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * Calls for a while and measures each. Without a rate every slot calls again as soon as it has its
 * answer (a closed loop). With a rate calls are due at fixed times, and a call's time runs from when
 * it was due, not from when it was sent: a stall of the service then shows in every call that it
 * delayed, instead of being left out (coordinated omission; G. Tene, "How NOT to Measure Latency").
 */
final class Load {
  private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(5);

  private final Supplier<? extends CompletableFuture<?>> call;
  private final TimeSource time;
  private final int inFlight;
  private final Semaphore slots;
  private final Recorder recorder = new Recorder(LONGEST_NANOS, 3);
  private final LongAdder answered = new LongAdder();
  private final Map<Status, AtomicLong> failed = new ConcurrentHashMap<>();
  private volatile @Nullable LinkException firstFailure;
  private volatile long measureFrom = Long.MAX_VALUE;
  private volatile boolean over;

  /**
   * Not started.
   *
   * @param call starts one call
   * @param inFlight how many may be under way at once
   */
  Load(Supplier<? extends CompletableFuture<?>> call, TimeSource time, int inFlight) {
    this.call = call;
    this.time = time;
    this.inFlight = inFlight;
    this.slots = new Semaphore(inFlight);
  }

  /**
   * What came of it.
   *
   * @param seconds how long was measured
   * @param answered calls that succeeded
   * @param failed calls that did not, by status
   * @param firstFailure one of them, to show
   * @param times nanoseconds of those that succeeded
   */
  record Result(
      double seconds,
      long answered,
      Map<Status, Long> failed,
      @Nullable LinkException firstFailure,
      Histogram times) {
    double rate() {
      return answered / seconds;
    }

    long failures() {
      return failed.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /**
   * Runs it; blocks until the last answer is there.
   *
   * @param rate calls per second, 0 for as many as go
   */
  Result run(Duration warmUp, Duration measured, double rate) throws InterruptedException {
    long begin = time.nanos();
    long from = begin + warmUp.toNanos();
    long to = from + measured.toNanos();
    measureFrom = from;
    if (rate > 0) {
      paced(begin, to, 1e9 / rate);
    } else {
      for (int i = 0; i < inFlight; i++) {
        slots.acquire();
        slot(to);
      }
      // every slot gives its permit back when it stops
    }
    slots.tryAcquire(inFlight, (to - time.nanos()) + LONGEST_NANOS, TimeUnit.NANOSECONDS);
    over = true;
    Map<Status, Long> failures = new TreeMap<>();
    failed.forEach((status, n) -> failures.put(status, n.get()));
    return new Result(
        measured.toNanos() / 1e9,
        answered.sum(),
        failures,
        firstFailure,
        recorder.getIntervalHistogram());
  }

  /** One slot of the closed loop; goes on by itself on the threads that complete the calls. */
  private void slot(long to) {
    while (true) {
      long start = time.nanos();
      if (start - to >= 0) {
        slots.release();
        return;
      }
      CompletableFuture<?> answer = call.get();
      if (answer.isDone()) {
        answer.whenComplete((m, e) -> record(start, e));
        continue;
      }
      answer.whenComplete((m, e) -> {
        record(start, e);
        slot(to);
      });
      return;
    }
  }

  private void paced(long begin, long to, double intervalNanos) throws InterruptedException {
    for (long i = 0; ; i++) {
      long due = begin + (long) (i * intervalNanos);
      if (due - to >= 0) {
        return;
      }
      for (long wait = due - time.nanos(); wait > 0; wait = due - time.nanos()) {
        LockSupport.parkNanos(wait);
      }
      slots.acquire();
      call.get().whenComplete((m, e) -> {
        record(due, e);
        slots.release();
      });
    }
  }

  /** Whether what starts now counts. */
  boolean measures() {
    return !over && time.nanos() - measureFrom >= 0;
  }

  private void record(long start, @Nullable Throwable failure) {
    if (over || start - measureFrom < 0) {
      return;
    }
    if (failure == null) {
      answered.increment();
      recorder.recordValue(Math.min(LONGEST_NANOS, Math.max(1, time.nanos() - start)));
      return;
    }
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    LinkException link =
        failure instanceof LinkException f ? f : cause instanceof LinkException c ? c : null;
    Status status = link == null ? Status.INTERNAL : link.status();
    failed.computeIfAbsent(status, s -> new AtomicLong()).incrementAndGet();
    if (firstFailure == null && link != null) {
      firstFailure = link;
    }
  }
}
