package io.liblink.proof.pipeline;

import io.liblink.Item;
import io.liblink.Node;
import io.liblink.Producer;
import io.liblink.Receipt;
import io.liblink.Service;
import io.liblink.delivery.ProducerOptions;
import io.liblink.delivery.QueueOptions;
import io.liblink.proof.books.Ledger;
import io.liblink.proof.process.Part;
import io.liblink.proof.process.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;

/** Writes each item into its ledger, pushes it on, and acknowledges it when the second stage has done so. */
public final class FirstStageRole implements Role {
  private static final int CONCURRENCY = 200;

  @Override
  public void start(Part part) throws IOException {
    Ledger ledger = new Ledger(Path.of(part.told().text("ledger")));
    Node node = part.join();
    Producer next = node.service("stage-two").producer("items", ProducerOptions.defaults());
    node.serve(Service.named("stage-one")
        .queueAsync(
            "items",
            byte[].class,
            QueueOptions.defaults().concurrency(CONCURRENCY),
            (byte[] payload, Item item) -> pass(ledger, next, payload, item)));
  }

  private static CompletionStage<?> pass(Ledger ledger, Producer next, byte[] payload, Item item)
      throws IOException {
    Work work = Work.read(payload);
    ledger.write(new Ledger.Entry(work.value(), item.id(), item.attempt(), work.before()));
    return next.pushAsync(new Work(work.value(), item.attempt()).payload())
        .thenCompose(Receipt::done);
  }
}
