package io.liblink.delivery;

import io.liblink.message.Message;
import io.liblink.status.LinkException;
import java.util.List;

/**
 * An item that its producer gave up on.
 *
 * @param id the item
 * @param message as it was pushed
 * @param attempts how often it was sent
 * @param causes why each attempt failed, the last 16 of them, the oldest first
 */
public record DeadLetter(ItemId id, Message message, int attempts, List<LinkException> causes) {
  /** Keeps a copy of the causes. */
  public DeadLetter {
    causes = List.copyOf(causes);
  }
}
