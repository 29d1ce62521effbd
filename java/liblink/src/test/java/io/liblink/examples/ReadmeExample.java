package io.liblink.examples;

import io.liblink.Node;
import io.liblink.RemoteService;
import io.liblink.Service;

/** The program of README.md. */
final class ReadmeExample {
  private ReadmeExample() {}

  record Sku(String id) {}

  record Quote(Sku sku, int cents) {}

  static void shop() {
    try (Node node = Node.join("shop")) {
      node.serve(Service.named("pricing")
          .meta("zone", "eu")
          .method("quote", Sku.class, sku -> new Quote(sku, 1299)));

      RemoteService pricing = node.service("pricing");
      Quote quote = pricing.call("quote", new Sku("A-1"), Quote.class);
      System.out.println(quote);
    }
  }
}
