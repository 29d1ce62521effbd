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
import io.liblink.wire.ProtocolException;
import io.liblink.wire.StoredMessage;
import io.liblink.wire.Texts;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Items that are kept on disk: accepted when they are there, forgotten there when they are settled.
 * Memory holds a window of them, the oldest; what does not fit is read back in pages when there is
 * room again.
 *
 * <p>Appends are accepted in the order of the disk, one at a time, under {@link #order}, which is
 * taken before the producer's lock. So what is in the window has lower numbers than what is not, but
 * for an item that a page brought before its append was heard of: pages are read only up to what was
 * accepted.
 */
final class SpoolIntake implements Intake {
  /** Bytes that may be on their way to disk. */
  private static final long MOST_WRITING = 32L << 20;

  /** What was settled may lie on disk for a moment beyond what is allowed. */
  private static final long SPARE = 64L << 20;

  private static final long RETRY_NANOS = 1_000_000_000L;

  private final ItemProducer producer;
  private final Producers owner;
  private final Lock lock;
  private final Ledger ledger;
  private final Spool spool;
  private final boolean blocks;
  private final long recovered;

  private final ReentrantLock order = new ReentrantLock();

  /** Guarded by order. */
  private final ArrayDeque<Appending> appends = new ArrayDeque<>();

  private final ReferenceQueue<PushedItem> forgotten = new ReferenceQueue<>();

  // Guarded by lock, the producer's.
  private final Room writing;
  private final Room disk;
  private final Room window;
  private final Map<Long, Parked> parked = new HashMap<>();

  /** The highest number that is or was in the window. */
  private long windowEnd;

  /** The highest number that was accepted from this process. */
  private long accepted;

  /** Items of the process before that were not read yet: the lowest numbers. */
  private long toRecover;

  /** Whether there are items on disk only: until they are read, all that are accepted stay there. */
  private boolean behind;

  private boolean reading;
  private int kept;
  private String trouble = "";

  private SpoolIntake(
      ItemProducer producer, Producers owner, Lock lock, Ledger ledger, Spool spool) {
    ProducerOptions options = producer.options();
    this.producer = producer;
    this.owner = owner;
    this.lock = lock;
    this.ledger = ledger;
    this.spool = spool;
    this.blocks = options.blocks();
    String buffer = "the buffer of the producer of " + producer.queue();
    this.writing = new Room(
        buffer,
        "ProducerOptions.buffer",
        lock,
        options.bufferItems(),
        Math.min(options.bufferBytes(), MOST_WRITING));
    this.window = new Room(
        buffer, "ProducerOptions.buffer", lock, options.bufferItems(), options.bufferBytes());
    this.disk = new Room(
        "the spool " + options.spool(),
        "ProducerOptions.spoolBytes",
        lock,
        Integer.MAX_VALUE,
        options.spoolBytes());
    this.recovered = spool.items();
    this.toRecover = recovered;
    this.behind = recovered > 0;
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
    readMore();
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
        accepted = item.number;
        if (producer.isEnded()) {
          tooLate.add(item);
        } else if (!behind && window.take(1, item.bytes)) {
          windowEnd = item.number;
          ledger.add(item);
        } else {
          behind = true;
          park(item);
        }
      }
      owner.pushed.add(a.items().size());
    });
    producer.abandoned(tooLate);
  }

  private void park(PushedItem item) {
    for (Reference<?> gone = forgotten.poll(); gone != null; gone = forgotten.poll()) {
      if (gone instanceof Parked p) {
        parked.remove(p.number, p);
      }
    }
    Parked place = new Parked(item, forgotten);
    parked.put(item.number, place);
    item.park(place);
  }

  // ---- reading back -------------------------------------------------------------------------

  /** Reads what is on disk only, if there is any and room for it. Any thread; does not block. */
  private void readMore() {
    lock.lock();
    try {
      if (!behind || reading || producer.isEnded() || !window.isHalfEmpty()) {
        return;
      }
      reading = true;
    } finally {
      lock.unlock();
    }
    owner.work(this::readPages);
  }

  private void readPages() {
    Texts texts = new Texts();
    try {
      boolean more = true;
      while (more) {
        List<Spool.Entry> page = spool.read(after(), pageItems(), pageBytes());
        more = take(page, texts);
      }
    } catch (RuntimeException e) {
      readingFailed(e);
    }
  }

  private long after() {
    lock.lock();
    try {
      return windowEnd;
    } finally {
      lock.unlock();
    }
  }

  private int pageItems() {
    lock.lock();
    try {
      return Math.max(1, window.freeItems());
    } finally {
      lock.unlock();
    }
  }

  private long pageBytes() {
    lock.lock();
    try {
      return Math.max(1, window.freeBytes());
    } finally {
      lock.unlock();
    }
  }

  /** Takes a page into the window; false when no more is to be read now. */
  private boolean take(List<Spool.Entry> page, Texts texts) {
    List<@Nullable StoredMessage> messages = new ArrayList<>(page.size());
    for (Spool.Entry entry : page) {
      messages.add(decode(entry, texts));
    }
    boolean[] more = new boolean[1];
    producer.step(producer.now(), outcome -> {
      trouble = "";
      boolean full = false;
      for (int i = 0; i < page.size() && !full; i++) {
        long number = page.get(i).number();
        if (toRecover == 0 && number > accepted) {
          break; // its append will be heard of
        }
        full = !take(number, page.get(i).item().length, messages.get(i));
      }
      behind = !page.isEmpty() && (toRecover > 0 || windowEnd < accepted);
      toRecover = page.isEmpty() ? 0 : toRecover;
      more[0] = behind && !full && !producer.isEnded();
      reading = more[0];
    });
    return more[0];
  }

  /** False when there is no room. */
  private boolean take(long number, int stored, @Nullable StoredMessage message) {
    Parked place = parked.get(number);
    if (message != null) {
      PushedItem item = place == null ? null : place.get();
      if (item == null) {
        item = new PushedItem(
            spool.id(), message.content(), message.trace(), owner.time, producer.now());
        item.number = number;
        item.stored = stored;
        item.attempt = toRecover > 0 ? 2 : 1; // it may have been sent before
      } else {
        item.unpark(message);
      }
      if (!window.take(1, item.bytes)) {
        if (place != null) {
          item.park(place);
        }
        return false;
      }
      ledger.add(item);
    } else {
      kept++;
    }
    parked.remove(number);
    windowEnd = number;
    toRecover = Math.max(0, toRecover - 1);
    return true;
  }

  private @Nullable StoredMessage decode(Spool.Entry entry, Texts texts) {
    try {
      return StoredMessage.decode(entry.item(), texts);
    } catch (ProtocolException | IllegalArgumentException e) {
      owner.unreadable.increment();
      Producers.log().log(
          System.Logger.Level.ERROR,
          "item " + entry.number() + " in the spool " + producer.options().spool()
              + " can't be read, and stays there: " + e.getMessage());
      return null;
    }
  }

  private void readingFailed(RuntimeException e) {
    LinkException why = Failures.unwrap(e);
    Producers.log().log(
        System.Logger.Level.WARNING,
        "items of " + producer.queue() + " can't be read from the spool; tried again",
        why);
    lock.lock();
    try {
      trouble = "items can't be read from the spool: " + why.problem();
      reading = false;
    } finally {
      lock.unlock();
    }
    owner.timer(RETRY_NANOS, this::readMore);
  }

  // ---- settling -----------------------------------------------------------------------------

  @Override
  public void over(PushedItem item, boolean isKept) {
    window.give(1, item.bytes);
    if (isKept) {
      kept++;
    } else {
      disk.give(1, item.stored);
    }
  }

  @Override
  public void forget(List<PushedItem> items) {
    for (int i = 0; i < items.size(); i++) {
      spool.remove(items.get(i).number);
    }
    readMore();
  }

  // ---- what is known, and the end -----------------------------------------------------------

  @Override
  public long beyond() {
    return disk.items() - window.items() - kept;
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
    return trouble;
  }

  @Override
  public void takeNoMore() {
    writing.close();
    disk.close();
  }

  @Override
  public void close() {
    spool.close();
    List<PushedItem> left = new ArrayList<>();
    lock.lock();
    try {
      for (Parked place : parked.values()) {
        PushedItem item = place.get();
        if (item != null) {
          left.add(item);
        }
      }
      parked.clear();
    } finally {
      lock.unlock();
    }
    producer.abandoned(left);
  }
}
