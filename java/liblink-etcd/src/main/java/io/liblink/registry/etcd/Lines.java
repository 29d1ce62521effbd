package io.liblink.registry.etcd;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * An answer that goes on, line by line. More is read only when the lines that came were dealt with,
 * so that no more than one buffer and one line wait in memory. The HTTP client calls one method at a
 * time; {@link #cancel} comes from any thread.
 */
final class Lines implements BodySubscriber<Void> {
  /** Where lines go. */
  interface Sink {
    /**
     * Some more lines, without their ends.
     *
     * @param more to be run when they were dealt with, on any thread
     */
    void lines(List<byte[]> lines, Runnable more);

    /** It is over; null when it ended in good order. Comes once, and nothing after it. */
    void ended(@Nullable Throwable failure);
  }

  private final Sink sink;
  private final int longest;
  private final CompletableFuture<Void> body = new CompletableFuture<>();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private volatile @Nullable Subscription subscription;
  private volatile boolean cancelled;
  private boolean over;

  Lines(Sink sink, int longest) {
    this.sink = sink;
    this.longest = longest;
  }

  /** Done when the stream is, so that the exchange can be cancelled until then. */
  @Override
  public CompletionStage<Void> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    this.subscription = subscription;
    if (cancelled) {
      subscription.cancel();
    } else {
      subscription.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    Subscription s = subscription;
    if (over || s == null) {
      return;
    }
    List<byte[]> whole = new ArrayList<>();
    for (ByteBuffer buffer : buffers) {
      while (buffer.hasRemaining()) {
        byte b = buffer.get();
        if (b == '\n') {
          whole.add(line.toByteArray());
          line.reset();
        } else if (line.size() >= longest) {
          s.cancel();
          end(new TooLargeException(longest));
          return;
        } else {
          line.write(b);
        }
      }
    }
    if (whole.isEmpty()) {
      s.request(1);
    } else {
      sink.lines(whole, () -> s.request(1));
    }
  }

  @Override
  public void onError(Throwable failure) {
    end(failure);
  }

  @Override
  public void onComplete() {
    end(null);
  }

  private void end(@Nullable Throwable failure) {
    if (!over) {
      over = true;
      sink.ended(failure);
      body.complete(null);
    }
  }

  /** Reads no more and closes the connection. */
  void cancel() {
    cancelled = true;
    Subscription s = subscription;
    if (s != null) {
      s.cancel();
    }
  }
}
