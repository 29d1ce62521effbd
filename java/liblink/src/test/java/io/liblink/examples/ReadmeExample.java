package io.liblink.examples;

import io.liblink.Node;
import io.liblink.Receipt;
import io.liblink.RemoteService;
import io.liblink.Service;
import java.time.Duration;

/** The program of README.md. */
final class ReadmeExample {
  private ReadmeExample() {}

  record Sku(String id) {}

  record Quote(Sku sku, int cents) {}

  static void shop() {
    try (Node node = Node.join("shop")) {
      node.serve(Service.named("pricing")
          .meta("zone", "eu")
          .method("quote", Sku.class, sku -> new Quote(sku, 1299))
          .topic("changed", Sku.class)
          .queue("recalculate", Sku.class, sku -> System.out.println("new price for " + sku)));

      RemoteService pricing = node.service("pricing");
      Quote quote = pricing.call("quote", new Sku("A-1"), Quote.class);
      System.out.println(quote);

      pricing.subscribe("changed", Sku.class, sku -> System.out.println(sku + " has changed"));
      node.publish("pricing/changed", new Sku("A-1"));

      Receipt receipt = pricing.push("recalculate", new Sku("A-1"));
      receipt.await(Duration.ofSeconds(5)); // a worker is done with it
    }
  }
}
