package io.liblink.examples;

import io.liblink.Node;
import io.liblink.Service;

/** The program of docs/guide/start.md that serves. */
public final class Pricing {
  record Sku(String id) {}

  record Quote(Sku sku, int cents) {}

  public static void main(String[] args) throws InterruptedException {
    try (Node node = Node.join("shop")) {
      node.serve(Service.named("pricing")
          .meta("zone", "eu")
          .method("quote", Sku.class, sku -> new Quote(sku, 1299)));
      Thread.currentThread().join(); // until the process is stopped
    }
  }
}
