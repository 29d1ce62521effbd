package io.liblink.behaviour;

import static io.liblink.testkit.TestCluster.await;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.liblink.Node;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What the tests of calls need again and again. */
final class Calls {
  private Calls() {}

  /** The failure of a blocking call. */
  static LinkException failure(ThrowingCallable call) {
    return linkException(catchThrowable(call));
  }

  /** The failure of an asynchronous call. */
  static LinkException failure(CompletableFuture<?> call) {
    Throwable thrown = catchThrowable(() -> get(call));
    return linkException(
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown);
  }

  private static LinkException linkException(Throwable thrown) {
    if (thrown instanceof LinkException e) {
      return e;
    }
    throw new AssertionError("expected a LinkException, got " + thrown, thrown);
  }

  /** The value of an asynchronous call. */
  static <T> T get(CompletableFuture<T> call) {
    return call.orTimeout(20, TimeUnit.SECONDS).join();
  }

  /** Waits for a latch. */
  static void pass(CountDownLatch latch) {
    try {
      if (!latch.await(20, TimeUnit.SECONDS)) {
        throw new AssertionError("the latch did not open in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Blocks until interrupted; tells the latch that it was. */
  static void blockUntilInterrupted(CountDownLatch interrupted) {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      interrupted.countDown();
    }
  }

  static long count(Node node, String counter) {
    Long value = node.counters().get(counter);
    if (value == null) {
      throw new AssertionError(
          "no counter '" + counter + "' in " + node.counters().keySet());
    }
    return value;
  }

  /** All calls that ended, however they did. */
  static long ended(Node node) {
    long sum = 0;
    for (Status s : Status.values()) {
      sum += count(node, "calls.ended." + s);
    }
    return sum;
  }

  static void awaitCount(Node node, String counter, long wanted) {
    await(node.name() + ": " + counter + " = " + wanted, () -> count(node, counter) == wanted);
  }

  /** Requests that are with handlers of a node, asked of its built-in service. */
  static void awaitNothingInFlight(Node node) {
    await(node.name() + ": nothing in flight", () -> stats(node).inFlight() == 1);
  }

  /** The answer of the built-in service, which is one of the requests in flight itself. */
  record Stats(int inFlight, int links) {}

  static Stats stats(Node node) {
    return node.service("liblink").to(node.name()).call("stats", null, Stats.class);
  }
}
