package io.liblink.bench.peers;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import java.io.IOException;
import java.util.List;
import javax.net.ssl.SSLContext;

/**
 * NATS: jnats on both sides of a {@link NatsBroker}. A call passes two connections, and the broker
 * counts as serving side.
 */
final class NatsPeer implements Peer {
  private static final String SUBJECT = "bench.echo";

  @Override
  public Server serve(Secrets secrets) throws Exception {
    NatsBroker broker = NatsBroker.start(secrets);
    Connection connection = NatsBroker.connect(broker.address(), secrets.jdkContext("server"));
    Dispatcher dispatcher = connection.createDispatcher(
        message -> connection.publish(message.getReplyTo(), Echo.answer(message.getData())));
    dispatcher.subscribe(SUBJECT);
    connection.flush(NatsBroker.PATIENCE);
    return new Server() {
      @Override
      public String address() {
        return broker.address();
      }

      @Override
      public List<Long> processes() {
        return List.of(broker.pid());
      }

      @Override
      public void close() {
        broker.close();
      }
    };
  }

  @Override
  public Dialer dialer(String address, Secrets secrets) throws Exception {
    SSLContext tls = secrets.jdkContext("client");
    return () -> new NatsLink(NatsBroker.connect(address, tls));
  }

  private record NatsLink(Connection connection) implements Link {
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the reply hears of every outcome
    public void call(byte[] request, Reply reply) {
      connection.request(SUBJECT, request).whenComplete((answer, failure) -> {
        if (failure != null) {
          reply.failed(failure);
        } else {
          reply.arrived(answer.getData());
        }
      });
    }

    @Override
    public byte[] call(byte[] request) throws Exception {
      return connection.request(SUBJECT, request, NatsBroker.PATIENCE).getData();
    }

    @Override
    public void close() throws IOException {
      try {
        connection.close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while a connection closed", e);
      }
    }
  }
}
