package io.liblink.bench.peers;

import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * grpc-java, a server stream for each link, each on a channel of its own. The publisher waits for
 * every stream to be ready, which is until 256 KiB wait to be sent instead of 32. Subscribers ask for
 * many messages at a time instead of one by one.
 */
final class GrpcPubSub implements PubSub {
  private static final MethodDescriptor<byte[], byte[]> SUBSCRIBE =
      Grpc.method("subscribe", MethodDescriptor.MethodType.SERVER_STREAMING);

  private final boolean direct;

  GrpcPubSub(boolean direct) {
    this.direct = direct;
  }

  @Override
  public Publisher publisher(Secrets secrets) throws Exception {
    Streams streams = new Streams();
    Server server = Grpc.serve(
        ServerServiceDefinition.builder(Grpc.SERVICE)
            .addMethod(SUBSCRIBE, ServerCalls.asyncServerStreamingCall(streams::add))
            .build(),
        direct,
        secrets);
    streams.server = server;
    return streams;
  }

  @Override
  public Subscriber subscriber(String address, Secrets secrets) throws Exception {
    SslContext tls = Grpc.clientTls(secrets);
    return sink -> ClientCalls.asyncServerStreamingCall(
        Grpc.channel(address, tls, direct).newCall(SUBSCRIBE, CallOptions.DEFAULT),
        new byte[0],
        new Receiver(sink));
  }

  private static final class Streams implements Publisher {
    private static final int READY_BYTES = 256 * 1024;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final List<ServerCallStreamObserver<byte[]>> all = new CopyOnWriteArrayList<>();
    private final Semaphore subscribed = new Semaphore(0);
    private volatile @Nullable Thread waiting;
    private volatile boolean broken;

    @SuppressWarnings("NullAway.Init") // set before the publisher is handed out
    private Server server;

    void add(byte[] request, StreamObserver<byte[]> observer) {
      ServerCallStreamObserver<byte[]> stream = (ServerCallStreamObserver<byte[]>) observer;
      stream.setOnReadyThreshold(READY_BYTES);
      stream.setOnReadyHandler(() -> LockSupport.unpark(waiting));
      stream.setOnCancelHandler(() -> broken = true);
      all.add(stream);
      subscribed.release();
    }

    @Override
    public String address() {
      return Grpc.address(server);
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
      for (ServerCallStreamObserver<byte[]> stream : all) {
        if (!stream.isReady()) {
          await(stream);
        }
        stream.onNext(message);
      }
    }

    private void await(ServerCallStreamObserver<byte[]> stream) {
      waiting = Thread.currentThread();
      while (!stream.isReady()) {
        if (broken) {
          throw new IllegalStateException("a subscriber is gone");
        }
        LockSupport.parkNanos(this, LOOK_NANOS);
      }
      waiting = null;
    }

    @Override
    public void close() {
      server.shutdownNow();
    }
  }

  private static final class Receiver implements ClientResponseObserver<byte[], byte[]> {
    private static final int AT_ONCE = 512;

    private final Sink sink;
    private int received;

    @SuppressWarnings("NullAway.Init") // set before anything arrives
    private ClientCallStreamObserver<byte[]> call;

    Receiver(Sink sink) {
      this.sink = sink;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<byte[]> stream) {
      call = stream;
      stream.disableAutoRequestWithInitial(2 * AT_ONCE);
    }

    @Override
    public void onNext(byte[] message) {
      sink.arrived(message);
      if (++received == AT_ONCE) {
        received = 0;
        call.request(AT_ONCE);
      }
    }

    @Override
    public void onError(Throwable cause) {
      sink.failed(cause);
    }

    @Override
    public void onCompleted() {
      sink.failed(new IllegalStateException("the publisher ended the stream"));
    }
  }
}
