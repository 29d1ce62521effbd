package io.liblink.bench.peers;

import io.netty.handler.ssl.SslContext;
import io.rsocket.Payload;
import io.rsocket.RSocket;
import io.rsocket.SocketAcceptor;
import io.rsocket.transport.netty.server.CloseableChannel;
import io.rsocket.util.ByteBufPayload;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** RSocket, request-response. */
final class RsocketPeer implements Peer {
  @Override
  public Server serve(Secrets secrets) throws Exception {
    CloseableChannel channel =
        Rsocket.serve(SocketAcceptor.forRequestResponse(RsocketPeer::answer), secrets);
    return new Server() {
      @Override
      public String address() {
        return Rsocket.address(channel);
      }

      @Override
      public void close() {
        channel.dispose();
      }
    };
  }

  private static Mono<Payload> answer(Payload request) {
    return Mono.just(ByteBufPayload.create(Echo.answer(Rsocket.bytes(request))));
  }

  @Override
  public Dialer dialer(String address, Secrets secrets) throws Exception {
    SslContext tls = Rsocket.clientTls(secrets);
    return () -> new RsocketLink(Rsocket.connect(address, tls));
  }

  private record RsocketLink(RSocket socket) implements Link {
    @Override
    public void call(byte[] request, Reply reply) {
      socket
          .requestResponse(ByteBufPayload.create(request))
          .subscribe(answer -> reply.arrived(Rsocket.bytes(answer)), reply::failed);
    }

    @Override
    public byte[] call(byte[] request) {
      Payload answer =
          socket.requestResponse(ByteBufPayload.create(request)).block(Rsocket.PATIENCE);
      return Rsocket.bytes(Objects.requireNonNull(answer));
    }

    @Override
    public void close() {
      socket.dispose();
    }
  }
}
