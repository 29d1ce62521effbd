package io.liblink.pipeline;

import io.liblink.status.LinkException;
import io.liblink.status.Status;
import java.util.concurrent.CompletionException;

/**
 * What a producer learns of a worker's failure: what the worker chose to say by a {@link
 * LinkException}, and of anything else only that it happened. Texts and stacks stay in the log here.
 */
final class WorkFailure {
  private static final System.Logger LOG = System.getLogger("io.liblink.pipeline");

  /** What an ACK says. */
  record Answer(Status status, String reason) {
    static final Answer DONE = new Answer(Status.OK, "");
  }

  private WorkFailure() {}

  static Answer of(Throwable thrown, Received item) {
    Throwable e = thrown instanceof CompletionException && thrown.getCause() != null
        ? thrown.getCause()
        : thrown;
    if (e instanceof UnreadableItem) {
      return new Answer(Status.INVALID_ARGUMENT, String.valueOf(e.getMessage()));
    }
    if (e instanceof LinkException link) {
      // UNAVAILABLE would say that the worker did not begin.
      Status status = link.status() == Status.UNAVAILABLE ? Status.ABORTED : link.status();
      return new Answer(status, link.problem());
    }
    if (item.cancelled()) {
      return new Answer(Status.CANCELLED, "the worker stopped when its time was over");
    }
    String queue = item.stream.queue().name();
    LOG.log(
        System.Logger.Level.WARNING,
        () -> "the worker of " + queue + " failed with item " + item.id() + ", attempt "
            + item.attempt() + ", pushed by " + item.producer() + ", "
            + item.trace().traceparent(),
        e);
    return new Answer(
        Status.UNKNOWN,
        "the worker failed with " + e.getClass().getSimpleName() + "; the log of its node has the"
            + " details under trace " + item.trace().traceparent());
  }
}
