package io.liblink.bench.peers;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * NATS core through a {@link NatsBroker}: a request for each item to a queue group, in which each
 * worker has a connection of its own; the reply is the item's first eight bytes. The broker chooses
 * the worker, by chance.
 */
final class NatsPipeline implements Pipeline {
  private static final String SUBJECT = "bench.queue";
  private static final String GROUP = "workers";
  private static final int RECEIPT = 8;

  @Override
  public Workers workers(List<Consumer<byte[]>> functions, int credit, Secrets secrets)
      throws Exception {
    NatsBroker broker = NatsBroker.start(secrets);
    SSLContext tls = secrets.jdkContext("server");
    for (Consumer<byte[]> function : functions) {
      Connection connection = NatsBroker.connect(broker.address(), tls);
      Dispatcher dispatcher = connection.createDispatcher(message -> {
        byte[] item = message.getData();
        function.accept(item);
        connection.publish(message.getReplyTo(), Arrays.copyOf(item, RECEIPT));
      });
      dispatcher.subscribe(SUBJECT, GROUP);
      connection.flush(NatsBroker.PATIENCE);
    }
    return new NatsWorkers(broker);
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // the receipts hear of every outcome
  public Producer producer(String address, int credit, Secrets secrets, Receipts receipts)
      throws Exception {
    Connection connection = NatsBroker.connect(address, secrets.jdkContext("client"));
    return item -> connection.request(SUBJECT, item).whenComplete((ack, failure) -> {
      if (failure != null) {
        receipts.failed(failure);
      } else {
        receipts.settled(1);
      }
    });
  }
}
