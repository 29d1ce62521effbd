package io.liblink.transport;

import io.liblink.time.TimeSource;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Has a session's clock looked at: often while it is busy, else seldom. Belongs to the event loop. */
final class Ticks {
  private final TimeSource time;
  private final Runnable tick;
  private @Nullable Future<?> next;
  private boolean seldom;

  Ticks(TimeSource time, Runnable tick) {
    this.time = time;
    this.tick = tick;
  }

  /** Has the next one come after that time, and no other. */
  void schedule(EventLoop loop, long nanos, boolean busy) {
    stop();
    seldom = !busy;
    next = loop.schedule(tick, time.sleepNanos(nanos), TimeUnit.NANOSECONDS);
  }

  /** Whether the next one may be far away. */
  boolean areSeldom() {
    return seldom;
  }

  void stop() {
    Future<?> n = next;
    if (n != null) {
      n.cancel(false);
    }
  }
}
