package io.liblink.examples;

import io.liblink.Node;
import io.liblink.Producer;
import io.liblink.Receipt;
import io.liblink.RemoteService;
import io.liblink.Service;
import io.liblink.Trait;
import io.liblink.WorkerState;
import io.liblink.delivery.ProducerOptions;
import io.liblink.delivery.QueueOptions;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The code of docs/guide/pipeline.md. */
final class PipelineExample {
  private PipelineExample() {}

  record Sku(String id) {}

  static void recalculate(Sku sku) {}

  static void inspect(Sku sku) {}

  static void store(Object what) {}

  static void simplest(Node worker, Node shop) {
    worker.serve(Service.named("pricing").queue("recalculate", Sku.class, sku -> recalculate(sku)));

    RemoteService pricing = shop.service("pricing");
    Receipt receipt = pricing.push("recalculate", new Sku("A-1"));
    receipt.await(Duration.ofSeconds(10));
  }

  static void receipts(RemoteService pricing) {
    List<Receipt> all =
        pricing.pushAll("recalculate", List.of(new Sku("A-1"), new Sku("A-2"), new Sku("A-3")));
    all.get(0).done().thenRun(() -> System.out.println("the first is done"));
    pricing.where("zone == 'eu'").push("recalculate", new Sku("A-4"));
  }

  static void workers(Node worker) {
    worker.serve(Service.named("pricing")
        .queue("recalculate", Sku.class, QueueOptions.defaults().concurrency(64), (sku, item) -> {
          if (item.attempt() > 1) {
            inspect(sku); // it may have been worked on before
          }
          recalculate(sku);
        })
        .queue("count", byte[].class, bytes -> store(bytes), Trait.NON_BLOCKING));
  }

  static void rejecting(Node worker) {
    worker.serve(Service.named("pricing").queue("recalculate", Sku.class, sku -> {
      if (sku.id().isEmpty()) {
        throw new LinkException(Status.INVALID_ARGUMENT, "an article needs an id");
      }
      recalculate(sku);
    }));
  }

  static void remembering(Node worker) {
    QueueOptions once = QueueOptions.defaults().deduplicate(100_000, Duration.ofMinutes(10));
    worker.serve(
        Service.named("pricing").queue("recalculate", Sku.class, once, sku -> recalculate(sku)));
  }

  static void producing(RemoteService pricing) {
    ProducerOptions options = ProducerOptions.defaults()
        .buffer(50_000, 256 << 20)
        .attempts(8)
        .itemTimeout(Duration.ofMinutes(2))
        .deadLetter(letter -> store(letter));
    try (Producer producer = pricing.producer("recalculate", options)) {
      for (int i = 0; i < 100_000; i++) {
        producer.push(new Sku("A-" + i));
      }
      producer.drain(Duration.ofMinutes(5));
    }
  }

  static void looking(Producer producer) {
    System.out.println(producer.waiting() + " wait, " + producer.inFlight() + " are in flight");
    for (WorkerState worker : producer.workers()) {
      System.out.println(worker.node() + " has " + worker.inFlight() + " of them");
    }
  }

  static Producer keeping(RemoteService pricing) {
    Producer producer = pricing.producer(
        "recalculate", ProducerOptions.defaults().spool(Path.of("/var/lib/shop/recalculate")));
    System.out.println(producer.recovered() + " were left from the last time");
    return producer;
  }

  static void stages(Node middle) {
    RemoteService next = middle.service("second");
    middle.serve(Service.named("first")
        .queueAsync(
            "q",
            Sku.class,
            QueueOptions.defaults(),
            (sku, item) -> next.push("q", sku).done()));
  }
}
