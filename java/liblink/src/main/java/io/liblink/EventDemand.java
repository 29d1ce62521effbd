package io.liblink;

import io.liblink.pubsub.Inbox;
import io.liblink.pubsub.LiveSubscription;
import io.liblink.status.LinkException;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A subscription that gives no more than was asked for. Everything is told to the subscriber in turns
 * on workers, one at a time; {@link #request} and {@link #cancel} are for any thread.
 */
final class EventDemand<T> implements Flow.Subscription {
  private final NodeCore core;
  private final Flow.Subscriber<? super Event<T>> subscriber;
  private final AtomicLong demand = new AtomicLong();
  private volatile boolean cancelled;
  private volatile @Nullable IllegalArgumentException mistake;
  private @Nullable LiveSubscription live;

  // In turns only.
  private boolean begun;
  private boolean over;

  EventDemand(NodeCore core, Flow.Subscriber<? super Event<T>> subscriber) {
    this.core = core;
    this.subscriber = subscriber;
  }

  void start(LiveSubscription subscription) {
    live = subscription;
    if (core.subscriptions().isClosed()) {
      subscriber.onSubscribe(this);
      subscriber.onError(new IllegalStateException("the node is closed"));
      return;
    }
    subscription.startTurns(this::turn);
    subscription.inbox().look();
  }

  private LiveSubscription live() {
    return Objects.requireNonNull(live, "started before it is handed out");
  }

  @Override
  public void request(long n) {
    if (n <= 0) {
      mistake = new IllegalArgumentException(
          "request(" + n + "): a subscriber asks for at least 1 (rule 3.9)");
    } else {
      demand.accumulateAndGet(n, (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b);
    }
    live().inbox().look();
  }

  @Override
  public void cancel() {
    cancelled = true;
    live().close();
  }

  /** Takes a message. In a turn, with demand. */
  void next(Event<T> event) {
    if (cancelled || over) {
      return;
    }
    demand.updateAndGet(d -> d == Long.MAX_VALUE ? d : d - 1);
    try {
      subscriber.onNext(event);
    } catch (Throwable e) {
      cancel(); // rule 2.13: it must not throw, and may not get more when it does
      throw e;
    }
  }

  private void turn() {
    if (!begun) {
      begun = true;
      subscriber.onSubscribe(this);
    }
    Inbox inbox = live().inbox();
    while (mayGoOn() && (!inbox.isAtMessage() || demand.get() > 0)) {
      if (!inbox.take()) {
        inbox.rest();
        break;
      }
    }
    if (!cancelled && !over) {
      endIfOver();
    }
  }

  private boolean mayGoOn() {
    return !cancelled && !over && mistake == null && !live().isClosed();
  }

  private void endIfOver() {
    LiveSubscription from = live();
    LinkException failure = from.failure();
    IllegalArgumentException wrong = mistake;
    if (wrong != null) {
      over = true;
      from.close();
      subscriber.onError(wrong);
    } else if (failure != null && from.inbox().isEmpty() && from.isRefused()) {
      over = true;
      from.close();
      subscriber.onError(failure);
    } else if (from.isClosed()) {
      over = true;
      subscriber.onComplete();
    }
  }
}
