package io.liblink;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.delivery.QueueOptions;
import io.liblink.identity.key.ClusterKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstPushTest {
  record Sku(String code) {}

  @TempDir
  Path directory;

  @Test
  void aNodeWorksOnWhatAnotherPushes() {
    NodeOptions options = NodeOptions.cluster("shop")
        .key(ClusterKey.generate().text())
        .registry("local:" + directory);
    AtomicInteger worked = new AtomicInteger();
    try (Node worker = Node.join(options.name("worker"));
        Node producer = Node.join(options.name("producer"))) {
      worker.serve(Service.named("pricing")
          .queue("recalculate", Sku.class, sku -> worked.incrementAndGet())
          .queue(
              "fast",
              byte[].class,
              QueueOptions.defaults().concurrency(256),
              bytes -> worked.incrementAndGet(),
              Trait.NON_BLOCKING));
      RemoteService pricing = producer.service("pricing");
      pricing.push("recalculate", new Sku("A-1")).await(Duration.ofSeconds(10));
      assertThat(worked).hasValue(1);
      List<Receipt> receipts = new ArrayList<>();
      for (int i = 0; i < 100_000; i++) {
        receipts.add(pricing.push("recalculate", new Sku("A-" + i)));
        receipts.add(pricing.push("fast", new byte[256]));
      }
      receipts.forEach(r -> r.await(Duration.ofSeconds(30)));
      assertThat(worked).hasValue(200_001);
      assertThat(producer.counters()).containsEntry("queue.settled", 200_001L);
    }
  }
}
