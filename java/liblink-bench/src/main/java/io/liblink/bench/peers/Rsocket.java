package io.liblink.bench.peers;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.rsocket.Payload;
import io.rsocket.RSocket;
import io.rsocket.SocketAcceptor;
import io.rsocket.core.RSocketConnector;
import io.rsocket.core.RSocketServer;
import io.rsocket.frame.decoder.PayloadDecoder;
import io.rsocket.transport.netty.client.TcpClientTransport;
import io.rsocket.transport.netty.server.CloseableChannel;
import io.rsocket.transport.netty.server.TcpServerTransport;
import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.SSLException;
import reactor.netty.tcp.TcpClient;
import reactor.netty.tcp.TcpServer;

/**
 * RSocket over TCP with BoringSSL, payloads without a copy, fragments of 64 KiB so that 16 MiB fit.
 * It was built for Netty 4.1 and runs here on the Netty of the reference.
 */
final class Rsocket {
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final int FRAGMENT = 64 * 1024;

  private Rsocket() {}

  /** Serves on a free port. */
  static CloseableChannel serve(SocketAcceptor acceptor, Secrets secrets) throws SSLException {
    SslContext tls = SslContextBuilder.forServer(
            secrets.chain("server").toFile(), secrets.key("server").toFile())
        .trustManager(secrets.ca().toFile())
        .clientAuth(ClientAuth.REQUIRE)
        .sslProvider(SslProvider.OPENSSL)
        .protocols("TLSv1.3")
        .build();
    return RSocketServer.create(acceptor)
        .payloadDecoder(PayloadDecoder.ZERO_COPY)
        .fragment(FRAGMENT)
        .bindNow(TcpServerTransport.create(
            TcpServer.create().host("127.0.0.1").port(0).secure(spec -> spec.sslContext(tls))));
  }

  static String address(CloseableChannel channel) {
    return "127.0.0.1:" + channel.address().getPort();
  }

  static SslContext clientTls(Secrets secrets) throws SSLException {
    return SslContextBuilder.forClient()
        .keyManager(secrets.chain("client").toFile(), secrets.key("client").toFile())
        .trustManager(secrets.ca().toFile())
        .sslProvider(SslProvider.OPENSSL)
        .protocols("TLSv1.3")
        .build();
  }

  /** A connection of its own. */
  static RSocket connect(String address, SslContext tls) {
    TcpClient tcp = TcpClient.newConnection()
        .host("127.0.0.1")
        .port(Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)))
        .secure(spec -> spec.sslContext(tls));
    RSocket socket = RSocketConnector.create()
        .payloadDecoder(PayloadDecoder.ZERO_COPY)
        .fragment(FRAGMENT)
        .connect(TcpClientTransport.create(tcp))
        .block(PATIENCE);
    return Objects.requireNonNull(socket);
  }

  /** Copies what a payload holds and gives the payload back. */
  static byte[] bytes(Payload payload) {
    byte[] bytes = ByteBufUtil.getBytes(payload.sliceData());
    payload.release();
    return bytes;
  }
}
