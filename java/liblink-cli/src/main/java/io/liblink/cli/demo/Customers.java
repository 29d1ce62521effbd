package io.liblink.cli.demo;

import io.liblink.RemoteService;
import io.liblink.cli.demo.Shop.Order;
import io.liblink.cli.demo.Shop.Receipt;
import io.liblink.time.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Some customers who order, wait for the receipt, and order again, until the shop closes. */
final class Customers implements AutoCloseable {
  private final RemoteService orders;
  private final TimeSource time;
  private final List<Thread> threads = new ArrayList<>();
  private final LongAdder served = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final AtomicLong slowestNanos = new AtomicLong();
  private final Map<String, LongAdder> pricedBy = new ConcurrentSkipListMap<>();
  private final Map<String, LongAdder> problems = new ConcurrentHashMap<>();
  private volatile boolean closed;

  Customers(RemoteService orders, TimeSource time) {
    this.orders = orders;
    this.time = time;
  }

  /** Lets so many in. */
  void enter(int count) {
    for (int i = 0; i < count; i++) {
      Thread thread = new Thread(this::shop, "customer-" + i);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  private void shop() {
    while (!closed) {
      long start = time.nanos();
      try {
        Receipt receipt = orders.call("place", new Order("tea", 2), Receipt.class);
        pricedBy.computeIfAbsent(receipt.pricedBy(), n -> new LongAdder()).increment();
        served.increment();
      } catch (RuntimeException e) {
        refused.increment();
        problems
            .computeIfAbsent(String.valueOf(e.getMessage()), m -> new LongAdder())
            .increment();
      }
      slowestNanos.accumulateAndGet(time.nanos() - start, Math::max);
    }
  }

  long served() {
    return served.sum();
  }

  long failed() {
    return refused.sum();
  }

  long slowestNanos() {
    return slowestNanos.get();
  }

  long pricedBy(String node) {
    LongAdder count = pricedBy.get(node);
    return count == null ? 0 : count.sum();
  }

  /** One of the failures, null when there was none. */
  @Nullable
  String problem() {
    return problems.keySet().stream().findFirst().orElse(null);
  }

  /** Everybody finishes the order at hand and leaves. */
  @Override
  public void close() {
    closed = true;
    for (Thread thread : threads) {
      try {
        thread.join(10_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
