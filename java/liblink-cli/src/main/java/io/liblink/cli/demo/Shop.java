package io.liblink.cli.demo;

import io.liblink.Node;
import io.liblink.Service;
import io.liblink.Trait;
import io.liblink.delivery.QueueOptions;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** The services of the shop, as a user would write them. */
public final class Shop {
  private static final Map<String, Integer> CENTS = Map.of("tea", 450, "cup", 1290, "pot", 3999);

  private static final long PACKING_NANOS = 4_000_000;

  private Shop() {}

  /** What somebody wants. */
  public record Order(String item, int count) {}

  /** What one of it costs, and which instance said so. */
  public record Price(int cents, String from) {}

  /** What was set aside. */
  public record Reserved(String item, int count) {}

  /** What the customer gets. */
  public record Receipt(String item, int count, int totalCents, String pricedBy) {}

  /** Something to be packed, later who packed it and at which attempt. */
  public record Parcel(int number, String packedBy, int attempt) {}

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

  /** Takes orders: asks the other two, and tells everybody who wants to know. */
  public static Service orders(Node node) {
    var pricing = node.service("pricing");
    var stock = node.service("stock");
    return Service.named("orders")
        .topic("placed", Receipt.class)
        .method("place", Order.class, o -> {
          Price price = pricing.call("price", o.item(), Price.class);
          stock.call("reserve", o, Reserved.class);
          Receipt receipt =
              new Receipt(o.item(), o.count(), o.count() * price.cents(), price.from());
          node.publish("orders/placed", receipt);
          return receipt;
        });
  }

  /** Packs parcels. One is done when the next stage has it, so none is lost in between. */
  public static Service packing(Node node) {
    var shipping = node.service("shipping");
    return Service.named("packing")
        .queueAsync("pack", Parcel.class, QueueOptions.defaults(), (parcel, item) -> {
          LockSupport.parkNanos(PACKING_NANOS);
          return shipping
              .push("ship", new Parcel(parcel.number(), node.name(), item.attempt()))
              .done();
        });
  }
}
