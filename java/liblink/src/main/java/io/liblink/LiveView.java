package io.liblink;

import io.liblink.delivery.PublisherState;
import io.liblink.pubsub.LiveSubscription;
import io.liblink.status.LinkException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A subscription as its user sees it. */
record LiveView(LiveSubscription live) implements Subscription {
  @Override
  public List<PublisherState> publishers() {
    return live.publishers();
  }

  @Override
  public long received() {
    return live.received();
  }

  @Override
  public long missed() {
    return live.missed();
  }

  @Override
  public @Nullable LinkException failure() {
    return live.failure();
  }

  @Override
  public void close() {
    live.close();
  }
}
