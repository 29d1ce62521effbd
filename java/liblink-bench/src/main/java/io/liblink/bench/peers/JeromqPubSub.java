package io.liblink.bench.peers;

import java.util.concurrent.TimeoutException;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/**
 * JeroMQ with CURVE: an XPUB that waits at the high-water mark of a subscriber instead of dropping
 * (XPUB_NODROP), a SUB for each link, each read by a thread of its own.
 */
final class JeromqPubSub implements PubSub {
  private static final int PATIENCE_MILLIS = 30_000;

  @Override
  public Publisher publisher(Secrets secrets) throws Exception {
    Jeromq jeromq = Jeromq.server(secrets);
    ZMQ.Socket socket = jeromq.binding(SocketType.XPUB);
    socket.setXpubNoDrop(true);
    socket.setXpubVerbose(true); // hear of each subscription, not of the first alone
    socket.setReceiveTimeOut(PATIENCE_MILLIS);
    return new Xpub(socket, Jeromq.bind(socket));
  }

  @Override
  public Subscriber subscriber(String address, Secrets secrets) throws Exception {
    Jeromq jeromq = Jeromq.client(secrets);
    return sink -> {
      ZMQ.Socket socket = jeromq.connecting(SocketType.SUB);
      Jeromq.connect(socket, address);
      socket.subscribe(new byte[0]);
      Jeromq.start("subscriber", () -> receive(socket, sink));
    };
  }

  private static void receive(ZMQ.Socket socket, Sink sink) {
    for (byte[] message = socket.recv(); message != null; message = socket.recv()) {
      sink.arrived(message);
    }
    sink.failed(new IllegalStateException("error " + socket.errno()));
  }

  private static final class Xpub implements Publisher {
    private final ZMQ.Socket socket;
    private final String address;
    private int subscribed;

    Xpub(ZMQ.Socket socket, String address) {
      this.socket = socket;
      this.address = address;
    }

    @Override
    public String address() {
      return address;
    }

    @Override
    public void awaitSubscribers(int count) throws TimeoutException {
      for (; subscribed < count; subscribed++) {
        if (socket.recv() == null) {
          throw new TimeoutException("only " + subscribed + " links subscribed");
        }
      }
    }

    @Override
    public void publish(byte[] message) {
      if (!socket.send(message)) {
        throw new IllegalStateException("error " + socket.errno());
      }
    }

    @Override
    public void close() {} // the process ends; closing a context would wait for its sockets
  }
}
