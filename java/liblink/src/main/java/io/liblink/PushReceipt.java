package io.liblink;

import io.liblink.delivery.ItemId;
import io.liblink.pipeline.ItemProducer;
import io.liblink.pipeline.PushedItem;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A receipt as users hold it. */
record PushReceipt(NodeCore core, ItemProducer producer, PushedItem item) implements Receipt {
  @Override
  public ItemId id() {
    return item.id();
  }

  @Override
  public boolean isDone() {
    return item.isDone();
  }

  @Override
  public void await(Duration timeout) {
    core.requireMayBlock();
    try {
      if (!item.await(Timeouts.nanos(timeout))) {
        throw LinkException.failure(
                Status.DEADLINE_EXCEEDED,
                Stage.WAIT,
                "not acknowledged within " + timeout.toMillis() + " ms; " + producer.left())
            .ran(item.attempts() > 0 ? Ran.MAYBE : Ran.NO)
            .attempts(item.attempts())
            .build();
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    LinkException failure = item.failure();
    if (failure != null) { // made again here, so that its stack trace shows who waited
      LinkException here = failure.toBuilder().build();
      for (Throwable cause : failure.getSuppressed()) {
        here.addSuppressed(cause);
      }
      throw here;
    }
  }

  static LinkException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return LinkException.failure(Status.CANCELLED, Stage.WAIT, "the waiting thread was interrupted")
        .ran(Ran.MAYBE)
        .cause(e)
        .build();
  }

  @Override
  public CompletableFuture<Void> done() {
    return item.done();
  }

  @Override
  public int attempts() {
    return item.attempts();
  }

  @Override
  public String toString() {
    return "receipt of " + id() + (isDone() ? ", done" : "");
  }
}
