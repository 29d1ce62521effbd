package io.liblink;

import io.liblink.message.Message;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Something around calls, on either side: it may look, change the request or the reply, answer by
 * itself, or refuse. It must not block: it runs on the caller's thread or on an event loop.
 */
@FunctionalInterface
public interface Interceptor {
  /** Passes the call on by {@code next.proceed(request)}, or does not. */
  CompletionStage<Message> intercept(Call call, Message request, Next next);

  /** This one, but only for calls whose {@code service/method} matches one of the patterns. */
  default Interceptor only(String... patterns) {
    return EndpointPattern.restrict(this, true, patterns);
  }

  /** This one, but not for calls whose {@code service/method} matches one of the patterns. */
  default Interceptor except(String... patterns) {
    return EndpointPattern.restrict(this, false, patterns);
  }

  /**
   * What is being called.
   *
   * @param service the service
   * @param method the method
   * @param headers the headers of the request; unmodifiable
   */
  record Call(String service, String method, Map<String, String> headers) {}

  /** The rest of the way. */
  @FunctionalInterface
  interface Next {
    /** Goes on with that request. */
    CompletionStage<Message> proceed(Message request);
  }
}
