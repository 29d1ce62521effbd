package io.liblink.bench.peers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * JeroMQ with CURVE. Acknowledged: a DEALER that takes turns among ROUTERs, which send eight bytes
 * back for each item. Not acknowledged: a PUSH that takes turns among PULLs and waits at their
 * high-water marks. Each worker has a thread of its own; the pushing thread owns its socket.
 */
final class JeromqPipeline implements Pipeline {
  private static final int RECEIPT = 8;

  private final boolean acknowledged;

  JeromqPipeline(boolean acknowledged) {
    this.acknowledged = acknowledged;
  }

  @Override
  public String unequal() {
    return acknowledged
        ? ""
        : "not acknowledged: what a worker has when it dies is lost, and nobody hears of it";
  }

  @Override
  public Workers workers(List<Consumer<byte[]>> functions, int credit, Secrets secrets)
      throws Exception {
    Jeromq jeromq = Jeromq.server(secrets);
    List<String> addresses = new ArrayList<>();
    for (Consumer<byte[]> function : functions) {
      ZMQ.Socket socket = jeromq.binding(acknowledged ? SocketType.ROUTER : SocketType.PULL);
      if (acknowledged) {
        socket.setRouterMandatory(true); // wait at the high-water mark instead of dropping
      }
      addresses.add(Jeromq.bind(socket));
      Jeromq.start("worker", () -> {
        if (acknowledged) {
          workAndAcknowledge(socket, function);
        } else {
          work(socket, function);
        }
      });
    }
    return new Workers() {
      @Override
      public String address() {
        return String.join(",", addresses);
      }

      @Override
      public void close() {} // the process ends; closing a context would wait for its sockets
    };
  }

  private static void workAndAcknowledge(ZMQ.Socket router, Consumer<byte[]> function) {
    while (!Thread.currentThread().isInterrupted()) {
      byte[] producer = router.recv();
      byte[] item = router.recv();
      function.accept(item);
      router.send(producer, ZMQ.SNDMORE);
      router.send(Arrays.copyOf(item, RECEIPT));
    }
  }

  private static void work(ZMQ.Socket pull, Consumer<byte[]> function) {
    while (!Thread.currentThread().isInterrupted()) {
      function.accept(pull.recv());
    }
  }

  @Override
  public Producer producer(String address, int credit, Secrets secrets, Receipts receipts)
      throws Exception {
    Jeromq jeromq = Jeromq.client(secrets);
    ZMQ.Socket socket = jeromq.connecting(acknowledged ? SocketType.DEALER : SocketType.PUSH);
    for (String worker : address.split(",")) {
      Jeromq.connect(socket, worker);
    }
    if (acknowledged) {
      return new Dealer(jeromq.context(), socket, receipts);
    }
    return item -> {
      socket.send(item);
      receipts.settled(1);
    };
  }

  private static final class Dealer implements Producer {
    private static final int BETWEEN_LOOKS = 16;
    private static final int MOMENT_MILLIS = 5;

    private final ZMQ.Socket socket;
    private final ZMQ.Poller poller;
    private final Receipts receipts;
    private int sinceLook;

    Dealer(ZContext context, ZMQ.Socket socket, Receipts receipts) {
      this.socket = socket;
      this.receipts = receipts;
      this.poller = context.createPoller(1);
      poller.register(socket, ZMQ.Poller.POLLIN);
    }

    @Override
    public void push(byte[] item) {
      socket.send(item);
      if (++sinceLook == BETWEEN_LOOKS) {
        sinceLook = 0;
        receive();
      }
    }

    @Override
    public boolean takeReceipts() {
      poller.poll(MOMENT_MILLIS);
      receive();
      return true;
    }

    private void receive() {
      int items = 0;
      while (socket.recv(ZMQ.DONTWAIT) != null) {
        items++;
      }
      if (items > 0) {
        receipts.settled(items);
      }
    }
  }
}
