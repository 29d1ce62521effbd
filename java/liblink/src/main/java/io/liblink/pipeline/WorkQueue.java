package io.liblink.pipeline;

import io.liblink.delivery.QueueOptions;
import io.liblink.pipeline.WorkFailure.Answer;
import io.liblink.status.Status;
import io.liblink.telemetry.Drop;
import io.liblink.work.Pace;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A queue being worked on: items of all its streams wait here, fair between the streams, and as many
 * runners as its concurrency allows take them. Thread-safe; one lock, taken for many items at a time.
 */
public final class WorkQueue {
  /** What a runner takes at once of workers that are short. */
  static final int CHUNK = 32;

  /** Bytes that may wait before credit is kept back. */
  private static final long CROWDED_BYTES = 16L << 20;

  private static final long LOOK_NANOS = 1_000_000;

  private final String name;
  private final ItemWork work;
  private final QueueOptions options;
  private final boolean nonBlocking;
  private final Pace pace;
  private final Queues owner;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by lock.
  private final Set<WorkStream> streams = new HashSet<>();
  private final ArrayDeque<WorkStream> turns = new ArrayDeque<>();
  private final List<WorkStream> keptBack = new ArrayList<>();
  private final Crew crew;
  private int waiting;
  private long waitingBytes;

  private boolean looking;

  private final @Nullable Memory memory;

  /** Whether more wait than should. Written under the lock. */
  private volatile boolean crowded;

  private volatile boolean draining;
  private volatile boolean closed;

  WorkQueue(Queues owner, String name, QueueOptions options, boolean nonBlocking, ItemWork work) {
    this.owner = owner;
    this.name = name;
    this.options = options;
    this.nonBlocking = nonBlocking;
    this.work = work;
    this.pace = new Pace(true);
    this.crew = new Crew(this, options.concurrency(), pace);
    this.memory = options.deduplicateItems() == 0 ? null : new Memory(options);
  }

  // ---- streams, on their event loops --------------------------------------------------------

  void join(WorkStream stream) {
    lock.lock();
    try {
      streams.add(stream);
    } finally {
      lock.unlock();
    }
    if (draining) {
      stream.wake();
    }
  }

