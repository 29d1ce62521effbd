package io.liblink.bench.peers;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStream;
import io.nats.client.JetStreamManagement;
import io.nats.client.PushSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * NATS JetStream through a {@link NatsBroker}: a work queue in the broker's memory, one durable
 * consumer that pushes to a queue group, each item acknowledged by its worker after its function
 * ran. The producer is told that the broker has the item, not that a worker had it; so a slice ends
 * when the consumer has nothing pending, and what is in flight is bounded up to the broker only.
 */
final class NatsJetStream implements Pipeline {
  private static final String STREAM = "bench";
  private static final String SUBJECT = "bench.work";
  private static final String GROUP = "workers";
  private static final Duration MOMENT = Duration.ofMillis(5);

  @Override
  public Workers workers(List<Consumer<byte[]>> functions, int credit, Secrets secrets)
      throws Exception {
    NatsBroker broker = NatsBroker.start(secrets);
    SSLContext tls = secrets.jdkContext("server");
    Connection manager = NatsBroker.connect(broker.address(), tls);
    manager
        .jetStreamManagement()
        .addStream(StreamConfiguration.builder()
            .name(STREAM)
            .subjects(SUBJECT)
            .retentionPolicy(RetentionPolicy.WorkQueue)
            .storageType(StorageType.Memory)
            .build());
    manager.close();
    PushSubscribeOptions options = PushSubscribeOptions.builder().stream(STREAM)
        .configuration(ConsumerConfiguration.builder()
            .durable(GROUP)
            .deliverGroup(GROUP)
            .ackPolicy(AckPolicy.Explicit)
            .maxAckPending((long) credit * functions.size())
            .build())
        .build();
    for (Consumer<byte[]> function : functions) {
      Connection connection = NatsBroker.connect(broker.address(), tls);
      Dispatcher dispatcher = connection.createDispatcher();
      connection
          .jetStream()
          .subscribe(
              SUBJECT,
              GROUP,
              dispatcher,
              message -> {
                function.accept(message.getData());
                message.ack();
              },
              false,
              options);
    }
    return new NatsWorkers(broker);
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // the receipts hear of every outcome
  public Producer producer(String address, int credit, Secrets secrets, Receipts receipts)
      throws Exception {
    Connection connection = NatsBroker.connect(address, secrets.jdkContext("client"));
    JetStream stream = connection.jetStream();
    JetStreamManagement management = connection.jetStreamManagement();
    return new Producer() {
      @Override
      public void push(byte[] item) {
        stream.publishAsync(SUBJECT, item).whenComplete((stored, failure) -> {
          if (failure != null) {
            receipts.failed(failure);
          } else {
            receipts.settled(1);
          }
        });
      }

      @Override
      public void drain() throws Exception {
        long end = System.nanoTime() + NatsBroker.PATIENCE.toNanos();
        ConsumerInfo info = management.getConsumerInfo(STREAM, GROUP);
        while (info.getNumPending() > 0 || info.getNumAckPending() > 0) {
          if (System.nanoTime() - end > 0) {
            throw new TimeoutException(info.getNumPending() + " items were never worked on");
          }
          Thread.sleep(MOMENT.toMillis());
          info = management.getConsumerInfo(STREAM, GROUP);
        }
      }
    };
  }
}
