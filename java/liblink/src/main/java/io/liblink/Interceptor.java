package io.liblink;

import io.liblink.message.Message;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Something around calls, on either side: it may look, change the request or the reply, answer by
 * itself, or refuse with a failed stage or by throwing. It sees a call once: repeats happen below it.
 * Added by {@link NodeOptions#intercept} to the calls that a node makes (not to streams), by {@link
 * Service#intercept} to the requests that a service takes (streams too, whose reply is then empty).
 *
 * <p>It must not block. On the calling side it runs on the caller's thread, and what depends on the
 * reply on an event loop; on the serving side where the handler runs.
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
