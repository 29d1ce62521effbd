package io.liblink;

import io.liblink.message.Message;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Runs a chain of interceptors around a call. */
final class Interceptors {
  private Interceptors() {}

  /** The first is outermost; {@code last} is the call itself. */
  static CompletionStage<Message> run(
      List<Interceptor> chain, Interceptor.Call call, Message request, Interceptor.Next last) {
    return run(chain, 0, call, request, last);
  }

  private static CompletionStage<Message> run(
      List<Interceptor> chain,
      int index,
      Interceptor.Call call,
      Message request,
      Interceptor.Next last) {
    if (index == chain.size()) {
      return last.proceed(request);
    }
    try {
      return chain
          .get(index)
          .intercept(call, request, changed -> run(chain, index + 1, call, changed, last));
    } catch (Throwable e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}
