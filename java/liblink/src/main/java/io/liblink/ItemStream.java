package io.liblink;

import io.liblink.message.Message;
import io.liblink.rpc.ItemQueue;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The items of a streamed reply, read on the caller's thread. */
final class ItemStream<T> implements ReplyStream<T> {
  private final NodeCore core;
  private final ItemQueue items;
  private final Function<Message, T> decode;
  private @Nullable Message ahead;
  private boolean ended;

  ItemStream(NodeCore core, ItemQueue items, Function<Message, T> decode) {
    this.core = core;
    this.items = items;
    this.decode = decode;
  }

  @Override
  public boolean hasNext() {
    if (ahead == null && !ended) {
      core.requireMayBlock();
      try {
        ahead = items.next();
        ended = ahead == null;
      } catch (InterruptedException e) {
        close();
        Thread.currentThread().interrupt();
        throw LinkException.failure(
                Status.CANCELLED, Stage.WAIT, "the waiting thread was interrupted")
            .ran(Ran.YES)
            .cause(e)
            .build();
      }
    }
    return ahead != null;
  }

  @Override
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the stream has ended");
    }
    Message item = ahead;
    ahead = null;
    if (item == null) {
      throw new NoSuchElementException("the stream has ended");
    }
    try {
      return decode.apply(item);
    } catch (IllegalArgumentException e) {
      close();
      throw LinkException.failure(
              Status.INTERNAL, Stage.WAIT, "an item can't be read: " + e.getMessage())
          .ran(Ran.YES)
          .cause(e)
          .build();
    }
  }

  @Override
  public void close() {
    ended = true;
    ahead = null;
    items.cancel();
  }
}
