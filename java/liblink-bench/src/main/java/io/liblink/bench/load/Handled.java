package io.liblink.bench.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The workers' side: together they must get every item once, anything else fails the slice. For one
 * thread; the functions are called by others.
 */
public final class Handled {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

  private final List<Worker> workers = new ArrayList<>();

  /** So many workers. */
  public Handled(int count) {
    for (int i = 0; i < count; i++) {
      workers.add(new Worker());
    }
  }

  /** What each worker does with an item. */
  public List<Consumer<byte[]>> functions() {
    return List.copyOf(workers);
  }

  /** Waits until the workers have what was pushed. */
  public Slice collect(Workload workload, Span span) throws IOException {
    long last = span.endNanos();
    long seen = items();
    long since = System.nanoTime();
    while (items() < span.total()) {
      LockSupport.parkNanos(LOOK_NANOS);
      last = System.nanoTime();
      if (items() != seen) {
        seen = items();
        since = last;
      } else if (last - since > PATIENCE_NANOS) {
        break;
      }
    }
    long expectedSum = span.total() * (span.total() + 1) / 2;
    if (items() != span.total() || sum() != expectedSum) {
      throw new IOException("the workers had " + items() + " items of " + span.total()
          + (sum() == expectedSum ? "" : ", and not each of them once"));
    }
    return span.slice(span.count(), workload.bytes(), last, span.latencies());
  }

  private long items() {
    return workers.stream().mapToLong(w -> w.items.sum()).sum();
  }

  private long sum() {
    return workers.stream().mapToLong(w -> w.sum.sum()).sum();
  }

  private static final class Worker implements Consumer<byte[]> {
    private final LongAdder sum = new LongAdder();

    /** Counted after the sum, so that with the last item the sum is complete. */
    private final LongAdder items = new LongAdder();

    @Override
    public void accept(byte[] item) {
      sum.add(Numbered.number(item));
      items.increment();
    }
  }
}
