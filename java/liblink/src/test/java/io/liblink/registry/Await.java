package io.liblink.registry;

import io.liblink.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what must come, within a bound. */
public final class Await {
  /** Long enough for a machine that is busy with something else. */
  public static final Duration LONG = Duration.ofSeconds(20);

  private Await() {}

  /** Waits until it holds. */
  public static void until(String what, Supplier<?> state, BooleanSupplier condition) {
    within(LONG, what, state, condition);
  }

  /** Waits until it holds; returns how long that took. */
  public static Duration within(
      Duration bound, String what, Supplier<?> state, BooleanSupplier condition) {
    long start = TimeSource.system().nanos();
    while (!condition.getAsBoolean()) {
      if (TimeSource.system().nanos() - start > bound.toNanos()) {
        throw new AssertionError("not within " + bound + ": " + what + "; now: " + state.get());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
    return Duration.ofNanos(TimeSource.system().nanos() - start);
  }

  /** What the stage completes with; its exception as it is. */
  public static <T> T get(CompletionStage<T> stage) {
    return stage
        .toCompletableFuture()
        .orTimeout(LONG.toSeconds(), TimeUnit.SECONDS)
        .join();
  }

  /** The exception that the stage completes with. */
  public static Throwable failure(CompletionStage<?> stage) {
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    stage.whenComplete(
        (v, t) -> failure.complete(t != null ? t : new AssertionError("it completed with " + v)));
    return failure.orTimeout(LONG.toSeconds(), TimeUnit.SECONDS).join();
  }
}
