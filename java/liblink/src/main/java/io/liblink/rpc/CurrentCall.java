package io.liblink.rpc;

import io.liblink.work.CurrentWork;
import org.jspecify.annotations.Nullable;

/** The request that a thread is handling. */
public final class CurrentCall {
  private CurrentCall() {}

  /** The one of this thread; null outside handlers. */
  public static @Nullable ServerCall get() {
    return CurrentWork.get() instanceof ServerCall call ? call : null;
  }
}
