package io.liblink.proof.pipeline;

import io.liblink.Producer;
import io.liblink.Receipt;
import io.liblink.delivery.ProducerOptions;
import io.liblink.proof.process.Facts;
import io.liblink.proof.process.Part;
import io.liblink.proof.process.Role;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Pushes items 0 to {@code items} to the first stage, as fast as it takes them, and keeps books of their receipts.
 * {@code push} begins, {@code progress} tells.
 */
public final class SourceRole implements Role {
  private static final int TOGETHER = 100;

  /** Guarded by itself: the values whose receipts are done well. */
  private final BitSet done = new BitSet();

  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong deadLetters = new AtomicLong();
  private final AtomicLong repeated = new AtomicLong();
  private volatile long pushed;
  private volatile String problem = "none";

  @Override
  public void start(Part part) {
    int items = (int) part.told().number("items");
    Producer producer = part.join()
        .service("stage-one")
        .producer(
            "items",
            ProducerOptions.defaults().deadLetter(letter -> deadLetters.incrementAndGet()));
    part.on("push", words -> {
      Thread thread = new Thread(() -> push(producer, items), "push");
      thread.setDaemon(true);
      thread.setUncaughtExceptionHandler((t, e) -> {
        System.err.println("push failed: " + e);
        problem = e.getClass().getSimpleName();
      });
      thread.start();
      return Facts.NONE;
    });
    part.on("progress", words -> progress(producer));
  }

  private void push(Producer producer, int items) {
    for (int first = 0; first < items; first += TOGETHER) {
      List<byte[]> batch = new ArrayList<>();
      for (int v = first; v < Math.min(items, first + TOGETHER); v++) {
        batch.add(new Work(v, 1).payload());
      }
      List<Receipt> receipts = producer.pushAll(batch);
      for (int i = 0; i < receipts.size(); i++) {
        follow(first + i, receipts.get(i));
      }
      pushed = (long) first + batch.size();
    }
  }

  private void follow(int value, Receipt receipt) {
    receipt.done().whenComplete((nothing, e) -> {
      if (receipt.attempts() > 1) {
        repeated.incrementAndGet();
      }
      if (e != null) {
        System.err.println("item " + value + " failed: " + e);
        failed.incrementAndGet();
        return;
      }
      synchronized (done) {
        done.set(value);
      }
    });
  }

  private Facts progress(Producer producer) {
    long well;
    synchronized (done) {
      well = done.cardinality();
    }
    return Facts.of(
        "pushed", pushed,
        "done", well,
        "failed", failed,
        "dead", deadLetters,
        "repeated", repeated,
        "waiting", producer.waiting(),
        "in-flight", producer.inFlight(),
        "problem", problem);
  }
}
