package io.liblink.rpc;

import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.wire.CloseFrame;
import java.util.concurrent.CompletionException;

/**
 * What a caller learns of a handler's failure: what the handler chose to say by a {@link
 * LinkException}, and of anything else only that it happened. Texts and stacks stay in the log here.
 */
final class HandlerFailure {
  private static final System.Logger LOG = System.getLogger("io.liblink.rpc");

  private HandlerFailure() {}

  static CloseFrame toClose(Throwable thrown, ServerCall call) {
    Throwable e = thrown instanceof CompletionException && thrown.getCause() != null
        ? thrown.getCause()
        : thrown;
    if (e instanceof UnreadableRequest) {
      return CloseFrame.failure(
          Status.INVALID_ARGUMENT, Stage.HANDLE, Ran.NO, String.valueOf(e.getMessage()));
    }
    if (e instanceof LinkException link) {
      // A failure of a call that the handler made has its own stage and ran; to the caller of this
      // method it happened in the handler, which ran.
      return CloseFrame.failure(link.status(), Stage.HANDLE, Ran.YES, link.problem());
    }
    if (call.cancelled()) {
      return CloseFrame.failure(
          Status.CANCELLED, Stage.HANDLE, Ran.YES, "the handler stopped when its caller did");
    }
    LOG.log(
        System.Logger.Level.WARNING,
        () -> "the handler of " + call.service() + "/" + call.method() + " failed, called by "
            + call.caller() + ", " + call.trace().traceparent(),
        e);
    return CloseFrame.failure(
        Status.UNKNOWN,
        Stage.HANDLE,
        Ran.YES,
        "the handler failed with " + e.getClass().getSimpleName() + "; the log of its node has the"
            + " details under trace " + call.trace().traceparent());
  }
}
