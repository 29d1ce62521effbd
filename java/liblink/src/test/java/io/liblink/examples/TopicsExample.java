package io.liblink.examples;

import io.liblink.Event;
import io.liblink.EventStream;
import io.liblink.Node;
import io.liblink.RemoteService;
import io.liblink.Service;
import io.liblink.SubscriberState;
import io.liblink.Subscription;
import io.liblink.Topic;
import io.liblink.delivery.PublisherState;
import io.liblink.delivery.Start;
import io.liblink.delivery.SubscribeOptions;
import io.liblink.delivery.TopicOptions;
import io.liblink.delivery.WhenFull;
import io.liblink.message.Message;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Flow;

/** The code of docs/guide/publish-subscribe.md. */
final class TopicsExample {
  private TopicsExample() {}

  record Sku(String id) {}

  record Price(Sku sku, int cents) {}

  static void publishing(Node node) {
    node.serve(Service.named("pricing")
        .topic("changed", Sku.class)
        .topic("prices.eu", Price.class, TopicOptions.defaults().lastValues(10_000))
        .topic("audit", Message.class, TopicOptions.defaults().keep(100_000, 256 << 20)));

    node.publish("pricing/changed", new Sku("A-1"));
    node.publish("pricing/prices.eu", "A-1", new Price(new Sku("A-1"), 1299));
    node.publish("pricing/audit", Message.text("done").withHeader("region", "eu"));

    Topic changed = node.topic("pricing/changed");
    long number = changed.publish(new Sku("A-2"));
  }

  static void pacing(Topic changed, Iterable<Sku> skus) {
    changed.awaitSubscribers(3, Duration.ofSeconds(30));
    for (Sku sku : skus) {
      changed.publish(sku);
      changed.awaitLag(10_000, Duration.ofSeconds(30));
    }
    for (SubscriberState s : changed.subscribers()) {
      System.out.println(s.node() + " has " + s.sent() + ", waits for " + s.lag());
    }
  }

  static void subscribing(Node node) {
    RemoteService pricing = node.service("pricing");
    Subscription subscription =
        pricing.subscribe("changed", Sku.class, sku -> System.out.println(sku.id()));

    pricing.where("zone == 'eu'").subscribe("changed", Sku.class, sku -> refresh(sku));
    pricing.subscribe(
        "prices.*",
        Price.class,
        SubscribeOptions.defaults(),
        (price, event) -> store(event.topic(), event.key(), price));

    subscription.close();
  }

  static void choosing(RemoteService pricing) {
    SubscribeOptions options = SubscribeOptions.defaults()
        .from(Start.within(Duration.ofMinutes(5)))
        .filter("region == 'eu'")
        .queue(1000)
        .whenFull(WhenFull.DROP_OLDEST)
        .onGap(gap -> System.err.println(gap.count() + " are missing: " + gap.reason()))
        .onPublisher(p -> System.err.println(p.node() + " is " + p.phase() + " " + p.problem()));
    pricing.subscribe("audit", Message.class, options, message -> archive(message));
  }

  static void latest(RemoteService pricing) {
    SubscribeOptions latest =
        SubscribeOptions.defaults().queue(10_000).whenFull(WhenFull.LATEST_PER_KEY);
    pricing.subscribe("prices.eu", Price.class, latest, price -> show(price));
  }

  static void batches(RemoteService pricing) {
    pricing.subscribeBatches("prices.eu", Price.class, SubscribeOptions.defaults(), events -> {
      storeAll(events.stream().map(Event::value).toList());
    });
  }

  static void reading(RemoteService pricing) {
    try (EventStream<Price> prices =
        pricing.events("prices.eu", Price.class, SubscribeOptions.defaults())) {
      while (prices.hasNext()) {
        Event<Price> event = prices.next();
        System.out.println(event.sequence() + " of " + event.node() + ": " + event.value());
      }
    }
  }

  static Flow.Publisher<Event<Price>> reactive(RemoteService pricing) {
    return pricing.eventPublisher("prices.eu", Price.class, SubscribeOptions.defaults());
  }

  static void looking(Subscription subscription) {
    for (PublisherState p : subscription.publishers()) {
      System.out.println(p.node() + " " + p.phase() + ": " + p.received() + " received, "
          + p.missed() + " missed " + p.problem());
    }
  }

  private static void refresh(Sku sku) {}

  private static void show(Price price) {}

  private static void archive(Message message) {}

  private static void store(String topic, String key, Price price) {}

  private static void storeAll(List<Price> prices) {}
}
