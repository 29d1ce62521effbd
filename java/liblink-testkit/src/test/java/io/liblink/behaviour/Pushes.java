package io.liblink.behaviour;

import static io.liblink.testkit.TestCluster.await;

import io.liblink.Item;
import io.liblink.Producer;
import io.liblink.Receipt;
import io.liblink.delivery.ProducerOptions;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/** What the tests of queues need again and again. */
final class Pushes {
  static final Duration LONG = Duration.ofSeconds(20);

  private Pushes() {}

  static ProducerOptions options() {
    return ProducerOptions.defaults();
  }

  /** Repeats without a pause. */
  static ProducerOptions eager() {
    return options().backoff(Duration.ZERO, Duration.ZERO);
  }

  static void awaitAll(Collection<Receipt> receipts) {
    receipts.forEach(r -> r.await(LONG));
  }

  static void awaitWorkers(Producer producer, int count) {
    await(
        count + " workers take items",
        () -> producer.workers().stream().filter(w -> w.credit() > 0).count() == count);
  }

  /** What a worker saw, in the order in which it did. */
  static final class Seen {
    final ConcurrentLinkedQueue<String> texts = new ConcurrentLinkedQueue<>();
    final ConcurrentLinkedQueue<Item> items = new ConcurrentLinkedQueue<>();

    void see(String text, Item item) {
      texts.add(text);
      items.add(item);
    }

    List<Integer> attempts() {
      return items.stream().map(Item::attempt).toList();
    }

    void await(int count) {
      io.liblink.testkit.TestCluster.await(count + " items came", () -> items.size() >= count);
    }
  }

  /** Opens for one item after the other. */
  static final class Turnstile {
    private final java.util.concurrent.Semaphore places = new java.util.concurrent.Semaphore(0);
    final CountDownLatch first = new CountDownLatch(1);

    void pass() throws InterruptedException {
      first.countDown();
      places.acquire();
    }

    void let(int items) {
      places.release(items);
    }
  }
}
