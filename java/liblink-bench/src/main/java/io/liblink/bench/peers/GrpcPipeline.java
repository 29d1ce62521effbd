package io.liblink.bench.peers;

import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * grpc-java, a bidirectional stream to each worker: items one way, eight bytes for each the other
 * way. What is in flight bounds what either side has to keep.
 */
final class GrpcPipeline implements Pipeline {
  private static final MethodDescriptor<byte[], byte[]> PUSH =
      Grpc.method("push", MethodDescriptor.MethodType.BIDI_STREAMING);
  private static final int RECEIPT = 8;

  private final boolean direct;

  GrpcPipeline(boolean direct) {
    this.direct = direct;
  }

  @Override
  public Workers workers(List<Consumer<byte[]>> functions, int credit, Secrets secrets)
      throws Exception {
    List<Server> servers = new ArrayList<>();
    for (Consumer<byte[]> function : functions) {
      servers.add(Grpc.serve(
          ServerServiceDefinition.builder(Grpc.SERVICE)
              .addMethod(
                  PUSH, ServerCalls.asyncBidiStreamingCall(acks -> items(function, credit, acks)))
              .build(),
          direct,
          secrets));
    }
    return new Workers() {
      @Override
      public String address() {
        return String.join(",", servers.stream().map(Grpc::address).toList());
      }

      @Override
      public void close() throws IOException {
        servers.forEach(Server::shutdownNow);
      }
    };
  }

  private static StreamObserver<byte[]> items(
      Consumer<byte[]> function, int credit, StreamObserver<byte[]> acks) {
    ServerCallStreamObserver<byte[]> call = (ServerCallStreamObserver<byte[]>) acks;
    int atOnce = Math.max(1, credit / 2);
    call.disableAutoRequest();
    call.request(credit);
    return new StreamObserver<>() {
      private int received;

      @Override
      public void onNext(byte[] item) {
        function.accept(item);
        acks.onNext(Arrays.copyOf(item, RECEIPT));
        if (++received == atOnce) {
          received = 0;
          call.request(atOnce);
        }
      }

      @Override
      public void onError(Throwable cause) {} // the producer hears of it

      @Override
      public void onCompleted() {
        acks.onCompleted();
      }
    };
  }

  @Override
  public Producer producer(String address, int credit, Secrets secrets, Receipts receipts)
      throws Exception {
    SslContext tls = Grpc.clientTls(secrets);
    String[] addresses = address.split(",");
    InFlight inFlight = new InFlight(addresses.length);
    List<StreamObserver<byte[]>> workers = new ArrayList<>();
    for (String one : addresses) {
      workers.add(ClientCalls.asyncBidiStreamingCall(
          Grpc.channel(one, tls, direct).newCall(PUSH, CallOptions.DEFAULT),
          new Acks(workers.size(), inFlight, receipts)));
    }
    return item -> workers.get(inFlight.take()).onNext(item);
  }

  private record Acks(int worker, InFlight inFlight, Receipts receipts)
      implements StreamObserver<byte[]> {
    @Override
    public void onNext(byte[] ack) {
      inFlight.done(worker, 1);
      receipts.settled(1);
    }

    @Override
    public void onError(Throwable cause) {
      receipts.failed(cause);
    }

    @Override
    public void onCompleted() {
      receipts.failed(new IllegalStateException("a worker ended the stream"));
    }
  }
}
