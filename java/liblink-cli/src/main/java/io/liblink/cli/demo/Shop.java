package io.liblink.cli.demo;

import io.liblink.Node;
import io.liblink.Service;
import io.liblink.Trait;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import java.util.Map;

/** The services of the shop, as a user would write them. */
public final class Shop {
  private static final Map<String, Integer> CENTS = Map.of("tea", 450, "cup", 1290, "pot", 3999);

  private Shop() {}

  /** What somebody wants. */
  public record Order(String item, int count) {}

  /** What one of it costs, and which instance said so. */
  public record Price(int cents, String from) {}

  /** What was set aside. */
  public record Reserved(String item, int count) {}

  /** What the customer gets. */
  public record Receipt(String item, int count, int totalCents, String pricedBy) {}

  /** Knows prices. Asking twice is harmless, so callers may repeat by themselves. */
  public static Service pricing(Node node) {
    return Service.named("pricing")
        .method(
            "price", String.class, item -> new Price(cents(item), node.name()), Trait.IDEMPOTENT);
  }

  private static int cents(String item) {
    Integer cents = CENTS.get(item);
    if (cents == null) {
      throw new LinkException(Status.NOT_FOUND, "the shop has no '" + item + "'");
    }
    return cents;
  }

  /** Sets goods aside. */
  public static Service stock(Node node) {
    return Service.named("stock")
        .meta("warehouse", "north")
        .method("reserve", Order.class, order -> new Reserved(order.item(), order.count()));
  }

  /** Takes orders: asks the other two. */
  public static Service orders(Node node) {
    var pricing = node.service("pricing");
    var stock = node.service("stock");
    return Service.named("orders").method("place", Order.class, order -> {
      Price price = pricing.call("price", order.item(), Price.class);
      stock.call("reserve", order, Reserved.class);
      return new Receipt(order.item(), order.count(), order.count() * price.cents(), price.from());
    });
  }
}
