package io.liblink.pipeline;

import io.liblink.status.LinkException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Who waits for an item: a thread, or a future that others depend on. Holds the thread. */
final class Waiter extends AtomicReference<@Nullable Thread> {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // never serialized
  final transient @Nullable CompletableFuture<Void> future;

  @SuppressWarnings("serial") // never serialized
  transient @Nullable Waiter next;

  Waiter(Thread thread) {
    super(thread);
    this.future = null;
  }

  Waiter(CompletableFuture<Void> future) {
    this.future = future;
  }

  /** Takes the place of a thread that waits no more. */
  boolean take() {
    return future == null && compareAndSet(null, Thread.currentThread());
  }

  void leave() {
    set(null);
  }

  static void complete(CompletableFuture<Void> future, @Nullable LinkException failure) {
    if (failure == null) {
      future.complete(null);
    } else {
      future.completeExceptionally(failure);
    }
  }
}
