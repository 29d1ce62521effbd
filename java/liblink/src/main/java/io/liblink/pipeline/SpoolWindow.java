package io.liblink.pipeline;

import io.liblink.cluster.Failures;
import io.liblink.delivery.ProducerOptions;
import io.liblink.spool.Spool;
import io.liblink.status.LinkException;
import io.liblink.wire.ProtocolException;
import io.liblink.wire.StoredMessage;
import io.liblink.wire.Texts;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * The items of a spool that are in memory: a window of the oldest. What does not fit is read back in
 * pages when there is room again. Once something was left on disk all that follows is, until it was
 * read; so what is in the window has lower numbers than what is not. Guarded by the producer's lock
 * where nothing else is said.
 */
final class SpoolWindow {
  private static final long RETRY_NANOS = 1_000_000_000L;

  private final ItemProducer producer;
  private final Producers owner;
  private final Lock lock;
  private final Ledger ledger;
  private final Spool spool;
  private final Room window;
  private final ReferenceQueue<PushedItem> forgotten = new ReferenceQueue<>();
  private final Map<Long, Parked> parked = new HashMap<>();

  /** The highest number that is or was in the window. */
  private long end;

  /** The highest number that was accepted from this process: no page is taken beyond. */
  private long accepted;

  /** Items of the process before that were not read yet: the lowest numbers. */
  private long toRecover;

  /** Whether there are items on disk only. */
  private boolean behind;

  private boolean reading;
  private int unreadable;
  private String trouble = "";

  SpoolWindow(ItemProducer producer, Producers owner, Lock lock, Ledger ledger, Spool spool) {
    ProducerOptions options = producer.options();
    this.producer = producer;
    this.owner = owner;
    this.lock = lock;
    this.ledger = ledger;
    this.spool = spool;
    this.window = new Room(
        "the window", "ProducerOptions.buffer", lock, options.bufferItems(), options.bufferBytes());
    this.toRecover = spool.items();
    this.behind = toRecover > 0;
  }

  // ---- under the lock -----------------------------------------------------------------------

  /** An item is on disk, the next by number. */
  void accept(PushedItem item) {
    accepted = item.number;
    if (!behind && window.take(1, item.bytes)) {
      end = item.number;
      ledger.add(item);
    } else {
      behind = true;
      park(item);
    }
  }

  void over(PushedItem item) {
    window.give(1, item.bytes);
  }

  /** How many it holds. */
  int items() {
    return window.items();
  }

  /** Items that can't be read. */
  int unreadable() {
    return unreadable;
  }

  /** Why nothing is read back, in words; mostly empty. */
  String trouble() {
    return trouble;
  }

  /** Items that are only on disk and whose receipts somebody holds; they are forgotten here. */
  List<PushedItem> takeParked() {
    List<PushedItem> all = new ArrayList<>();
    for (Parked place : parked.values()) {
      PushedItem item = place.get();
      if (item != null) {
        all.add(item);
      }
    }
    parked.clear();
    return all;
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
  void readMore() {
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
      return end;
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
      behind = !page.isEmpty() && (toRecover > 0 || end < accepted);
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
      unreadable++;
    }
    parked.remove(number);
    end = number;
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
}
