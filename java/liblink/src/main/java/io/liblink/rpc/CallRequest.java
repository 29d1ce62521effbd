package io.liblink.rpc;

import io.liblink.wire.Content;
import io.liblink.wire.Text;
import io.liblink.wire.TraceContext;

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
 */
public record CallRequest(
    Text target,
    Content content,
    long startNanos,
    long deadlineNanos,
    TraceContext trace,
    boolean idempotent,
    boolean patient) {}
