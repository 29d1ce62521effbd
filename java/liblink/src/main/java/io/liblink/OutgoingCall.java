package io.liblink;

import io.liblink.message.Message;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A call with interceptors around it. Whatever they make of the stage that they were given, it ends
 * with a {@link LinkException} or a value, and cancelling it cancels the call inside.
 */
final class OutgoingCall<R> extends CompletableFuture<R> {
  private final Function<Message, R> decode;

  /** What the innermost sent last. */
  private volatile @Nullable CompletableFuture<Message> sent;

  private OutgoingCall(Function<Message, R> decode) {
    this.decode = decode;
  }

  static <R> OutgoingCall<R> start(
      List<Interceptor> chain,
      Interceptor.Call what,
      Message request,
      Function<Message, CompletableFuture<Message>> send,
      Function<Message, R> decode) {
    OutgoingCall<R> call = new OutgoingCall<>(decode);
    call.whenComplete((value, failure) -> call.over());
    CompletionStage<Message> reply =
        Interceptors.run(chain, what, request, m -> call.sent(send.apply(m)));
    if (reply == null) {
      call.end(null, new NullPointerException("an interceptor returned null"));
    } else {
      reply.whenComplete(call::end);
    }
    return call;
  }

  private CompletableFuture<Message> sent(CompletableFuture<Message> inner) {
    sent = inner;
    if (isDone()) {
      over();
    }
    return inner;
  }

  /** However it ended, nobody waits for what is inside. */
  private void over() {
    CompletableFuture<Message> inner = sent;
    if (inner != null) {
      inner.cancel(true);
    }
  }

  private void end(@Nullable Message reply, @Nullable Throwable thrown) {
    if (thrown != null || reply == null) {
      completeExceptionally(failure(thrown));
      return;
    }
    R value;
    try {
      value = decode.apply(reply);
    } catch (RuntimeException e) {
      completeExceptionally(LinkException.failure(
              Status.INTERNAL, Stage.WAIT, "the reply can't be read: " + e.getMessage())
          .ran(Ran.YES)
          .cause(e)
          .build());
      return;
    }
    complete(value);
  }

  private static LinkException failure(@Nullable Throwable thrown) {
    Throwable t = thrown instanceof CompletionException && thrown.getCause() != null
        ? thrown.getCause()
        : thrown;
    if (t instanceof LinkException e) {
      return e;
    }
    String words = t == null ? "it answered with null" : t.toString();
    return LinkException.failure(
            Status.UNKNOWN, Stage.SEND, "an interceptor of this node failed: " + words)
        .ran(Ran.MAYBE)
        .cause(t)
        .build();
  }
}
