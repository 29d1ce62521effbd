package io.liblink;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The way out: leave the registry (which says first that the services are not ready, so that nobody takes
 * it for a loss), so that nobody new comes; tell the peers (GOAWAY), so that those who are here go
 * elsewhere; finish what runs; stop.
 */
final class Shutdown {
  private static final System.Logger LOG = System.getLogger("io.liblink");
  private static final Duration LEAVE = Duration.ofSeconds(2);
  private static final long ARRIVING = Duration.ofMillis(250).toNanos();
  private static final long LAST_WORDS = Duration.ofSeconds(1).toNanos();
  private static final long POLL_NANOS = 1_000_000;

  private final NodeCore core;
  private final ServedServices served;

  Shutdown(NodeCore core, ServedServices served) {
    this.core = core;
    this.served = served;
  }

  void run(Duration drain) {
    core.subscriptions().close();
    leaveRegistry();
    core.transport().stopListening();
    core.dispatcher().drain();
    core.queues().drain();
    core.producers().closing();
    core.peers().drain("the node is closing");
    long deadline = core.nanos() + Timeouts.nanos(drain);
    await(() -> core.dispatcher().inFlight() == 0 && core.queues().isIdle(), deadline);
    warnOf(core.dispatcher().inFlight(), "requests", "their callers get UNAVAILABLE", drain);
    warnOf(core.queues().working(), "items", "their producers send them again", drain);
    served.topics().drain();
    core.producers().close(deadline); // what handlers pushed meanwhile, too
    // Links that handlers opened meanwhile, to finish their work, are drained now.
    core.peers().drain("the node is closing");
    // Who is just arriving learns that this node is closing, instead of a broken connection.
    await(() -> core.transport().handshakes() == 0, Math.min(deadline, core.nanos() + ARRIVING));
    await(() -> core.peers().links().isEmpty(), deadline);
    // A link that has ended may still be saying so: who is cut off now hears nothing of it.
    await(() -> core.transport().hangingUp() == 0, core.nanos() + LAST_WORDS);
    List<Runnable> last = List.of(
        core.caller()::close,
        core.directory()::close,
        core.registry()::close,
        () -> core.transport().close(Duration.ofMillis(500)),
        core.workers()::close);
    last.forEach(Shutdown::attempt);
  }

  private static void warnOf(int left, String what, String then, Duration drain) {
    if (left > 0) {
      LOG.log(
          System.Logger.Level.WARNING,
          left + " " + what + " were still being worked on after the drain time of "
              + drain.toMillis() + " ms; " + then);
    }
  }

  /** What fails on the way out keeps nothing behind it from ending. */
  private static void attempt(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "closing the node goes on after a failure", e);
    }
  }

  private void leaveRegistry() {
    try {
      CompletableFuture<?>[] leaving = served.all().stream()
          .map(s -> core.registry().withdraw(s.instance().service()).toCompletableFuture())
          .toArray(CompletableFuture[]::new);
      CompletableFuture.allOf(leaving).get(LEAVE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException | RuntimeException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "the registry was not told that this node leaves; watchers will notice by themselves");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean await(BooleanSupplier condition, long deadline) {
    while (!condition.getAsBoolean()) {
      if (deadline - core.nanos() <= 0 || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    return true;
  }
}
