package io.liblink.cli.command;

import io.liblink.cli.output.BrokenPipe;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Runs what goes on until it is done or somebody stops it, by Ctrl-C or SIGTERM. Either way it is
 * finished exactly once, and the process ends with the exit code of that. Thread-safe.
 */
final class UntilStopped {
  /** The exit code of a shell for what Ctrl-C ended before it was done. */
  static final int INTERRUPTED = 130;

  private static final long PATIENCE_SECONDS = 30;

  /** What goes on. */
  interface Work {
    /** Returns when it is done; may be abandoned at any place where it waits. */
    void run() throws Exception;
  }

  /** How it ends. */
  interface Finish {
    /**
     * Settles what is under way, within seconds, and says what came of it.
     *
     * @param stopped whether it was stopped before it was done
     * @return the exit code
     */
    int run(boolean stopped) throws Exception;
  }

  private final Finish finish;
  private final AtomicBoolean begun = new AtomicBoolean();
  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile int exit = 1;

  private UntilStopped(Finish finish) {
    this.finish = finish;
  }

  /**
   * Runs {@code work}, then {@code finish}. An exception of the work is thrown once it is finished, an
   * interruption only stops it, and a reader of the data that went away too.
   */
  static int run(Work work, Finish finish) throws Exception {
    UntilStopped until = new UntilStopped(finish);
    Thread hook = new Thread(until::stopped, "liblink-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return until.go(work);
    } finally {
      removeHook(hook);
    }
  }

  private int go(Work work) throws Exception {
    boolean stopped = false;
    Exception failure = null;
    try {
      work.run();
    } catch (InterruptedException | BrokenPipe e) {
      stopped = true;
    } catch (LinkException e) {
      // What waits inside of the library says so when it is interrupted.
      stopped = e.status() == Status.CANCELLED && Thread.interrupted();
      failure = stopped ? null : e;
    } catch (Exception e) {
      failure = e;
    }
    if (!begun.compareAndSet(false, true)) {
      // The process is ending: what the work met then is none of anybody's business.
      new CountDownLatch(1).await();
    }
    try {
      exit = finish.run(stopped || failure != null);
    } catch (Exception e) {
      failure = worst(failure, e);
    } finally {
      finished.countDown();
    }
    if (failure != null) {
      throw failure;
    }
    return exit;
  }

  private static Exception worst(@Nullable Exception first, Exception second) {
    if (first == null) {
      return second;
    }
    first.addSuppressed(second);
    return first;
  }

  /** On the thread that runs when the process was told to end. */
  private void stopped() {
    try {
      if (begun.compareAndSet(false, true)) {
        exit = finish.run(true);
      } else {
        finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
    } catch (Exception e) {
      exit = 1;
    }
    Runtime.getRuntime().halt(exit);
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the process is ending and the hook runs
    }
  }
}
