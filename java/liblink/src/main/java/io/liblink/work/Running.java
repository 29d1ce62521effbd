package io.liblink.work;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Whose thread runs a handler or a worker, so that it can be interrupted, and never when it already
 * does something else.
 */
public final class Running {
  private static final Object INTERRUPTING = new Object();
  private static final Object INTERRUPTED = new Object();
  private static final Object OVER = new Object();

  private final AtomicReference<@Nullable Object> state = new AtomicReference<>();

  /** The handler starts on this thread, unless it was given up before: then it must not. */
  public boolean begin() {
    return state.compareAndSet(null, Thread.currentThread());
  }

  /** Gives the handler up if it did not start; then it never will. Any thread. */
  public boolean giveUp() {
    return state.compareAndSet(null, OVER);
  }

  /** The handler returned; an interrupt meant for it does not outlive it. */
  public void end() {
    if (!state.compareAndSet(Thread.currentThread(), OVER)) {
      while (state.get() == INTERRUPTING) {
        Thread.onSpinWait();
      }
      Thread.interrupted();
    }
  }

  /** Interrupts the handler; false when none runs. Any thread. */
  public boolean interrupt() {
    Object runner = state.get();
    if (runner instanceof Thread thread && state.compareAndSet(runner, INTERRUPTING)) {
      thread.interrupt();
      state.set(INTERRUPTED);
      return true;
    }
    return runner == INTERRUPTING || runner == INTERRUPTED;
  }
}
