package io.liblink.pipeline;

import io.liblink.status.LinkException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Who waited for items that are over, to be told when the lock is free: threads are woken, futures
 * completed where what depends on them may block. Used again by its owner.
 */
final class Told {
  private record Future(
      CompletableFuture<Void> future, @Nullable LinkException failure) {}

  private final List<Thread> threads = new ArrayList<>();
  private List<Future> futures = new ArrayList<>();

  /** The item is over. */
  void add(PushedItem item, @Nullable LinkException failure) {
    for (Waiter w = item.over(failure); w != null; w = w.next) {
      Thread thread = w.get();
      if (thread != null) {
        threads.add(thread);
      } else if (w.future != null) {
        futures.add(new Future(w.future, failure));
      }
    }
  }

  void tell(Producers owner) {
    for (int i = 0; i < threads.size(); i++) {
      LockSupport.unpark(threads.get(i));
    }
    threads.clear();
    if (!futures.isEmpty()) {
      List<Future> all = futures;
      futures = new ArrayList<>();
      owner.work(() -> all.forEach(f -> Waiter.complete(f.future(), f.failure())));
    }
  }
}
