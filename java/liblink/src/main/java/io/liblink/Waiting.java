package io.liblink;

import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Blocking forms of what is asynchronous underneath. */
final class Waiting {
  /** Beyond its deadline a call is waited for this long: its own timer should have ended it. */
  private static final long GRACE_NANOS = 2_000_000_000L;

  private Waiting() {}

  /** The result of a call, or its failure with the stack of who waited. */
  static <R> R on(CompletableFuture<R> call, long timeoutNanos) {
    return orTimeout(
        call,
        Duration.ofNanos(timeoutNanos + GRACE_NANOS),
        () -> LinkException.failure(
                Status.DEADLINE_EXCEEDED,
                Stage.WAIT,
                "the call was not ended in time: an event loop is blocked, most likely by a"
                    + " NON_BLOCKING handler or a future's dependent, or an interceptor never"
                    + " completed what it returned")
            .ran(Ran.MAYBE)
            .build());
  }

  static <R> R orTimeout(
      CompletableFuture<R> future, Duration timeout, Supplier<LinkException> onTimeout) {
    try {
      return future.get(Timeouts.nanos(timeout), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw rethrown(e.getCause());
    } catch (CancellationException e) {
      throw LinkException.failure(Status.CANCELLED, Stage.WAIT, "cancelled")
          .ran(Ran.MAYBE)
          .cause(e)
          .build();
    } catch (TimeoutException e) {
      future.cancel(true);
      throw onTimeout.get();
    } catch (InterruptedException e) {
      future.cancel(true);
      Thread.currentThread().interrupt();
      throw LinkException.failure(
              Status.CANCELLED, Stage.WAIT, "the waiting thread was interrupted")
          .ran(Ran.MAYBE)
          .cause(e)
          .build();
    }
  }

  /** Made again here, so that its stack trace shows who called. */
  private static RuntimeException rethrown(@org.jspecify.annotations.Nullable Throwable cause) {
    if (cause instanceof LinkException e) {
      return e.toBuilder().cause(e.getCause() == null ? e : e.getCause()).build();
    }
    if (cause instanceof RuntimeException e) {
      return e;
    }
    return LinkException.failure(Status.INTERNAL, Stage.WAIT, String.valueOf(cause))
        .cause(cause)
        .build();
  }
}
