package io.liblink.bench.peers;

import io.netty.handler.ssl.SslContext;
import io.rsocket.Payload;
import io.rsocket.RSocket;
import io.rsocket.SocketAcceptor;
import io.rsocket.transport.netty.server.CloseableChannel;
import io.rsocket.util.ByteBufPayload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** RSocket, a request-response for each item; the response is the item's first eight bytes. */
final class RsocketPipeline implements Pipeline {
  private static final int RECEIPT = 8;

  @Override
  public Workers workers(List<Consumer<byte[]>> functions, int credit, Secrets secrets)
      throws Exception {
    List<CloseableChannel> channels = new ArrayList<>();
    for (Consumer<byte[]> function : functions) {
      channels.add(
          Rsocket.serve(SocketAcceptor.forRequestResponse(item -> work(function, item)), secrets));
    }
    return new Workers() {
      @Override
      public String address() {
        return String.join(",", channels.stream().map(Rsocket::address).toList());
      }

      @Override
      public void close() {
        channels.forEach(CloseableChannel::dispose);
      }
    };
  }

  private static Mono<Payload> work(Consumer<byte[]> function, Payload item) {
    byte[] bytes = Rsocket.bytes(item);
    function.accept(bytes);
    return Mono.just(ByteBufPayload.create(Arrays.copyOf(bytes, RECEIPT)));
  }

  @Override
  public Producer producer(String address, int credit, Secrets secrets, Receipts receipts)
      throws Exception {
    SslContext tls = Rsocket.clientTls(secrets);
    List<RSocket> workers = new ArrayList<>();
    for (String one : address.split(",")) {
      workers.add(Rsocket.connect(one, tls));
    }
    InFlight inFlight = new InFlight(workers.size());
    return item -> {
      int worker = inFlight.take();
      workers
          .get(worker)
          .requestResponse(ByteBufPayload.create(item))
          .subscribe(
              ack -> {
                ack.release();
                inFlight.done(worker, 1);
                receipts.settled(1);
              },
              receipts::failed);
    };
  }
}
