package io.liblink.transport;

import io.liblink.time.TimeSource;
import io.liblink.time.Timers;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs a task on an event loop once the node's clock says so. Event loops wait in the machine's time;
 * where the node's clock is another, they look at it as often as {@link TimeSource#sleepNanos} says.
 * Thread-safe.
 */
final class ClockTimer implements Runnable, Timers.Timer {
  private final EventExecutor loop;
  private final TimeSource time;
  private final long dueNanos;
  private final Runnable task;
  private volatile boolean cancelled;
  private volatile @Nullable Future<?> scheduled;

  private ClockTimer(EventExecutor loop, TimeSource time, long dueNanos, Runnable task) {
    this.loop = loop;
    this.time = time;
    this.dueNanos = dueNanos;
    this.task = task;
  }

  static ClockTimer start(EventExecutor loop, TimeSource time, long delayNanos, Runnable task) {
    ClockTimer timer = new ClockTimer(loop, time, time.nanos() + delayNanos, task);
    timer.sleep(delayNanos);
    return timer;
  }

  private void sleep(long nanos) {
    scheduled = loop.schedule(this, time.sleepNanos(nanos), TimeUnit.NANOSECONDS);
    if (cancelled) {
      cancel(); // meanwhile, from another thread, which saw the one before
    }
  }

  @Override
  public void run() {
    if (cancelled) {
      return;
    }
    long left = dueNanos - time.nanos();
    if (left > 0) {
      sleep(left);
    } else {
      task.run();
    }
  }

  @Override
  public void cancel() {
    cancelled = true;
    Future<?> f = scheduled;
    if (f != null) {
      f.cancel(false);
    }
  }
}