  void leave(WorkStream stream) {
    lock.lock();
    try {
      streams.remove(stream);
      turns.remove(stream);
      keptBack.remove(stream);
      for (Received item : stream.waiting) {
        owner.counters.drop(Drop.ITEM_EXPIRED);
        waiting--;
        waitingBytes -= item.message().size();
      }
      stream.waiting.clear();
      crowded = isTooMuch();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Items came.
   *
   * @return those that are done with already
   */
  List<Received> arrived(WorkStream stream, List<Received> items) {
    List<Received> done = List.of();
    List<Runner> started;
    lock.lock();
    try {
      Memory m = memory;
      if (m == null) {
        items.forEach(i -> enqueue(stream, i));
      } else {
        done = new ArrayList<>();
        long now = now();
        for (Received item : items) {
          Memory.Verdict verdict = m.came(item, now);
          if (verdict == Memory.Verdict.NEW) {
            enqueue(stream, item);
          } else {
            owner.duplicates.increment();
            if (verdict == Memory.Verdict.DONE) {
              done.add(item);
            }
          }
        }
      }
      crowded = isTooMuch();
      started = moreRunners();
    } finally {
      lock.unlock();
    }
    start(started);
    return done;
  }

  private void enqueue(WorkStream stream, Received item) {
    if (stream.waiting.isEmpty()) {
      turns.add(stream);
    }
    stream.waiting.add(item);
    waiting++;
    waitingBytes += item.message().size();
  }

  // ---- the same item again ------------------------------------------------------------------

  boolean remembers() {
    return memory != null;
  }

  /** What is to be done with an item that came. */
  Memory.Verdict verdict(Received item) {
    Memory m = memory;
    if (m == null) {
      return Memory.Verdict.NEW;
    }
    lock.lock();
    try {
      Memory.Verdict verdict = m.came(item, now());
      if (verdict != Memory.Verdict.NEW) {
        owner.duplicates.increment();
      }
      return verdict;
    } finally {
      lock.unlock();
    }
  }

  /** A worker has answered. Any thread. */
  void answered(Received item, Answer answer) {
    boolean good = answer.status() == Status.OK;
    (good ? owner.worked : owner.failed).increment();
    Memory m = memory;
    if (m == null) {
      return;
    }
    List<Received> alike;
    lock.lock();
    try {
      alike = m.answered(item, good, now());
    } finally {
      lock.unlock();
    }
    alike.forEach(i -> i.follow(answer));
  }

  /** The item will not be worked on: the same, come again, may be. */
  void gaveUp(Received item) {
    Memory m = memory;
    if (m == null) {
      return;
    }
    List<Runner> started = List.of();
    lock.lock();
    try {
      Received next = m.gaveUp(item);
      if (next != null) {
        enqueue(next.stream, next);
        started = moreRunners();
      }
    } finally {
      lock.unlock();
    }
    start(started);
  }

  /** Whether credit is to be kept back; if so, the stream is told when that is over. */
  boolean isCrowded(WorkStream stream) {
    if (!crowded) {
      return false;
    }
    lock.lock();
    try {
      if (crowded && !keptBack.contains(stream)) {
        keptBack.add(stream);
      }
      return crowded;
    } finally {
      lock.unlock();
    }
  }

  private boolean isTooMuch() {
    return waiting > options.concurrency() || waitingBytes > CROWDED_BYTES;
  }

  // ---- runners ------------------------------------------------------------------------------

  /** Under the lock: those to be started for what waits. */
  private List<Runner> moreRunners() {
    look();
    return crew.wanted(waiting);
  }

  private void start(List<Runner> made) {
    for (Runner runner : made) {
      try {
        owner.workers.executeNow(runner);
      } catch (RejectedExecutionException e) { // the node has closed
        next(runner, true);
      }
    }
  }

  /** Gives a runner its next items, all of one stream; false when there are none: it ends. */
  boolean next(Runner runner) {
    return next(runner, false);
  }

  private boolean next(Runner runner, boolean end) {
    List<WorkStream> free = List.of();
    boolean found;
    lock.lock();
    try {
      crew.comes(runner);
      found = !end && !turns.isEmpty();
      if (found) {
        take(runner);
        look();
      } else {
        crew.ends(runner);
      }
      free = noLongerKeptBack();
    } finally {
      lock.unlock();
    }
    free.forEach(WorkStream::wake);
    return found;
  }

  /** Under the lock: one stream at a time, so that they don't all send at once what they may. */
  private List<WorkStream> noLongerKeptBack() {
    crowded = isTooMuch();
    if (crowded || keptBack.isEmpty()) {
      return List.of();
    }
    List<WorkStream> free = List.copyOf(waiting > 0 ? keptBack.subList(0, 1) : keptBack);
    keptBack.removeAll(free);
    return free;
  }

  private void take(Runner runner) {
    WorkStream stream = turns.remove();
    int most = pace.isShort() ? CHUNK : 1;
    runner.begin(stream);
    for (int i = 0; i < most && !stream.waiting.isEmpty(); i++) {
      Received item = stream.waiting.remove();
      waiting--;
      waitingBytes -= item.message().size();
      runner.add(item);
    }
    if (!stream.waiting.isEmpty()) {
      turns.add(stream);
    }
  }

  /**
   * The runner's item is finished later, and counts until then.
   *
   * @return whether the runner may go on beside it
   */
  boolean finishesLater(Runner runner) {
    lock.lock();
    try {
      boolean goesOn = crew.finishesLater(runner);
      if (!goesOn) {
        putBack(runner);
      }
      return goesOn;
    } finally {
      lock.unlock();
    }
  }

  /** An item that was to be finished later is. */
  void finished() {
    List<Runner> started;
    lock.lock();
    try {
      crew.finished();
      started = moreRunners();
    } finally {
      lock.unlock();
    }
    start(started);
  }

  /** Under the lock: what the runner did not begin goes to others. */
  private void putBack(Runner runner) {
    WorkStream stream = runner.stream();
    List<Received> left = runner.takeBack();
    if (stream == null || left.isEmpty()) {
      return;
    }
    if (stream.isOver()) {
      left.forEach(i -> owner.counters.drop(Drop.ITEM_EXPIRED));
      return;
    }
    if (stream.waiting.isEmpty()) {
      turns.addFirst(stream);
    }
    for (int i = left.size() - 1; i >= 0; i--) {
      stream.waiting.addFirst(left.get(i));
      waitingBytes += left.get(i).message().size();
    }
    waiting += left.size();
  }

  // ---- looking after runners ----------------------------------------------------------------

  /** Under the lock: while items wait behind others, somebody looks whether these go on. */
  private void look() {
    if (!looking && crew.isWorthLooking(waiting)) {
      looking = owner.timer(LOOK_NANOS, this::lookAgain);
    }
  }

  private void lookAgain() {
    List<Runner> started;
    lock.lock();
    try {
      looking = false;
      crew.stuck().forEach(this::putBack);
      started = moreRunners();
    } finally {
      lock.unlock();
    }
    start(started);
  }

  // ---- the end ------------------------------------------------------------------------------

  /** Takes no more, and hands back what was not begun. */
  void drain() {
    draining = true;
    wakeAll();
  }

  /** Ends its streams, also those where something still runs. */
  void close() {
    closed = true;
    draining = true;
    wakeAll();
  }

  private void wakeAll() {
    List<WorkStream> all;
    lock.lock();
    try {
      all = List.copyOf(streams);
    } finally {
      lock.unlock();
    }
    all.forEach(WorkStream::wake);
  }

  /** Whether workers are with items, or answers on their way. */
  boolean isIdle() {
    lock.lock();
    try {
      return crew.busy() == 0 && streams.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  int working() {
    lock.lock();
    try {
      return crew.busy();
    } finally {
      lock.unlock();
    }
  }

  // ---- what is known ------------------------------------------------------------------------

  String name() {
    return name;
  }

  ItemWork work() {
    return work;
  }

  Pace pace() {
    return pace;
  }

  int concurrency() {
    return options.concurrency();
  }

  boolean nonBlocking() {
    return nonBlocking;
  }

  boolean isDraining() {
    return draining;
  }

  boolean isClosed() {
    return closed;
  }

  long now() {
    return owner.time.nanos();
  }

  void drop(Drop reason) {
    owner.counters.drop(reason);
  }

  void came(int attempt) {
    if (attempt > 1) {
      owner.repeats.increment();
    }
  }

  void handedBack() {
    owner.unbegun.increment();
  }
}
