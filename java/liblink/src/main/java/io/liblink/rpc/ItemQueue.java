package io.liblink.rpc;

import io.liblink.message.Message;
import io.liblink.status.LinkException;
import io.liblink.transport.Link;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The items of a streamed reply, on the calling side. Bounded by the credit: at most {@value #CREDIT}
 * items are held, and none are asked for while more than {@value #HOLD_BYTES} bytes are. Filled by the
 * event loop, emptied by the caller's thread.
 */
public final class ItemQueue {
  private static final int CREDIT = 32;
  private static final long HOLD_BYTES = 8L << 20;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by lock.
  private final ArrayDeque<Message> items = new ArrayDeque<>();
  private long bytes;
  private int owed;
  private boolean ended;
  private @Nullable LinkException failure;
  private @Nullable Attempt attempt;
  private @Nullable Link link;
  private @Nullable PendingCall<Message> call;

  void start(PendingCall<Message> pending) {
    lock.lock();
    try {
      call = pending;
    } finally {
      lock.unlock();
    }
    pending.whenComplete((reply, thrown) -> end(thrown));
  }

  /**
   * Ends with what interceptors made of the call: a refusal, or a reply of their own as the only item.
   * After a stream that began this says what is known already.
   */
  public void endWith(CompletableFuture<Message> outcome) {
    outcome.whenComplete((reply, thrown) -> {
      lock.lock();
      try {
        if (thrown == null && call == null && reply != null && reply.size() > 0) {
          items.add(reply);
          bytes += reply.size();
        }
      } finally {
        lock.unlock();
      }
      end(thrown);
    });
  }

  private void end(@Nullable Throwable thrown) {
    lock.lock();
    try {
      if (ended) {
        return;
      }
      ended = true;
      failure = thrown == null ? null : io.liblink.cluster.Failures.unwrap(thrown);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The stream opens; returns the credit to open it with. On the event loop. */
  long firstCredit(Attempt with, Link on) {
    lock.lock();
    try {
      attempt = with;
      link = on;
      owed = 0;
      return CREDIT;
    } finally {
      lock.unlock();
    }
  }

  void add(Message item) {
    lock.lock();
    try {
      items.add(item);
      bytes += item.size();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The next item; null after the last. Blocks.
   *
   * @throws LinkException when the stream failed, after the items that came before
   */
  public @Nullable Message next() throws InterruptedException {
    lock.lock();
    try {
      while (items.isEmpty() && !ended) {
        changed.await();
      }
      Message item = items.poll();
      if (item != null) {
        taken(item);
        return item;
      }
      LinkException why = failure;
      if (why != null) {
        throw why.toBuilder().cause(why).build();
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void taken(Message item) {
    bytes -= item.size();
    owed++;
    Attempt a = attempt;
    Link l = link;
    if (!ended && a != null && l != null && owed >= CREDIT / 4 && bytes < HOLD_BYTES) {
      int more = owed;
      owed = 0;
      l.execute(() -> a.grant(more));
    }
  }

  /** The caller wants no more. */
  public void cancel() {
    PendingCall<Message> pending;
    lock.lock();
    try {
      pending = call;
      items.clear();
    } finally {
      lock.unlock();
    }
    if (pending != null) {
      pending.cancel(true);
    }
  }
}
