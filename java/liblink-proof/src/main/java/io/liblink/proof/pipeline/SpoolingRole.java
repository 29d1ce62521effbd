package io.liblink.proof.pipeline;

import io.liblink.Producer;
import io.liblink.Receipt;
import io.liblink.delivery.ProducerOptions;
import io.liblink.proof.books.Ledger;
import io.liblink.proof.process.Facts;
import io.liblink.proof.process.Part;
import io.liblink.proof.process.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Opens a spool and pushes from several threads, one by one and many at once, each item into a ledger as soon as {@code
 * push} has returned, until it is killed. {@code drain} only sends what is left, and closes in good order.
 */
public final class SpoolingRole implements Role {
  private static final int THREADS = 8;
  private static final int TOGETHER = 40;

  /** How many items may be pushed and not in the ledger. */
  static final int UNWRITTEN = THREADS * TOGETHER;

  private final AtomicLong next = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();

  @Override
  public void start(Part part) throws IOException {
    Facts told = part.told();
    Producer producer = part.join()
        .service("work")
        .producer(
            "items",
            ProducerOptions.defaults().spool(Path.of(told.text("spool"))).attempts(20));
    long recovered = producer.recovered();
    part.on("recovered", words -> Facts.of("items", recovered));
    part.on("drain", words -> {
      producer.drain(Duration.ofSeconds(Long.parseLong(words)));
      Facts left = Facts.of("waiting", producer.waiting(), "in-flight", producer.inFlight());
      producer.close();
      return left;
    });
    next.set(told.number("first"));
    part.on("push", words -> {
      Ledger ledger = new Ledger(Path.of(told.text("ledger")));
      for (int i = 0; i < THREADS; i++) {
        SplittableRandom random = new SplittableRandom(told.number("first") + i);
        Thread thread = new Thread(() -> push(producer, ledger, random), "push-" + i);
        thread.setDaemon(true);
        thread.start();
      }
      return Facts.NONE;
    });
    part.on("failed", words -> Facts.of("pushes", failed));
  }

  private void push(Producer producer, Ledger ledger, SplittableRandom random) {
    try {
      while (true) {
        int count = random.nextBoolean() ? 1 : random.nextInt(1, TOGETHER + 1);
        List<Long> values = new ArrayList<>();
        List<byte[]> payloads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          long value = next.getAndIncrement();
          values.add(value);
          payloads.add(new Work(value, 1).payload());
        }
        List<Receipt> receipts =
            count == 1 ? List.of(producer.push(payloads.get(0))) : producer.pushAll(payloads);
        for (int i = 0; i < count; i++) {
          ledger.write(new Ledger.Entry(values.get(i), receipts.get(i).id(), 1, 1));
        }
      }
    } catch (IOException | RuntimeException e) {
      System.err.println("push failed: " + e);
      failed.incrementAndGet();
    }
  }
}
