package io.liblink;

import io.liblink.delivery.ItemId;
import io.liblink.identity.Identity;
import io.liblink.message.Message;
import io.liblink.pipeline.Received;
import java.time.Duration;

/** An item as its worker sees it. */
record ItemView(Received item) implements Item {
  @Override
  public ItemId id() {
    return item.id();
  }

  @Override
  public int attempt() {
    return item.attempt();
  }

  @Override
  public Message message() {
    return item.message();
  }

  @Override
  public Identity producer() {
    return item.producer();
  }

  @Override
  public boolean cancelled() {
    return item.cancelled();
  }

  @Override
  public Duration remaining() {
    return Duration.ofNanos(item.remainingNanos());
  }

  @Override
  public String traceparent() {
    return item.trace().traceparent();
  }
}
