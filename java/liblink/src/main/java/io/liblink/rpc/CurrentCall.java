package io.liblink.rpc;

import org.jspecify.annotations.Nullable;

/** The request that a thread is handling: calls made meanwhile inherit its deadline and its trace. */
public final class CurrentCall {
  private static final ThreadLocal<@Nullable ServerCall> CURRENT = new ThreadLocal<>();

  private CurrentCall() {}

  /** The one of this thread; null outside handlers. */
  public static @Nullable ServerCall get() {
    return CURRENT.get();
  }

  /** Enters one, or returns to the outer one; gives back the one before. */
  static @Nullable ServerCall swap(@Nullable ServerCall call) {
    ServerCall before = CURRENT.get();
    CURRENT.set(call);
    return before;
  }
}
