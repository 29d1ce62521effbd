package io.liblink;

import io.liblink.delivery.ItemId;
import io.liblink.identity.Identity;
import io.liblink.message.Message;
import java.time.Duration;

/** An item of a queue as its worker sees it. Safe to share between threads. */
public interface Item {
  /** The same for each delivery of it. */
  ItemId id();

  /**
   * 1 for the first. From 2 on the item may have been worked on before, here or elsewhere, in part or
   * to its end.
   */
  int attempt();

  /** Content type, headers, payload. */
  Message message();

  /** Who pushed it, proved by its certificate. */
  Identity producer();

  /** Whether nobody waits for it here any more: its time is over, or the link to the producer is gone. */
  boolean cancelled();

  /**
   * What is left until the producer gives it to another worker; zero when that is past. About 292
   * years when it never does.
   */
  Duration remaining();

  /** The W3C {@code traceparent} of this item. */
  String traceparent();
}
