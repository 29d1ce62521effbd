package io.liblink.rpc;

import io.liblink.wire.Content;
import io.liblink.wire.Text;
import io.liblink.wire.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants: the same for every attempt.
 *
 * @param target {@code service/method}
 * @param content the request
 * @param startNanos when the call began
 * @param deadlineNanos when it must be over
 * @param trace the span of this call
 * @param idempotent whether it may be repeated when the handler may have run
 * @param patient whether it waits for room on a link instead of failing: for blocking callers
 * @param key whose instance is asked; null: the one that fits best
 */
public record CallRequest(
    Text target,
    Content content,
    long startNanos,
    long deadlineNanos,
    TraceContext trace,
    boolean idempotent,
    boolean patient,
    @Nullable String key) {
  /** The same for the instance that a key belongs to. */
  public CallRequest withKey(String other) {
    return new CallRequest(
        target, content, startNanos, deadlineNanos, trace, idempotent, patient, other);
  }
}
