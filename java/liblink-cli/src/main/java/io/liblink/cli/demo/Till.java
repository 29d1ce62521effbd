package io.liblink.cli.demo;

import io.liblink.Event;
import io.liblink.RemoteService;
import io.liblink.Subscription;
import io.liblink.cli.demo.Shop.Receipt;
import io.liblink.delivery.SubscribeOptions;
import java.util.concurrent.atomic.AtomicLong;

/** Hears of every order, and adds up. Thread-safe. */
final class Till implements AutoCloseable {
  private final Subscription subscription;
  private final AtomicLong events = new AtomicLong();
  private final AtomicLong cents = new AtomicLong();
  private final AtomicLong last = new AtomicLong();
  private final AtomicLong outOfOrder = new AtomicLong();

  /** Subscribes; nothing that is published from then on is missed. */
  Till(RemoteService orders) {
    this.subscription =
        orders.subscribe("placed", Receipt.class, SubscribeOptions.defaults(), this::on);
  }

  private void on(Receipt receipt, Event<Receipt> event) {
    if (last.getAndSet(event.sequence()) >= event.sequence()) {
      outOfOrder.incrementAndGet();
    }
    cents.addAndGet(receipt.totalCents());
    events.incrementAndGet();
  }

  /** Orders it has heard of. */
  long events() {
    return events.get();
  }

  /** What they come to. */
  long cents() {
    return cents.get();
  }

  /** The number of the newest, counted by their publisher. */
  long last() {
    return last.get();
  }

  long missed() {
    return subscription.missed();
  }

  boolean inOrder() {
    return outOfOrder.get() == 0;
  }

  @Override
  public void close() {
    subscription.close();
  }
}
