package io.liblink.cli.command;

import io.liblink.Item;
import io.liblink.delivery.ItemId;
import io.liblink.identity.Identity;
import io.liblink.message.Message;
import java.time.Duration;
import java.util.Set;

/** An item without a producer. */
record FakeItem(ItemId id, int attempt, Message message, Duration remaining, boolean cancelled)
    implements Item {
  static FakeItem of(Message message, int attempt) {
    return new FakeItem(
        new ItemId("a3f09c11000000000000000000000001", 7),
        attempt,
        message,
        Duration.ofSeconds(10),
        false);
  }

  FakeItem expired() {
    return new FakeItem(id, attempt, message, Duration.ZERO, cancelled);
  }

  FakeItem given() {
    return new FakeItem(id, attempt, message, remaining, true);
  }

  @Override
  public Identity producer() {
    return new Identity("shop", "till-3", Set.of(), Identity.Trust.CLUSTER_KEY, "liblink-ca-x");
  }

  @Override
  public String traceparent() {
    return "00-11111111111111111111111111111111-2222222222222222-01";
  }
}
