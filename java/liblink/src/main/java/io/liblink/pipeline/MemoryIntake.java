package io.liblink.pipeline;

import io.liblink.delivery.ProducerOptions;
import io.liblink.status.LinkException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;

/** Items that are in memory only. */
final class MemoryIntake implements Intake {
  private final ItemProducer producer;
  private final Producers owner;
  private final Lock lock;
  private final Ledger ledger;
  private final boolean blocks;

  /** Guarded by lock. */
  private final Room room;

  MemoryIntake(ItemProducer producer, Producers owner, Lock lock, Ledger ledger) {
    ProducerOptions options = producer.options();
    this.producer = producer;
    this.owner = owner;
    this.lock = lock;
    this.ledger = ledger;
    this.blocks = options.blocks();
    this.room = new Room(
        "the buffer of the producer of " + producer.queue(),
        "ProducerOptions.buffer",
        lock,
        options.bufferItems(),
        options.bufferBytes());
  }

  @Override
  public String producer() {
    return owner.id;
  }

  @Override
  public void start() {}

  @Override
  public void push(List<PushedItem> items) {
    accept(items, blocks);
  }

  @Override
  public CompletableFuture<Void> pushAsync(List<PushedItem> items) {
    try {
      accept(items, false);
      return CompletableFuture.completedFuture(null);
    } catch (LinkException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void accept(List<PushedItem> items, boolean waits) {
    long bytes = 0;
    for (int i = 0; i < items.size(); i++) {
      bytes += items.get(i).bytes;
    }
    Lane hungry;
    lock.lock();
    try {
      producer.enter(room, items.size(), bytes, waits);
      for (int i = 0; i < items.size(); i++) {
        PushedItem item = items.get(i);
        item.number = owner.nextNumber();
        ledger.add(item);
      }
      hungry = ledger.toWake(items.get(0).pushedNanos);
    } finally {
      lock.unlock();
    }
    owner.pushed.add(items.size());
    if (hungry != null) {
      hungry.wake.run();
    }
  }

  @Override
  public void takeNoMore() {
    room.close();
  }

  @Override
  public void over(PushedItem item, boolean kept) {
    room.give(1, item.bytes);
  }

  @Override
  public void forget(List<PushedItem> items) {}

  @Override
  public long beyond() {
    return 0;
  }

  @Override
  public int forgetting() {
    return 0;
  }

  @Override
  public long recovered() {
    return 0;
  }

  @Override
  public boolean outlives() {
    return false;
  }

  @Override
  public String trouble() {
    return "";
  }

  @Override
  public void close() {}
}
