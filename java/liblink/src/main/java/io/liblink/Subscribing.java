package io.liblink;

import io.liblink.delivery.SubscribeOptions;
import io.liblink.pubsub.LiveSubscription;
import io.liblink.pubsub.Receiver;
import io.liblink.routing.Route;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Flow;

/** What a handle was asked to subscribe to, in all forms. */
final class Subscribing<T> {
  private final NodeCore core;
  private final Route route;
  private final long timeoutNanos;
  private final String topic;
  private final Class<T> type;
  private final SubscribeOptions options;

  Subscribing(
      NodeCore core,
      Route route,
      long timeoutNanos,
      String topic,
      Class<T> type,
      SubscribeOptions options) {
    this.core = core;
    this.route = route;
    this.timeoutNanos = timeoutNanos;
    this.topic = topic;
    this.type = type;
    this.options = options;
  }

  Subscription to(Subscriber<T> handler) {
    return handled(new ReceiverOfValues<>(core.codecs(), type, options, handler));
  }

  Subscription to(EventSubscriber<T> handler) {
    return handled(new ReceiverOfEvents<>(
        core.codecs(), type, options, event -> handler.on(event.value(), event)));
  }

  Subscription inBatches(BatchSubscriber<T> handler) {
    return handled(new ReceiverOfBatches<>(core.codecs(), type, options, handler));
  }

  private Subscription handled(Receiver receiver) {
    core.requireMayBlock();
    LiveSubscription live = live(options.isNonBlocking(), receiver);
    live.start();
    confirm(live);
    return new LiveView(live);
  }

  EventStream<T> stream() {
    core.requireMayBlock();
    EventQueue<T> queue = new EventQueue<>(core, type, options);
    LiveSubscription live = live(false, queue.receiver());
    queue.start(live);
    confirm(live);
    return queue;
  }

  Flow.Publisher<Event<T>> publisher() {
    live(false, new ReceiverOfEvents<>(core.codecs(), type, options, e -> {})); // mistakes at once
    return new EventPublisher<>(core, type, options, receiver -> live(false, receiver));
  }

  private LiveSubscription live(boolean inline, Receiver receiver) {
    return new LiveSubscription(core.subscriptions(), route, topic, options, inline, receiver);
  }

  /** Waits until every publisher known has confirmed; closes the subscription when one does not. */
  private void confirm(LiveSubscription live) {
    boolean confirmed = false;
    try {
      Waiting.orTimeout(live.confirmed().copy(), Duration.ofNanos(timeoutNanos), () -> late(live));
      confirmed = true;
    } finally {
      if (!confirmed) {
        live.close();
      }
    }
  }

  private LinkException late(LiveSubscription live) {
    List<String> silent = live.silent();
    String problem = live.hasLooked()
        ? "no answer to the subscription to '" + route.service() + "/" + topic + "' from "
            + String.join(", ", silent)
        : "the registry has not answered yet";
    return LinkException.failure(
            Status.DEADLINE_EXCEEDED,
            live.hasLooked() ? Stage.WAIT : Stage.DISCOVER,
            problem + ", within " + timeoutNanos / 1_000_000 + " ms")
        .build();
  }
}
