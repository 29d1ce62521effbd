package io.liblink.registry.local;

import io.liblink.registry.Instance;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.time.TimeSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What this node announces, and the work of keeping its file like that: written after each change,
 * renewed by beats, written again when it vanished, tried again while it can't be written.
 *
 * <p>What is wanted changes on any thread, under {@link #lock}; files are touched under {@link #io},
 * by the registry's thread and by {@link #close}.
 */
final class OwnEntry {
  private static final System.Logger LOG = System.getLogger(OwnEntry.class.getName());
  private static final long CLOSE_MILLIS = 2000;

  private final EntryFile file;
  private final EntryWriter writer;
  private final TimeSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final ReentrantLock io = new ReentrantLock();

  /** By service, in the order of their first announcement. Guarded by {@link #lock}. */
  private final Map<String, Wanted> wanted = new LinkedHashMap<>();

  /** Waiting for the file to say what is wanted, by service. Guarded by {@link #lock}. */
  private final Map<String, Waiting> waiting = new LinkedHashMap<>();

  /** Counts changes of what is wanted. Guarded by {@link #lock}. */
  private long revision;

  /** Guarded by {@link #lock}. */
  private boolean closed;

  /** The revision that the file has; -1 when the file is to be written whatever it has. */
  private long written;

  private long nextBeat;
  private long retryAt;
  private int failures;
  private volatile String problem = "";

  private record Wanted(Instance instance, long revision) {}

  private record Waiting(CompletableFuture<Void> stage, long revision) {}

  private record Snapshot(@Nullable Instance newest, List<Instance> instances, long revision) {}

  OwnEntry(EntryFile file, EntryWriter writer, TimeSource clock) {
    this.file = file;
    this.writer = writer;
    this.clock = clock;
  }

  CompletionStage<Void> announce(Instance instance) {
    return change(instance.service(), instance);
  }

  CompletionStage<Void> withdraw(String service) {
    return change(service, null);
  }

  private CompletionStage<Void> change(String service, @Nullable Instance instance) {
    lock.lock();
    try {
      if (closed) {
        return CompletableFuture.failedStage(closedFailure(service));
      }
      if (instance == null && !wanted.containsKey(service) && !waiting.containsKey(service)) {
        return CompletableFuture.completedStage(null);
      }
      revision++;
      if (instance == null) {
        wanted.remove(service);
      } else {
        wanted.put(service, new Wanted(instance, revision));
      }
      // One stage for a service, however often it changes before it can be written; unless whoever
      // got it has ended it, by a timeout of their own.
      Waiting before = waiting.get(service);
      CompletableFuture<Void> stage =
          before == null || before.stage.isDone() ? new CompletableFuture<>() : before.stage;
      waiting.put(service, new Waiting(stage, revision));
      return stage;
    } finally {
      lock.unlock();
    }
  }

  /** What keeps the file from being written, for the operator; empty when nothing does. */
  String problem() {
    return problem;
  }

  /**
   * Does what is due, on the registry's thread.
   *
   * @return the nanoseconds until something is due again
   */
  long step() {
    List<CompletableFuture<Void>> done = new ArrayList<>();
    long wait;
    io.lock();
    try {
      wait = locked(clock.nanos(), done);
    } finally {
      io.unlock();
    }
    // Whoever waits must not run under a lock.
    done.forEach(stage -> stage.complete(null));
    return wait;
  }

  private long locked(long now, List<CompletableFuture<Void>> done) {
    Snapshot snapshot = snapshot();
    if (snapshot == null) {
      return Long.MAX_VALUE;
    }
    if (snapshot.revision == written) {
      if (snapshot.newest == null) {
        return Long.MAX_VALUE;
      }
      if (now - nextBeat < 0) {
        return nextBeat - now;
      }
      if (beat(now)) {
        return Rules.BEAT_NANOS;
      }
    }
    if (failures > 0 && now - retryAt < 0) {
      return retryAt - now;
    }
    if (!write(snapshot, now)) {
      return retryAt - now;
    }
    settle(snapshot.revision, done);
    return snapshot.newest == null ? Long.MAX_VALUE : Rules.BEAT_NANOS;
  }

  /** False when the file has to be written anew. */
  private boolean beat(long now) {
    long late = now - nextBeat;
    if (late > Rules.STALE_NANOS) {
      LOG.log(
          System.Logger.Level.INFO,
          "the heartbeat of {0} was {1} ms late: the process was stopped or starved, and others may"
              + " have left this node out meanwhile",
          file.path(),
          late / 1_000_000);
    }
    try {
      file.beat();
      nextBeat = now + Rules.BEAT_NANOS;
      problem = "";
      return true;
    } catch (java.nio.file.NoSuchFileException e) {
      written = -1;
      return false;
    } catch (IOException e) {
      problem = file.words("can't renew this node's entry in", e);
      nextBeat = now + Rules.BEAT_NANOS;
      return true;
    }
  }

  private boolean write(Snapshot first, long now) {
    try {
      if (first.newest == null) {
        file.remove();
      } else {
        byte[] bytes = writer.write(first.newest, first.instances);
        if (bytes.length > Rules.MAX_ENTRY_BYTES) {
          refuse(first.newest, bytes.length);
          retryAt = now;
          return false;
        }
        file.write(bytes);
      }
      written = first.revision;
      nextBeat = now + Rules.BEAT_NANOS;
      failures = 0;
      problem = "";
      return true;
    } catch (IOException e) {
      problem = file.words(
          first.newest == null
              ? "can't remove this node's entry in"
              : "can't write this node's entry in",
          e);
      retryAt = now + Math.min(Rules.RETRY_MAX_NANOS, Rules.RETRY_NANOS << Math.min(failures, 10));
      failures++;
      return false;
    }
  }

  /** Drops the announcement that made the entry too large, so that the others still count. */
  private void refuse(Instance newest, int bytes) {
    Waiting refused;
    lock.lock();
    try {
      Wanted now = wanted.get(newest.service());
      if (now == null || now.instance != newest) {
        return;
      }
      wanted.remove(newest.service());
      revision++;
      refused = waiting.remove(newest.service());
    } finally {
      lock.unlock();
    }
    String text = "service '"
        + newest.service()
        + "' is not announced: with it the entry of this node would have "
        + bytes
        + " bytes, and readers take at most "
        + Rules.MAX_ENTRY_BYTES
        + ": give it less metadata or fewer endpoints";
    LOG.log(System.Logger.Level.WARNING, text);
    if (refused != null) {
      refused.stage.completeExceptionally(
          LinkException.failure(Status.INVALID_ARGUMENT, Stage.DISCOVER, text).build());
    }
  }

  /** Null once closed. */
  private @Nullable Snapshot snapshot() {
    lock.lock();
    try {
      if (closed) {
        return null;
      }
      Wanted newest = null;
      List<Instance> instances = new ArrayList<>(wanted.size());
      for (Wanted w : wanted.values()) {
        instances.add(w.instance);
        newest = newest == null || w.revision > newest.revision ? w : newest;
      }
      return new Snapshot(newest == null ? null : newest.instance, instances, revision);
    } finally {
      lock.unlock();
    }
  }

  private void settle(long upTo, List<CompletableFuture<Void>> done) {
    lock.lock();
    try {
      waiting.values().removeIf(w -> {
        if (w.revision > upTo) {
          return false;
        }
        done.add(w.stage);
        return true;
      });
    } finally {
      lock.unlock();
    }
  }

  /** Removes the file, waiting a little for a write under way, and fails who waits. Idempotent. */
  void close() {
    Map<String, Waiting> left;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      left = new LinkedHashMap<>(waiting);
      waiting.clear();
      wanted.clear();
    } finally {
      lock.unlock();
    }
    removeFile();
    left.forEach((service, w) -> w.stage.completeExceptionally(closedFailure(service)));
  }

  private void removeFile() {
    boolean locked = false;
    try {
      locked = io.tryLock(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      // Without the lock too: a disk that hangs is no reason to leave an entry behind on purpose.
      file.remove();
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          file.words("can't remove this node's entry in", e)
              + "; others leave it out within seconds");
    } finally {
      if (locked) {
        io.unlock();
      }
    }
  }

  private static LinkException closedFailure(String service) {
    return LinkException.failure(
            Status.UNAVAILABLE,
            Stage.DISCOVER,
            "the registry was closed before service '" + service + "' was announced or withdrawn")
        .build();
  }
}
