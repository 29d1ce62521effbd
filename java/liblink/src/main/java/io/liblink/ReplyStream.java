package io.liblink;

import java.util.Iterator;

/**
 * The items of a streamed reply. {@link #hasNext()} blocks until the next item or the end, and throws
 * {@link io.liblink.status.LinkException} when the stream failed, after the items that came before.
 * Reading gives credit: 32 items come ahead at most. For one thread at a time; must be closed unless
 * it was read to its end.
 */
public interface ReplyStream<T> extends Iterator<T>, AutoCloseable {
  /** Tells the handler to stop if it has not ended. Idempotent. */
  @Override
  void close();
}
