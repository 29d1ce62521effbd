package io.liblink.work;

import io.liblink.wire.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * The request or item that a thread is working on: what it sends meanwhile inherits its deadline and
 * its trace.
 */
public final class CurrentWork {
  private static final ThreadLocal<@Nullable Context> CURRENT = new ThreadLocal<>();

  /** What is inherited. */
  public interface Context {
    /** The span of the work. */
    TraceContext trace();

    /** When its time is over, by the node's clock; {@link Long#MAX_VALUE} for never. */
    long deadlineNanos();
  }

  private CurrentWork() {}

  /** That of this thread; null outside of users' code that liblink runs. */
  public static @Nullable Context get() {
    return CURRENT.get();
  }

  /** Enters one, or returns to the outer one; gives back the one before. */
  public static @Nullable Context swap(@Nullable Context context) {
    Context before = CURRENT.get();
    CURRENT.set(context);
    return before;
  }
}
