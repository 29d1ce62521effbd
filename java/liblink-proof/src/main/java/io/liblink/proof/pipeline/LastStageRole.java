package io.liblink.proof.pipeline;

import io.liblink.Item;
import io.liblink.Service;
import io.liblink.delivery.QueueOptions;
import io.liblink.proof.books.Ledger;
import io.liblink.proof.process.Part;
import io.liblink.proof.process.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/** Takes its time for each item and writes it into its ledger: that is its work. */
public final class LastStageRole implements Role {
  private static final int CONCURRENCY = 64;

  @Override
  public void start(Part part) throws IOException {
    Ledger ledger = new Ledger(Path.of(part.told().text("ledger")));
    String service = part.told().text("service");
    int delay = Integer.parseInt(part.told().values().getOrDefault("delay", "0"));
    part.join()
        .serve(Service.named(service)
            .queue(
                "items",
                byte[].class,
                QueueOptions.defaults().concurrency(CONCURRENCY),
                (byte[] payload, Item item) -> work(ledger, delay, payload, item)));
  }

  private static void work(Ledger ledger, int delay, byte[] payload, Item item)
      throws IOException, InterruptedException {
    if (delay > 0) {
      Thread.sleep(ThreadLocalRandom.current().nextInt(delay + 1));
    }
    Work work = Work.read(payload);
    ledger.write(new Ledger.Entry(work.value(), item.id(), item.attempt(), work.before()));
  }
}
