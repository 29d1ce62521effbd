package io.liblink.pipeline;

import io.liblink.cluster.Failures;
import io.liblink.delivery.ProducerOptions;
import io.liblink.spool.Spool;
import io.liblink.spool.SpoolProvider;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.telemetry.Drop;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Items that are kept on disk: accepted when they are there, forgotten there when they are settled.
 * Memory holds a {@link SpoolWindow} of them.
 *
 * <p>Appends are accepted in the order of the disk, one at a time, under {@link #order}, which is
 * taken before the producer's lock.
 */
final class SpoolIntake implements Intake {
  /** Bytes that may be on their way to disk. */
  private static final long MOST_WRITING = 32L << 20;

  /** What was settled may lie on disk for a moment beyond what is allowed. */
  private static final long SPARE = 64L << 20;

  private final ItemProducer producer;
  private final Producers owner;
  private final Lock lock;
  private final Spool spool;
  private final boolean blocks;
  private final long recovered;

  private final ReentrantLock order = new ReentrantLock();

  /** Guarded by order. */
  private final ArrayDeque<Appending> appends = new ArrayDeque<>();

  // Guarded by lock, the producer's.
  private final Room writing;
  private final Room disk;
  private final SpoolWindow window;

  /** Items that stay on disk although nothing more is done with them in this process. */
  private int kept;

  /** Items that are over and about to be removed. */
  private int forgetting;

  private SpoolIntake(
      ItemProducer producer, Producers owner, Lock lock, Ledger ledger, Spool spool) {
    ProducerOptions options = producer.options();
    this.producer = producer;
    this.owner = owner;
    this.lock = lock;
    this.spool = spool;
    this.blocks = options.blocks();
    String buffer = "the buffer of the producer of " + producer.queue();
    this.writing = new Room(
        buffer,
        "ProducerOptions.buffer",
        lock,
        options.bufferItems(),
        Math.min(options.bufferBytes(), MOST_WRITING));
    this.window = new SpoolWindow(this.producer, owner, lock, ledger, spool);
    this.disk = new Room(
        "the spool " + options.spool(),
        "ProducerOptions.spoolBytes",
        lock,
        Integer.MAX_VALUE,
        options.spoolBytes());
    this.recovered = spool.items();
    disk.force((int) Math.min(Integer.MAX_VALUE / 2, recovered), spool.bytes());
  }

  static SpoolIntake open(ItemProducer producer, Producers owner, Lock lock, Ledger ledger) {
    ProducerOptions options = producer.options();
    Path directory = Objects.requireNonNull(options.spool());
    Spool spool = SpoolProviders.find(directory)
        .open(new SpoolProvider.Settings(
            directory, options.spoolBytes() + SPARE, options.syncEvery(), owner.time));
    return new SpoolIntake(producer, owner, lock, ledger, spool);
  }

  @Override
  public String producer() {
    return spool.id();
  }

  @Override
  public void start() {
    window.readMore();
  }

  // ---- accepting ----------------------------------------------------------------------------

  @Override
  public void push(List<PushedItem> items) {
    CompletableFuture<Void> done = append(items, blocks);
    try {
      done.get();
    } catch (ExecutionException e) {
      throw Failures.unwrap(Objects.requireNonNull(e.getCause())).toBuilder().build();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw LinkException.failure(
              Status.CANCELLED,
              Stage.SEND,
              "the thread was interrupted while the item was written; it may be accepted")
          .ran(Ran.MAYBE)
          .cause(e)
          .build();
    }
  }

  @Override
  public CompletableFuture<Void> pushAsync(List<PushedItem> items) {
    CompletableFuture<Void> done;
    try {
      done = append(items, false);
    } catch (LinkException e) {
      return CompletableFuture.failedFuture(e);
    }
    CompletableFuture<Void> told = new CompletableFuture<>();
    // The disk's own thread must not wait for what depends on this.
    done.whenComplete((kept, failure) -> owner.work(() -> {
      if (failure == null) {
        told.complete(null);
      } else {
        told.completeExceptionally(failure);
      }
    }));
    return told;
  }

  private CompletableFuture<Void> append(List<PushedItem> items, boolean waits) {
    List<byte[]> entries = new ArrayList<>(items.size());
    long bytes = 0;
    long stored = 0;
    for (PushedItem item : items) {
      byte[] entry = item.toStore();
      entries.add(entry);
      bytes += item.bytes;
      stored += entry.length;
    }
    lock.lock();
    try {
      producer.enter(disk, items.size(), stored, waits);
      boolean in = false;
      try {
        producer.enter(writing, items.size(), bytes, waits);
        in = true;
      } finally {
        if (!in) {
          disk.give(items.size(), stored);
        }
      }
    } finally {
      lock.unlock();
    }
    Appending made;
    order.lock();
    try {
      CompletableFuture<Long> written = write(entries);
      made = new Appending(items, bytes, stored, written, new CompletableFuture<>());
      appends.add(made);
    } finally {
      order.unlock();
    }
    made.written().whenComplete((first, failure) -> acceptWritten());
    return made.accepted();
  }

  private CompletableFuture<Long> write(List<byte[]> entries) {
    try {
      return spool.append(entries);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Accepts what is on disk, up to the first that is not. */
  private void acceptWritten() {
    List<Appending> done = new ArrayList<>();
    order.lock();
    try {
      for (Appending a = appends.peek(); a != null && a.written().isDone(); a = appends.peek()) {
        appends.remove();
        accept(a);
        done.add(a);
      }
    } finally {
      order.unlock();
    }
    for (Appending a : done) {
      a.written().whenComplete((first, failure) -> {
        if (failure == null) {
          a.accepted().complete(null);
        } else {
          LinkException why = Failures.unwrap(failure);
          if (why.status() == Status.RESOURCE_EXHAUSTED) {
            owner.counters.drop(Drop.BUFFER_FULL);
          }
          a.accepted().completeExceptionally(why);
        }
      });
    }
  }

  private void accept(Appending a) {
    List<PushedItem> tooLate = new ArrayList<>();
    producer.step(producer.now(), outcome -> {
      writing.give(a.items().size(), a.bytes());
      if (a.written().isCompletedExceptionally()) {
        disk.give(a.items().size(), a.stored());
        return;
      }
      long number = a.written().join();
      for (PushedItem item : a.items()) {
        item.number = number++;
        if (producer.isEnded()) {
          tooLate.add(item);
        } else {
          window.accept(item);
        }
      }
      owner.pushed.add(a.items().size());
    });
    producer.abandoned(tooLate);
  }

  // ---- settling -----------------------------------------------------------------------------

  @Override
  public void over(PushedItem item, boolean isKept) {
    window.over(item);
    if (isKept) {
      kept++;
    } else {
      forgetting++;
    }
  }

  @Override
  public void forget(List<PushedItem> items) {
    long stored = 0;
    for (int i = 0; i < items.size(); i++) {
      spool.remove(items.get(i).number);
      stored += items.get(i).stored;
    }
    long bytes = stored;
    producer.step(producer.now(), outcome -> {
      disk.give(items.size(), bytes);
      forgetting -= items.size();
    });
    window.readMore();
  }

  // ---- what is known, and the end -----------------------------------------------------------

  @Override
  public long beyond() {
    long known = (long) window.items() + kept + window.unreadable() + forgetting;
    return disk.items() - known;
  }

  @Override
  public int forgetting() {
    return forgetting;
  }

  @Override
  public long recovered() {
    return recovered;
  }

  @Override
  public boolean outlives() {
    return true;
  }

  @Override
  public String trouble() {
    return window.trouble();
  }

  @Override
  public void takeNoMore() {
    writing.close();
    disk.close();
  }

  @Override
  public void close() {
    spool.close();
    List<PushedItem> left;
    lock.lock();
    try {
      left = window.takeParked();
    } finally {
      lock.unlock();
    }
    producer.abandoned(left);
  }
}
