package io.liblink.cluster;

import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import java.util.concurrent.CompletionException;

/** Failures of stages, as the one exception that liblink has. */
public final class Failures {
  private Failures() {}

  /** The {@link LinkException} inside, or one around what should not have happened. */
  public static LinkException unwrap(Throwable failure) {
    Throwable t = failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
    if (t instanceof LinkException e) {
      return e;
    }
    return LinkException.failure(Status.INTERNAL, Stage.CONNECT, "dialing failed: " + t)
        .cause(t)
        .build();
  }
}
