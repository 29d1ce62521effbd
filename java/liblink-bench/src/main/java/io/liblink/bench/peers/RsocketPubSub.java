package io.liblink.bench.peers;

import io.netty.handler.ssl.SslContext;
import io.rsocket.Payload;
import io.rsocket.SocketAcceptor;
import io.rsocket.transport.netty.server.CloseableChannel;
import io.rsocket.util.ByteBufPayload;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/**
 * RSocket, a request-stream for each link, each on a connection of its own. The publisher waits until
 * every subscriber has asked for more; they ask for 512 more at a time and have 1,024 at most.
 */
final class RsocketPubSub implements PubSub {
  @Override
  public Publisher publisher(Secrets secrets) throws Exception {
    Streams streams = new Streams();
    streams.channel = Rsocket.serve(SocketAcceptor.forRequestStream(streams::open), secrets);
    return streams;
  }

  @Override
  public Subscriber subscriber(String address, Secrets secrets) throws Exception {
    SslContext tls = Rsocket.clientTls(secrets);
    return sink -> Rsocket.connect(address, tls)
        .requestStream(ByteBufPayload.create(new byte[0]))
        .subscribe(new Receiver(sink));
  }

  private static final class Streams implements Publisher {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final List<FluxSink<Payload>> all = new CopyOnWriteArrayList<>();
    private final Semaphore subscribed = new Semaphore(0);
    private volatile @Nullable Thread waiting;

    @SuppressWarnings("NullAway.Init") // set before the publisher is handed out
    private CloseableChannel channel;

    Flux<Payload> open(Payload request) {
      request.release();
      return Flux.create(
          stream -> {
            stream.onRequest(more -> LockSupport.unpark(waiting));
            all.add(stream);
            subscribed.release();
          },
          FluxSink.OverflowStrategy.ERROR);
    }

    @Override
    public String address() {
      return Rsocket.address(channel);
    }

    @Override
    public void awaitSubscribers(int count) throws InterruptedException, TimeoutException {
      if (!subscribed.tryAcquire(count, 30, TimeUnit.SECONDS)) {
        throw new TimeoutException("only " + all.size() + " links subscribed");
      }
      subscribed.release(count);
    }

    @Override
    public void publish(byte[] message) {
      for (FluxSink<Payload> stream : all) {
        if (stream.requestedFromDownstream() == 0) {
          await(stream);
        }
        stream.next(ByteBufPayload.create(message));
      }
    }

    private void await(FluxSink<Payload> stream) {
      waiting = Thread.currentThread();
      while (stream.requestedFromDownstream() == 0) {
        if (stream.isCancelled()) {
          throw new IllegalStateException("a subscriber is gone");
        }
        LockSupport.parkNanos(this, LOOK_NANOS);
      }
      waiting = null;
    }

    @Override
    public void close() {
      channel.dispose();
    }
  }

  private static final class Receiver extends BaseSubscriber<Payload> {
    private static final int AT_ONCE = 512;

    private final Sink sink;
    private int received;

    Receiver(Sink sink) {
      this.sink = sink;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
      request(2 * AT_ONCE);
    }

    @Override
    protected void hookOnNext(Payload payload) {
      sink.arrived(Rsocket.bytes(payload));
      if (++received == AT_ONCE) {
        received = 0;
        request(AT_ONCE);
      }
    }

    @Override
    protected void hookOnError(Throwable cause) {
      sink.failed(cause);
    }

    @Override
    protected void hookOnComplete() {
      sink.failed(new IllegalStateException("the publisher ended the stream"));
    }
  }
}
