package io.liblink.bench.load;

import io.liblink.bench.peers.Echo;
import io.liblink.bench.peers.Peer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A closed loop: so many calls in flight, each answered one followed by the next, on the thread that
 * brought the answer.
 */
final class AsyncLoad {
  private final Peer.Link link;
  private final byte[] request;
  private final int answerLength;
  private final CountDownLatch running;
  private final Latencies latencies = new Latencies();
  private final long startNanos;
  private final long endNanos;

  private AsyncLoad(Peer.Link link, int bytes, int inFlight, long startNanos, long nanos) {
    this.link = link;
    this.request = payload(bytes);
    this.answerLength = Echo.answerLength(bytes);
    this.running = new CountDownLatch(inFlight);
    this.startNanos = startNanos;
    this.endNanos = startNanos + nanos;
  }

  /** Starts; the slots stop by themselves when the time is over. */
  static AsyncLoad start(Peer.Link link, int bytes, int inFlight, long nanos) {
    AsyncLoad load = new AsyncLoad(link, bytes, inFlight, System.nanoTime(), nanos);
    for (int i = 0; i < inFlight; i++) {
      load.new Slot().next();
    }
    return load;
  }

  static byte[] payload(int bytes) {
    byte[] payload = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      payload[i] = (byte) (i * 31);
    }
    return payload;
  }

  /** Waits for the last answer. */
  Slice await() throws InterruptedException, TimeoutException {
    long patience = Math.max(0, endNanos - System.nanoTime()) + TimeUnit.SECONDS.toNanos(30);
    if (!running.await(patience, TimeUnit.NANOSECONDS)) {
      throw new TimeoutException(running.getCount() + " calls were never answered");
    }
    long elapsed = System.nanoTime() - startNanos;
    Slice slice = latencies.slice(elapsed, request.length);
    if (slice.errors() >= Latencies.MOST_ERRORS) {
      throw new IllegalStateException("too many calls failed", latencies.firstError());
    }
    return slice;
  }

  /** One call in flight after the other. */
  private final class Slot implements Peer.Reply {
    private long sent;

    void next() {
      sent = System.nanoTime();
      link.call(request, this);
    }

    @Override
    public void arrived(byte[] payload) {
      if (payload.length != answerLength) {
        failed(new IllegalStateException("an answer of " + payload.length + " bytes"));
        return;
      }
      long now = System.nanoTime();
      latencies.record(now - sent);
      if (now - endNanos < 0) {
        sent = now;
        link.call(request, this);
      } else {
        running.countDown();
      }
    }

    @Override
    public void failed(Throwable cause) {
      if (latencies.failed(cause) && System.nanoTime() - endNanos < 0) {
        next();
      } else {
        running.countDown();
      }
    }
  }
}
