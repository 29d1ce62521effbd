package io.liblink.bench.peers;

import io.grpc.KnownLength;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLException;

/**
 * Servers and channels of grpc-java for raw bytes, BoringSSL. Everything at its defaults except the
 * largest message, and the executor where {@code direct} asks for none.
 */
final class Grpc {
  static final String SERVICE = "bench";

  private static final int LARGEST_MESSAGE = 64 << 20;

  private Grpc() {}

  static MethodDescriptor<byte[], byte[]> method(String name, MethodDescriptor.MethodType type) {
    return MethodDescriptor.<byte[], byte[]>newBuilder(new Bytes(), new Bytes())
        .setType(type)
        .setFullMethodName(SERVICE + "/" + name)
        .build();
  }

  /** Serves on a free port. */
  static Server serve(ServerServiceDefinition service, boolean direct, Secrets secrets)
      throws IOException {
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
        .addService(service);
    if (direct) {
      builder.directExecutor();
    }
    return builder.build().start();
  }

  static String address(Server server) {
    return "127.0.0.1:" + server.getPort();
  }

  static SslContext clientTls(Secrets secrets) throws SSLException {
    return GrpcSslContexts.forClient()
        .keyManager(secrets.chain("client").toFile(), secrets.key("client").toFile())
        .trustManager(secrets.ca().toFile())
        .protocols("TLSv1.3")
        .build();
  }

  /** A connection of its own, made with its first call. */
  static ManagedChannel channel(String address, SslContext tls, boolean direct) {
    NettyChannelBuilder builder = NettyChannelBuilder.forTarget("dns:///" + address)
        .sslContext(tls)
        .maxInboundMessageSize(LARGEST_MESSAGE);
    if (direct) {
      builder.directExecutor();
    }
    return builder.build();
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
