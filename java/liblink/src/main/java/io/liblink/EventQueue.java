package io.liblink;

import io.liblink.delivery.SubscribeOptions;
import io.liblink.pubsub.LiveSubscription;
import io.liblink.pubsub.Receiver;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A subscription that its user's thread reads. */
final class EventQueue<T> implements EventStream<T> {
  private final NodeCore core;
  private final Receiver receiver;

  /** The reader's. */
  private @Nullable Event<T> ahead;

  private @Nullable LiveSubscription live;
  private volatile @Nullable Thread waiter;

  EventQueue(NodeCore core, Class<T> type, SubscribeOptions options) {
    this.core = core;
    this.receiver = new ReceiverOfEvents<>(core.codecs(), type, options, event -> ahead = event);
  }

  Receiver receiver() {
    return receiver;
  }

  void start(LiveSubscription subscription) {
    live = subscription;
    subscription.start(this::wake);
  }

  private LiveSubscription live() {
    return Objects.requireNonNull(live, "started before it is handed out");
  }

  private void wake() {
    Thread w = waiter;
    if (w != null) {
      LockSupport.unpark(w);
    }
  }

  @Override
  public boolean hasNext() {
    LiveSubscription from = live();
    while (ahead == null) {
      if (from.isClosed()) {
        return false;
      }
      if (!from.inbox().take()) {
        await(from);
      }
    }
    return true;
  }

  private void await(LiveSubscription from) {
    core.requireMayBlock();
    from.inbox().rest();
    waiter = Thread.currentThread();
    try {
      if (from.inbox().isEmpty() && !from.isClosed()) {
        LinkException failure = from.failure();
        if (failure != null && from.isRefused()) {
          throw failure.toBuilder().cause(failure).build();
        }
        LockSupport.park(this);
      }
    } finally {
      waiter = null;
    }
    if (Thread.currentThread().isInterrupted()) {
      throw LinkException.failure(
              Status.CANCELLED, Stage.WAIT, "the waiting thread was interrupted")
          .ran(Ran.YES)
          .build();
    }
  }

  @Override
  public Event<T> next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the subscription is closed");
    }
    Event<T> event = Objects.requireNonNull(ahead);
    ahead = null;
    return event;
  }

  @Override
  public Subscription subscription() {
    return new LiveView(live());
  }

  @Override
  public void close() {
    live().close();
  }
}
