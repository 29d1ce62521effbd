package io.liblink.bench.peers;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.KnownLength;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * grpc-java, unary calls of raw bytes, BoringSSL. Everything at its defaults except the largest
 * message, and the executor where {@code direct} asks for none. No deadline, which saves it a timer
 * for each call.
 */
final class GrpcPeer implements Peer {
  private static final int LARGEST_MESSAGE = 64 << 20;

  private static final MethodDescriptor<byte[], byte[]> ECHO =
      MethodDescriptor.<byte[], byte[]>newBuilder(new Bytes(), new Bytes())
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("bench/echo")
          .build();

  private final boolean direct;

  GrpcPeer(boolean direct) {
    this.direct = direct;
  }

  @Override
  public Peer.Server serve(Secrets secrets) throws Exception {
    SslContext tls = GrpcSslContexts.forServer(
            secrets.chain("server").toFile(), secrets.key("server").toFile())
        .trustManager(secrets.ca().toFile())
        .clientAuth(ClientAuth.REQUIRE)
        .protocols("TLSv1.3")
        .build();
    NettyServerBuilder builder = NettyServerBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .sslContext(tls)
        .maxInboundMessageSize(LARGEST_MESSAGE)
        .addService(ServerServiceDefinition.builder("bench")
            .addMethod(ECHO, ServerCalls.asyncUnaryCall(GrpcPeer::answer))
            .build());
    if (direct) {
      builder.directExecutor();
    }
    io.grpc.Server server = builder.build().start();
    return new Peer.Server() {
      @Override
      public String address() {
        return "127.0.0.1:" + server.getPort();
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
    SslContext tls = GrpcSslContexts.forClient()
        .keyManager(secrets.chain("client").toFile(), secrets.key("client").toFile())
        .trustManager(secrets.ca().toFile())
        .protocols("TLSv1.3")
        .build();
    return () -> {
      NettyChannelBuilder builder = NettyChannelBuilder.forTarget("dns:///" + address)
          .sslContext(tls)
          .maxInboundMessageSize(LARGEST_MESSAGE);
      if (direct) {
        builder.directExecutor();
      }
      return new GrpcLink(builder.build());
    };
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

  /** Bytes as they are, the way that generated code hands over its own. */
  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new KnownBytes(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        byte[] bytes = new byte[stream.available()];
        if (stream.readNBytes(bytes, 0, bytes.length) != bytes.length || stream.read() != -1) {
          throw Status.INTERNAL.withDescription("a stream of unknown length").asRuntimeException();
        }
        return bytes;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final class KnownBytes extends ByteArrayInputStream implements KnownLength {
    KnownBytes(byte[] bytes) {
      super(bytes);
    }
  }
}
