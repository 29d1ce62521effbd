package io.liblink.registry.consul;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer, unless it is larger than anything that is wanted. The client keeps the last answer of
 * every connection until the next, which may be a minute: so what was taken is let go.
 */
final class BoundedBody implements BodySubscriber<BoundedBody.Whole> {
  /** All of it, to be taken once. Thread-safe. */
  static final class Whole {
    private final AtomicReference<byte[]> bytes;

    private Whole(byte[] bytes) {
      this.bytes = new AtomicReference<>(bytes);
    }

    /** Empty when it was taken before. */
    byte[] take() {
      return bytes.getAndSet(NOTHING);
    }
  }

  private static final byte[] NOTHING = new byte[0];

  private final int largest;
  private final CompletableFuture<Whole> body = new CompletableFuture<>();
  private ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
  private Flow.@Nullable Subscription subscription;

  BoundedBody(int largest) {
    this.largest = largest;
  }

  @Override
  public CompletionStage<Whole> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    this.subscription = subscription;
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      if (bytes.size() + buffer.remaining() > largest) {
        if (subscription != null) {
          subscription.cancel();
        }
        body.completeExceptionally(
            new IOException("the answer is larger than " + (largest >> 20) + " MiB"));
        return;
      }
      byte[] part = new byte[buffer.remaining()];
      buffer.get(part);
      bytes.writeBytes(part);
    }
  }

  @Override
  public void onError(Throwable failure) {
    body.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    Whole whole = new Whole(bytes.toByteArray());
    bytes = new ByteArrayOutputStream(0);
    body.complete(whole);
  }
}
