package io.liblink.pipeline;

import io.liblink.work.Pace;
import io.liblink.work.Replies;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One of a queue's workers at work: takes items, up to {@link WorkQueue#CHUNK} of one stream at once
 * when they are short, runs them one after another, and hands their answers over together. Should it
 * get stuck, the queue takes back what it did not begin.
 */
final class Runner implements Runnable {
  private static final int TAKEN_BACK = Integer.MIN_VALUE;

  private final WorkQueue queue;

  // Written under the queue's lock, while nothing is left of the chunk before.
  private final Received[] chunk = new Received[WorkQueue.CHUNK];
  private volatile int length;
  private @Nullable WorkStream stream;

  /** The next of the chunk; each is given out once. */
  private final AtomicInteger next = new AtomicInteger();

  /** Answers that are not handed over yet; who looks after it may do that, too. */
  private volatile @Nullable Replies replies;

  // Under the queue's lock.
  private int seenAt = -1;
  private boolean starting = true;
  private boolean stuck;

  Runner(WorkQueue queue) {
    this.queue = queue;
  }

  @Override
  public void run() {
    while (queue.next(this)) {
      WorkStream s = java.util.Objects.requireNonNull(stream);
      Replies collector = new Replies(s.link(), 2 * WorkQueue.CHUNK); // never by itself
      replies = collector;
      boolean goesOn = true;
      try {
        goesOn = work(collector);
      } finally {
        if (s.mayWake()) {
          collector.add(s); // gives credit, behind the answers
        }
        collector.flush();
      }
      if (!goesOn) {
        return;
      }
    }
  }

  private boolean work(Replies collector) {
    Pace pace = queue.pace();
    long before = queue.now();
    for (int i = next.getAndIncrement(); i >= 0 && i < length; i = next.getAndIncrement()) {
      Received item = chunk[i];
      CompletionStage<?> later = item.execute(collector);
      long after = queue.now();
      pace.took(after - before);
      before = after;
      if (later != null && !later(item, later)) {
        return false;
      }
    }
    return true;
  }

  private boolean later(Received item, CompletionStage<?> later) {
    boolean goesOn = queue.finishesLater(this);
    later.whenComplete((value, failure) -> {
      item.ended(failure);
      queue.finished();
    });
    return goesOn;
  }

  // ---- under the queue's lock ---------------------------------------------------------------

  /** Whether this is the first that it takes; asked once. */
  boolean isStarting() {
    boolean first = starting;
    starting = false;
    return first;
  }

  /** Whether it was found stuck; it is not any more. */
  boolean wasStuck() {
    boolean was = stuck;
    stuck = false;
    return was;
  }

  void begin(WorkStream of) {
    stream = of;
    length = 0;
    seenAt = -1;
    next.set(0);
  }

  void add(Received item) {
    int at = length;
    chunk[at] = item;
    length = at + 1;
  }

  @Nullable
  WorkStream stream() {
    return stream;
  }

  /** What it did not begin, and now will not. */
  List<Received> takeBack() {
    int from = next.getAndSet(TAKEN_BACK);
    List<Received> left = new ArrayList<>();
    for (int i = Math.max(0, from); from >= 0 && i < length; i++) {
      left.add(chunk[i]);
    }
    return left;
  }

  /** Whether somebody else may have to take over what it has. */
  boolean isWatched() {
    return !starting && !stuck && length > 1;
  }

  /**
   * Whether it began nothing since the last look, for the first time with this chunk; then hands over
   * what it made.
   */
  boolean gotStuck() {
    int at = next.get();
    boolean found = !starting && !stuck && at == seenAt;
    seenAt = at;
    stuck |= found;
    Replies r = replies;
    if (found && r != null) {
      r.flush();
    }
    return found;
  }
}
