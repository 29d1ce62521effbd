package io.liblink;

import io.liblink.delivery.SubscribeOptions;
import io.liblink.routing.Route;
import java.util.concurrent.Flow;

/** What a handle was asked to subscribe to. */
final class Subscribing<T> {
  private final String topic;

  Subscribing(
      NodeCore core,
      Route route,
      long timeoutNanos,
      String topic,
      Class<T> type,
      SubscribeOptions options) {
    this.topic = topic;
  }

  Subscription to(Subscriber<T> handler) {
    throw new UnsupportedOperationException("not built yet: " + topic);
  }

  Subscription to(EventSubscriber<T> handler) {
    throw new UnsupportedOperationException("not built yet: " + topic);
  }

  Subscription inBatches(BatchSubscriber<T> handler) {
    throw new UnsupportedOperationException("not built yet: " + topic);
  }

  EventStream<T> stream() {
    throw new UnsupportedOperationException("not built yet: " + topic);
  }

  Flow.Publisher<Event<T>> publisher() {
    throw new UnsupportedOperationException("not built yet: " + topic);
  }
}
