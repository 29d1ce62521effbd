package io.liblink.spool.sqlite;

import io.liblink.spool.Spool;
import io.liblink.spool.SpoolProvider.Settings;
import io.liblink.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * How many items a second a spool accepts, and how long each waits: {@code scripts/bench-spool}.
 * Items are settled as soon as they are accepted, so the spool stays small and works both ways.
 */
public final class SpoolBench {
  private static final int OUTSTANDING = 10_000;
  private static final int WARM_UP_SECONDS = 4;

  private final Spool spool;
  private final byte[] item;
  private final long[] nanos = new long[40_000_000];
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicBoolean stop = new AtomicBoolean();

  private SpoolBench(Spool spool, int bytes) {
    this.spool = spool;
    this.item = new byte[bytes];
    new Random(1).nextBytes(item);
  }

  /** {@code [DIRECTORY [SECONDS [BYTES [SYNC_EVERY_MS]]]]}. */
  public static void main(String[] args) throws Exception {
    Path directory = args.length > 0
        ? Path.of(args[0], "bench-spool")
        : Files.createTempDirectory("bench-spool").resolve("spool");
    int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 8;
    int bytes = args.length > 2 ? Integer.parseInt(args[2]) : 256;
    int sync = args.length > 3 ? Integer.parseInt(args[3]) : 5;
    System.out.printf(
        Locale.ROOT,
        "%d B items, a sync every %d ms, Java %s%n%-28s %12s %9s %9s %9s%n",
        bytes,
        sync,
        Runtime.version(),
        "",
        "items/s",
        "p50 ms",
        "p99 ms",
        "max ms");
    for (int callers : new int[] {0, 1, 16}) {
      try {
        Settings settings =
            new Settings(directory, 1L << 30, Duration.ofMillis(sync), TimeSource.system());
        try (Spool spool = new SqliteProvider().open(settings)) {
          new SpoolBench(spool, bytes).run(callers, seconds);
        }
      } finally {
        delete(directory);
      }
    }
  }

  private void run(int callers, int seconds) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < Math.max(1, callers); i++) {
      Thread thread = new Thread(callers == 0 ? this::burst : this::blocking);
      threads.add(thread);
      thread.start();
    }
    Thread.sleep(WARM_UP_SECONDS * 1000L);
    int from = accepted.get();
    long start = System.nanoTime();
    Thread.sleep(seconds * 1000L);
    int to = Math.min(accepted.get(), nanos.length);
    double took = (System.nanoTime() - start) / 1e9;
    stop.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    long[] sorted = Arrays.copyOfRange(nanos, from, to);
    Arrays.sort(sorted);
    System.out.printf(
        Locale.ROOT,
        "%-28s %,12.0f %9.2f %9.2f %9.2f%n",
        callers == 0 ? "1 caller, 10,000 outstanding" : callers + " blocking",
        sorted.length / took,
        sorted[sorted.length / 2] / 1e6,
        sorted[(int) (sorted.length * 0.99)] / 1e6,
        sorted[sorted.length - 1] / 1e6);
  }

  private void burst() {
    Semaphore room = new Semaphore(OUTSTANDING);
    while (!stop.get()) {
      room.acquireUninterruptibly();
      long start = System.nanoTime();
      spool.append(List.of(item)).whenComplete((number, failure) -> {
        note(start, number, failure);
        room.release();
      });
    }
    room.acquireUninterruptibly(OUTSTANDING);
  }

  private void blocking() {
    while (!stop.get()) {
      long start = System.nanoTime();
      try {
        note(start, spool.append(List.of(item)).join(), null);
      } catch (CompletionException e) {
        note(start, null, e);
      }
    }
  }

  private void note(
      long start,
      @org.jspecify.annotations.Nullable Long number,
      @org.jspecify.annotations.Nullable Throwable failure) {
    if (number == null) {
      System.err.println(failure);
      Runtime.getRuntime().halt(1);
      return;
    }
    spool.remove(number);
    int at = accepted.getAndIncrement();
    if (at < nanos.length) {
      nanos[at] = System.nanoTime() - start;
    }
  }

  private static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
