package io.liblink.bench.peers;

import io.liblink.Node;
import io.liblink.Service;
import io.liblink.Trait;
import io.liblink.delivery.ProducerOptions;
import io.liblink.delivery.QueueOptions;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * liblink by its public API. Each worker is a node. The producer's buffer holds what may be in flight,
 * and blocks when it is full; receipts are thrown away, and {@code drain} waits for the last of them.
 * The worker is declared non-blocking, or is an ordinary one.
 *
 * <p>With a spool, which syncs every 5 ms, items that are not accepted yet are bounded instead: {@code
 * pushAsync} says when each is, and how many of the accepted are in flight is the producer's business.
 */
final class LiblinkPipeline implements Pipeline {
  private static final String SERVICE = "bench";
  private static final String QUEUE = "items";
  private static final long BUFFER_BYTES = 64 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final boolean ordinary;
  private final boolean spool;

  LiblinkPipeline(boolean ordinary, boolean spool) {
    this.ordinary = ordinary;
    this.spool = spool;
  }

  @Override
  public Workers workers(List<Consumer<byte[]>> functions, int credit, Secrets secrets)
      throws Exception {
    LiblinkNodes.makeKey(secrets);
    Trait[] traits = ordinary ? new Trait[0] : new Trait[] {Trait.NON_BLOCKING};
    List<String> addresses = new ArrayList<>();
    List<Node> nodes = new ArrayList<>();
    for (Consumer<byte[]> function : functions) {
      String address = LiblinkNodes.freeAddress();
      addresses.add(address);
      Node node =
          Node.join(LiblinkNodes.options("bench-worker-" + addresses.size(), address, secrets)
              .bind(address));
      nodes.add(node);
      node.serve(Service.named(SERVICE)
          .queue(
              QUEUE,
              byte[].class,
              QueueOptions.defaults().concurrency(credit),
              function::accept,
              traits));
    }
    return new Workers() {
      @Override
      public String address() {
        return String.join(",", addresses);
      }

      @Override
      public void close() {
        nodes.forEach(node -> node.close(Duration.ZERO));
      }
    };
  }

  @Override
  public Producer producer(String address, int credit, Secrets secrets, Receipts receipts)
      throws Exception {
    int inFlight = address.split(",").length * credit;
    ProducerOptions options = ProducerOptions.defaults()
        .buffer(inFlight, BUFFER_BYTES)
        .deadLetter(letter -> receipts.failed(new IllegalStateException("given up: " + letter)));
    if (spool) {
      options = options.spool(Files.createTempDirectory(secrets.directory(), "spool-"));
    }
    io.liblink.Producer producer = Node.join(
            LiblinkNodes.options("bench-producer", address, secrets))
        .service(SERVICE)
        .producer(QUEUE, options);
    return spool ? new Spooling(producer, receipts) : new InMemory(producer, receipts);
  }

  private record InMemory(io.liblink.Producer producer, Receipts receipts) implements Producer {
    @Override
    public void push(byte[] item) {
      producer.push(item);
      receipts.settled(1);
    }

    @Override
    public void drain() {
      producer.drain(PATIENCE);
    }
  }

  private record Spooling(io.liblink.Producer producer, Receipts receipts) implements Producer {
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the receipts hear of every outcome
    public void push(byte[] item) {
      long start = System.nanoTime();
      producer.pushAsync(item).whenComplete((receipt, failure) -> {
        if (failure != null) {
          receipts.failed(failure);
        } else {
          receipts.accepted(System.nanoTime() - start);
          receipts.settled(1);
        }
      });
    }

    @Override
    public void drain() {
      producer.drain(PATIENCE);
    }
  }
}
