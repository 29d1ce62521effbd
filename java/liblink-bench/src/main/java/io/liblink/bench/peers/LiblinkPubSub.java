package io.liblink.bench.peers;

import io.liblink.Node;
import io.liblink.Service;
import io.liblink.Topic;
import io.liblink.delivery.SubscribeOptions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * liblink by its public API, everything at its defaults. Between two nodes there is one link, so each
 * subscribing link is that of a node. The publisher looks every 1,024 messages that no subscriber is
 * more than 8,192 behind, half of what the topic keeps; a gap ends the run. The handler is declared
 * non-blocking, or is an ordinary one.
 */
final class LiblinkPubSub implements PubSub {
  private static final String SERVICE = "bench";
  private static final String TOPIC = "items";
  private static final int LOOK_EVERY = 512;
  private static final int MOST_BEHIND = 3072;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final boolean ordinary;

  LiblinkPubSub(boolean ordinary) {
    this.ordinary = ordinary;
  }

  @Override
  public Publisher publisher(Secrets secrets) throws Exception {
    String address = LiblinkNodes.freeAddress();
    LiblinkNodes.makeKey(secrets);
    Node node =
        Node.join(LiblinkNodes.options("bench-publisher", address, secrets).bind(address));
    node.serve(Service.named(SERVICE).topic(TOPIC, byte[].class));
    return new NotAhead(node, address, node.topic(SERVICE + "/" + TOPIC));
  }

  @Override
  public Subscriber subscriber(String address, Secrets secrets) throws Exception {
    AtomicInteger links = new AtomicInteger();
    return sink -> {
      String name = "bench-subscriber-" + links.incrementAndGet();
      SubscribeOptions options = SubscribeOptions.defaults()
          .onGap(gap -> sink.failed(new IllegalStateException("lost: " + gap)));
      Node.join(LiblinkNodes.options(name, address, secrets))
          .service(SERVICE)
          .timeout(PATIENCE)
          .subscribe(
              TOPIC, byte[].class, ordinary ? options : options.nonBlocking(), sink::arrived);
    };
  }

  private static final class NotAhead implements Publisher {
    private final Node node;
    private final String address;
    private final Topic topic;
    private int sinceLook;

    NotAhead(Node node, String address, Topic topic) {
      this.node = node;
      this.address = address;
      this.topic = topic;
    }

    @Override
    public String address() {
      return address;
    }

    @Override
    public void awaitSubscribers(int count) {
      topic.awaitSubscribers(count, PATIENCE);
    }

    @Override
    public void publish(byte[] message) {
      if (++sinceLook == LOOK_EVERY) {
        sinceLook = 0;
        topic.awaitLag(MOST_BEHIND, PATIENCE);
      }
      topic.publish(message);
    }

    @Override
    public void close() {
      node.close(Duration.ZERO);
    }
  }
}
