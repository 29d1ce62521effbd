package io.liblink;

import io.liblink.identity.Identity;
import io.liblink.message.Message;
import io.liblink.rpc.CurrentCall;
import io.liblink.rpc.ServerCall;
import java.time.Duration;
import java.util.Optional;

/** A request as its handler sees it. Safe to share between threads. */
public interface Request {
  /**
   * The request that the calling thread is handling, empty outside a handler and on threads that a
   * handler starts: hand it over to those.
   */
  static Optional<Request> current() {
    ServerCall call = CurrentCall.get();
    return call == null ? Optional.empty() : Optional.of(new RequestView(call, call.message()));
  }

  /** The service called. */
  String service();

  /** The method called. */
  String method();

  /** Content type, headers, payload. */
  Message message();

  /** Who calls, proved by its certificate. */
  Identity caller();

  /**
   * What is left of the caller's time; zero when it is over. Callers of this library always have a
   * deadline; where one of another kind has none, this is about 292 years.
   */
  Duration remaining();

  /**
   * Whether the caller lost interest, its time is over, or its link broke: stop working. The thread of
   * the handler is interrupted then, too, unless it is {@link Trait#NON_BLOCKING}.
   */
  boolean cancelled();

  /** 1 for the first attempt of the caller, more when it repeats; at most 255. */
  int attempt();

  /** The W3C {@code traceparent} of this call. */
  String traceparent();
}
