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
import io.rsocket.util.ByteBufPayload;
import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.netty.tcp.TcpClient;
import reactor.netty.tcp.TcpServer;

/**
 * RSocket over TCP with BoringSSL, request-response, payloads without a copy, fragments of 64 KiB so
 * that 16 MiB fit. It was built for Netty 4.1 and runs here on the Netty of the reference.
 */
final class RsocketPeer implements Peer {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int FRAGMENT = 64 * 1024;

  @Override
  public Server serve(Secrets secrets) throws Exception {
    SslContext tls = SslContextBuilder.forServer(
            secrets.chain("server").toFile(), secrets.key("server").toFile())
        .trustManager(secrets.ca().toFile())
        .clientAuth(ClientAuth.REQUIRE)
        .sslProvider(SslProvider.OPENSSL)
        .protocols("TLSv1.3")
        .build();
    CloseableChannel channel = RSocketServer.create(
            SocketAcceptor.forRequestResponse(RsocketPeer::answer))
        .payloadDecoder(PayloadDecoder.ZERO_COPY)
        .fragment(FRAGMENT)
        .bindNow(TcpServerTransport.create(
            TcpServer.create().host("127.0.0.1").port(0).secure(spec -> spec.sslContext(tls))));
    return new Server() {
      @Override
      public String address() {
        return "127.0.0.1:" + channel.address().getPort();
      }

      @Override
      public void close() {
        channel.dispose();
      }
    };
  }

  private static Mono<Payload> answer(Payload request) {
    return Mono.just(ByteBufPayload.create(Echo.answer(bytes(request))));
  }

  private static byte[] bytes(Payload payload) {
    byte[] bytes = ByteBufUtil.getBytes(payload.sliceData());
    payload.release();
    return bytes;
  }

  @Override
  public Dialer dialer(String address, Secrets secrets) throws Exception {
    SslContext tls = SslContextBuilder.forClient()
        .keyManager(secrets.chain("client").toFile(), secrets.key("client").toFile())
        .trustManager(secrets.ca().toFile())
        .sslProvider(SslProvider.OPENSSL)
        .protocols("TLSv1.3")
        .build();
    int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    return () -> {
      TcpClient tcp = TcpClient.newConnection()
          .host("127.0.0.1")
          .port(port)
          .secure(spec -> spec.sslContext(tls));
      RSocket socket = RSocketConnector.create()
          .payloadDecoder(PayloadDecoder.ZERO_COPY)
          .fragment(FRAGMENT)
          .connect(TcpClientTransport.create(tcp))
          .block(PATIENCE);
      return new RsocketLink(java.util.Objects.requireNonNull(socket));
    };
  }

  private record RsocketLink(RSocket socket) implements Link {
    @Override
    public void call(byte[] request, Reply reply) {
      socket
          .requestResponse(ByteBufPayload.create(request))
          .subscribe(answer -> reply.arrived(bytes(answer)), reply::failed);
    }

    @Override
    public byte[] call(byte[] request) {
      Payload answer = socket.requestResponse(ByteBufPayload.create(request)).block(PATIENCE);
      return bytes(java.util.Objects.requireNonNull(answer));
    }

    @Override
    public void close() {
      socket.dispose();
    }
  }
}
