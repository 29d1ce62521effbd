package io.liblink.bench.peers;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * JeroMQ with CURVE: a ROUTER that one thread serves, and DEALERs. A request is one part, eight bytes
 * of number before the payload.
 */
final class JeromqPeer implements Peer {
  private static final int NUMBER = 8;

  @Override
  public Server serve(Secrets secrets) throws Exception {
    ZMQ.Socket router = Jeromq.server(secrets).binding(SocketType.ROUTER);
    String address = Jeromq.bind(router);
    Jeromq.start("router", () -> echo(router));
    return new Server() {
      @Override
      public String address() {
        return address;
      }

      @Override
      public void close() {
        // the process ends; closing a context would wait for its sockets
      }
    };
  }

  private static void echo(ZMQ.Socket router) {
    while (!Thread.currentThread().isInterrupted()) {
      byte[] peer = router.recv();
      byte[] request = router.recv();
      router.send(peer, ZMQ.SNDMORE);
      router.send(
          request.length <= Echo.LARGEST + NUMBER
              ? request
              : Arrays.copyOf(request, NUMBER + Echo.RECEIPT));
    }
  }

  @Override
  public Dialer dialer(String address, Secrets secrets) throws Exception {
    Jeromq jeromq = Jeromq.client(secrets);
    return () -> {
      ZMQ.Socket dealer = jeromq.connecting(SocketType.DEALER);
      Jeromq.connect(dealer, address);
      return new DealerLink(jeromq.context(), dealer);
    };
  }

  /**
   * A thread owns the socket, since sockets are not thread-safe; others hand their calls over by a
   * queue and wake it through a socket pair.
   */
  private static final class DealerLink implements Link, Runnable {
    private static final byte[] WAKE = new byte[0];

    private final ZContext context;
    private final ZMQ.Socket dealer;
    private final ZMQ.Socket wakeIn;
    private final ZMQ.Socket wakeOut;
    private final ConcurrentLinkedQueue<Call> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Map<Long, Reply> pending = new HashMap<>();
    private final Thread thread = new Thread(this, "dealer");
    private volatile boolean open = true;
    private long next;

    DealerLink(ZContext context, ZMQ.Socket dealer) {
      this.context = context;
      this.dealer = dealer;
      String name = "inproc://wake-" + System.identityHashCode(this);
      wakeOut = context.createSocket(SocketType.PAIR);
      wakeOut.bind(name);
      wakeIn = context.createSocket(SocketType.PAIR);
      wakeIn.connect(name);
      thread.setDaemon(true);
      thread.start();
    }

    @Override
    public void call(byte[] request, Reply reply) {
      if (Thread.currentThread() == thread) {
        send(request, reply);
      } else {
        queue.add(new Call(request, reply));
        wake();
      }
    }

    private void wake() {
      if (woken.compareAndSet(false, true)) {
        synchronized (wakeIn) {
          wakeIn.send(WAKE);
        }
      }
    }

    private void send(byte[] request, Reply reply) {
      long number = next++;
      pending.put(number, reply);
      dealer.send(ByteBuffer.allocate(NUMBER + request.length)
          .putLong(number)
          .put(request)
          .array());
    }

    @Override
    public void run() {
      try (ZMQ.Poller poller = context.createPoller(2)) {
        poller.register(dealer, ZMQ.Poller.POLLIN);
        poller.register(wakeOut, ZMQ.Poller.POLLIN);
        while (open) {
          poller.poll();
          if (poller.pollin(1)) {
            wakeOut.recv();
            woken.set(false);
            Call call;
            while ((call = queue.poll()) != null) {
              send(call.request, call.reply);
            }
          }
          receive();
        }
      } finally {
        dealer.close();
        wakeIn.close();
        wakeOut.close();
      }
    }

    private void receive() {
      byte[] message;
      while ((message = dealer.recv(ZMQ.DONTWAIT)) != null) {
        Reply reply = pending.remove(ByteBuffer.wrap(message).getLong());
        if (reply != null) {
          reply.arrived(Arrays.copyOfRange(message, NUMBER, message.length));
        }
      }
    }

    @Override
    public void close() {
      open = false;
      wake();
      try {
        thread.join(1000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Call(byte[] request, Reply reply) {}
  }
}
