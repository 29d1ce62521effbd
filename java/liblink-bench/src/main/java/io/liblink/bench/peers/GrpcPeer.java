package io.liblink.bench.peers;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * grpc-java, unary calls as {@link Grpc} sets them up. No deadline, which saves it a timer for each
 * call.
 */
final class GrpcPeer implements Peer {
  private static final MethodDescriptor<byte[], byte[]> ECHO =
      Grpc.method("echo", MethodDescriptor.MethodType.UNARY);

  private final boolean direct;

  GrpcPeer(boolean direct) {
    this.direct = direct;
  }

  @Override
  public Peer.Server serve(Secrets secrets) throws Exception {
    io.grpc.Server server = Grpc.serve(
        ServerServiceDefinition.builder(Grpc.SERVICE)
            .addMethod(ECHO, ServerCalls.asyncUnaryCall(GrpcPeer::answer))
            .build(),
        direct,
        secrets);
    return new Peer.Server() {
      @Override
      public String address() {
        return Grpc.address(server);
      }

      @Override
      public void close() {
        server.shutdownNow();
      }
    };
  }

  private static void answer(byte[] request, StreamObserver<byte[]> reply) {
    reply.onNext(Echo.answer(request));
    reply.onCompleted();
  }

  @Override
  public Dialer dialer(String address, Secrets secrets) throws Exception {
    SslContext tls = Grpc.clientTls(secrets);
    return () -> new GrpcLink(Grpc.channel(address, tls, direct));
  }

  /** Connects with its first call. */
  private record GrpcLink(ManagedChannel channel) implements Link {
    @Override
    public void call(byte[] request, Reply reply) {
      Channel c = channel;
      ClientCalls.asyncUnaryCall(
          c.newCall(ECHO, CallOptions.DEFAULT), request, new StreamObserver<byte[]>() {
            private byte[] answer = new byte[0];

            @Override
            public void onNext(byte[] value) {
              answer = value;
            }

            @Override
            public void onError(Throwable cause) {
              reply.failed(cause);
            }

            @Override
            public void onCompleted() {
              reply.arrived(answer);
            }
          });
    }

    @Override
    public byte[] call(byte[] request) {
      return ClientCalls.blockingUnaryCall(channel, ECHO, CallOptions.DEFAULT, request);
    }

    @Override
    public void close() throws IOException {
      channel.shutdown();
      try {
        channel.awaitTermination(5, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while a channel closed", e);
      }
    }
  }
}
