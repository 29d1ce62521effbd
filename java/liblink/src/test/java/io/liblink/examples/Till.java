package io.liblink.examples;

import io.liblink.Node;
import io.liblink.RemoteService;

/** The program of docs/guide/start.md that calls. */
public final class Till {
  record Sku(String id) {}

  record Quote(Sku sku, int cents) {}

  public static void main(String[] args) {
    try (Node node = Node.join("shop")) {
      RemoteService pricing = node.service("pricing");
      Quote quote = pricing.call("quote", new Sku("A-1"), Quote.class);
      System.out.println(quote);
    }
  }
}
