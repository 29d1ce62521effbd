package io.liblink;

import io.liblink.delivery.SubscribeOptions;
import io.liblink.pubsub.LiveSubscription;
import io.liblink.pubsub.Receiver;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Function;

/** Subscriptions for reactive streams. */
final class EventPublisher<T> implements Flow.Publisher<Event<T>> {
  private final NodeCore core;
  private final Class<T> type;
  private final SubscribeOptions options;
  private final Function<Receiver, LiveSubscription> make;

  EventPublisher(
      NodeCore core,
      Class<T> type,
      SubscribeOptions options,
      Function<Receiver, LiveSubscription> make) {
    this.core = core;
    this.type = type;
    this.options = options;
    this.make = make;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super Event<T>> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber");
    EventDemand<T> demand = new EventDemand<>(core, subscriber);
    demand.start(make.apply(new ReceiverOfEvents<T>(core.codecs(), type, options, demand::next)));
  }
}
