package io.liblink.spool.sqlite;

import io.liblink.status.LinkException;
import io.liblink.time.TimeSource;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What waits for the writer: appends within bounds, and removals, which are never refused and are
 * bounded by the items there are. Decides when the next group is due. Everything is guarded by
 * {@link #lock}, which is never held while the disk works; whoever holds the lock of the disk may
 * take it, not the other way round.
 */
final class Inbox {
  /** A transaction takes no more than that from the queue, but always one append. */
  private static final long GROUP_BYTES = 8 << 20;

  /** What may wait for the disk. An append that finds nothing waiting may be larger. */
  static final long WAITING_BYTES = 64 << 20;

  /** What an append costs in memory besides its bytes, about, per item. */
  private static final long ITEM_OVERHEAD = 32;

  /** The store takes no larger value. */
  private static final long ITEM_BYTES = 900_000_000;

  /** What is removed in one transaction: some ten milliseconds. */
  private static final int GROUP_RUNS = 4096;

  private static final long GROUP_REMOVALS = 65_536;

  /**
   * The same when it did not work, as on a full disk. The log takes a copy of each page that changes,
   * so this much has room in what {@link Writer} leaves.
   */
  private static final long LEAST_REMOVALS = 16;

  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long GIVE_BACK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Path directory;
  private final long mostBytes;
  private final long syncNanos;
  private final TimeSource time;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Condition ended = lock.newCondition();

  private final ArrayDeque<Append> waiting = new ArrayDeque<>();

  /** Of {@link #waiting}, with overhead. */
  private long waitingBytes;

  /** Of appends that wait or are being written: promised room in the spool. */
  private long promisedBytes;

  /** Settled, and not with the writer yet. */
  private final Ranges removed = new Ranges();

  /** With the writer; {@code removing} of the group that is being written. */
  private Ranges removing = new Ranges();

  private Totals totals;
  private long lastStart;
  private long removalsNotBefore;

  /** How many are removed at once: the least after a failure, and then twice as many each time. */
  private long removalLimit = GROUP_REMOVALS;

  /** Whether space can be given back, and when: in pauses, or a piece a second. */
  private boolean sparse;

  private long giveBackAt;
  private boolean closing;
  private boolean hasEnded;

  Inbox(Path directory, long mostBytes, long syncNanos, TimeSource time, Totals totals) {
    this.directory = directory;
    this.mostBytes = mostBytes;
    this.syncNanos = syncNanos;
    this.time = time;
    this.totals = totals;
    // The first group does not wait.
    this.lastStart = time.nanos() - syncNanos;
    this.removalsNotBefore = lastStart;
  }

  // ---- Callers ----------------------------------------------------------------------------------

  CompletableFuture<Long> append(List<byte[]> items) {
    if (items.isEmpty()) {
      throw new IllegalArgumentException("an append needs an item");
    }
    List<byte[]> own = List.copyOf(items);
    long bytes = 0;
    for (byte[] item : own) {
      if (item.length > ITEM_BYTES) {
        return failed(Failures.tooLarge(directory, item.length, ITEM_BYTES));
      }
      bytes += item.length;
    }
    Append append = new Append(own, bytes, new CompletableFuture<>());
    LinkException refused;
    lock.lock();
    try {
      refused = refusal(append);
      if (refused == null) {
        waiting.add(append);
        waitingBytes += weight(append);
        promisedBytes += bytes;
        // The writer waits for the first, and then until the group is due or full.
        if (waiting.size() == 1 || waitingBytes >= GROUP_BYTES) {
          changed.signal();
        }
      }
    } finally {
      lock.unlock();
    }
    return refused == null ? append.done() : failed(refused);
  }

  private @Nullable LinkException refusal(Append append) {
    if (closing) {
      return Failures.closed(directory);
    }
    if (totals.bytes() + promisedBytes + append.bytes() > mostBytes) {
      Totals kept = new Totals(totals.last(), totals.items(), totals.bytes() + promisedBytes);
      return Failures.full(directory, kept, mostBytes, append.bytes());
    }
    if (!waiting.isEmpty() && waitingBytes + weight(append) > WAITING_BYTES) {
      return Failures.behind(directory, waitingBytes);
    }
    return null;
  }

  private static long weight(Append append) {
    return append.bytes() + ITEM_OVERHEAD * append.items().size();
  }

  private static CompletableFuture<Long> failed(LinkException e) {
    return CompletableFuture.failedFuture(e);
  }

  void remove(long number) {
    lock.lock();
    try {
      if (closing || number < 1 || number > totals.last()) {
        return;
      }
      boolean first = removed.isEmpty();
      removed.add(number);
      if (first) {
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  boolean isRemoved(long number) {
    lock.lock();
    try {
      return removed.contains(number) || removing.contains(number);
    } finally {
      lock.unlock();
    }
  }

  Totals totals() {
    lock.lock();
    try {
      return totals;
    } finally {
      lock.unlock();
    }
  }

  /** Takes nothing more, and lets the writer finish. Idempotent. */
  void close() {
    lock.lock();
    try {
      closing = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the writer has finished; false when the disk did not answer for too long. */
  boolean awaitEnd() {
    boolean interrupted = false;
    lock.lock();
    try {
      long start = time.nanos();
      while (!hasEnded) {
        long left = CLOSE_NANOS - (time.nanos() - start);
        if (left <= 0) {
          return false;
        }
        try {
          ended.awaitNanos(time.sleepNanos(left));
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      return true;
    } finally {
      lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  // ---- The writer -------------------------------------------------------------------------------

  /** Waits for the next group; null when it is closed and nothing is left. */
  @Nullable
  Group take() {
    lock.lock();
    try {
      while (true) {
        if (closing && waiting.isEmpty() && removed.isEmpty()) {
          return null;
        }
        long now = time.nanos();
        long left = closing ? 0 : untilDue(now);
        if (left <= 0) {
          return group(now);
        }
        try {
          changed.awaitNanos(time.sleepNanos(left));
        } catch (InterruptedException e) {
          // A stray interrupt ends nothing: only close() does.
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private long untilDue(long now) {
    if (!waiting.isEmpty()) {
      return waitingBytes >= GROUP_BYTES ? 0 : lastStart + syncNanos - now;
    }
    if (!removed.isEmpty()) {
      return Math.max(lastStart + syncNanos - now, removalsNotBefore - now);
    }
    return sparse ? giveBackAt - now : Long.MAX_VALUE;
  }

  private Group group(long now) {
    List<Append> appends = new ArrayList<>();
    long bytes = 0;
    while (!waiting.isEmpty()
        && (appends.isEmpty()
            || (syncNanos > 0 && bytes + weight(waiting.peek()) <= GROUP_BYTES))) {
      Append append = waiting.remove();
      bytes += weight(append);
      appends.add(append);
    }
    waitingBytes -= bytes;
    if (closing || now - removalsNotBefore >= 0) {
      removing = removed.take(GROUP_RUNS, removalLimit);
    }
    boolean giveBack = sparse && !closing && now - giveBackAt >= 0;
    Group group =
        new Group(List.copyOf(appends), removing, removalLimit < GROUP_REMOVALS, giveBack);
    if (!group.isEmpty()) {
      lastStart = now;
    }
    return group;
  }

  /**
   * Takes note of what became of a group, before its callers are told.
   *
   * @param wasRemoved whether its removals are done; otherwise they are tried again, a little at a time,
   *     and in a while when that fails too
   */
  void done(Group group, boolean wasRemoved, Totals now) {
    lock.lock();
    try {
      totals = now;
      promisedBytes -= group.bytes();
      if (!group.removals().isEmpty()) {
        removalsDone(wasRemoved);
      }
    } finally {
      lock.unlock();
    }
  }

  private void removalsDone(boolean worked) {
    boolean hopeless = !worked && removalLimit == LEAST_REMOVALS;
    if (!worked && !(closing && hopeless)) {
      removed.addAll(removing);
    }
    removing = new Ranges();
    removalLimit = worked ? Math.min(GROUP_REMOVALS, removalLimit * 2) : LEAST_REMOVALS;
    removalsNotBefore = time.nanos() + (hopeless ? RETRY_NANOS : 0);
  }

  /** Takes note of whether there is space to give back after that group. */
  void tidied(Group group, boolean isSparse) {
    lock.lock();
    try {
      if (isSparse && (!sparse || group.giveBack())) {
        giveBackAt = time.nanos() + (group.isEmpty() ? 0 : GIVE_BACK_NANOS);
      }
      sparse = isSparse;
    } finally {
      lock.unlock();
    }
  }

  /** What nobody will write any more. */
  List<Append> end() {
    lock.lock();
    try {
      closing = true;
      hasEnded = true;
      List<Append> left = new ArrayList<>(waiting);
      waiting.clear();
      removed.clear();
      ended.signalAll();
      return left;
    } finally {
      lock.unlock();
    }
  }
}
