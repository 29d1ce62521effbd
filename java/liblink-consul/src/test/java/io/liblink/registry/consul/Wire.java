package io.liblink.registry.consul;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A wire to somebody else's port, that can be cut, slowed down, and held so that nothing moves. */
final class Wire implements AutoCloseable {
  private final ServerSocket listener;
  private final int to;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();
  private volatile boolean cut;
  private volatile boolean held;
  private volatile long delayMillis;

  Wire(int to) {
    this(to, 0);
  }

  Wire(int to, int port) {
    this.to = to;
    try {
      this.listener = new ServerSocket(port, 200, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Connections accepted so far. */
  int accepted() {
    return accepted.get();
  }

  /** Connections open now. */
  int open() {
    return open.size();
  }

  /** All connections break, and others are refused, until {@link #mend}. */
  void cut() {
    cut = true;
    open.forEach(Wire::close);
  }

  /** Connections stay open and nothing moves on them, until {@link #mend}. */
  void hold() {
    held = true;
  }

  /** Every piece that the server sends takes so long. */
  void slow(long millis) {
    delayMillis = millis;
  }

  void mend() {
    cut = false;
    held = false;
    delayMillis = 0;
  }

  @Override
  public void close() {
    cut();
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        accepted.incrementAndGet();
        if (cut) {
          close(client);
        } else {
          connect(client);
        }
      } catch (IOException e) {
        // Closed, or one connection less.
      }
    }
  }

  private void connect(Socket client) throws IOException {
    Socket server = new Socket();
    try {
      server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), to), 2000);
    } catch (IOException e) {
      close(client);
      throw e;
    }
    open.add(client);
    start(() -> copy(client, server, false, client));
    start(() -> copy(server, client, true, client));
  }

  private void copy(Socket from, Socket into, boolean slowed, Socket client) {
    byte[] buffer = new byte[16 << 10];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = into.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(slowed ? delayMillis : 0));
        while (held && !from.isClosed()) {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        out.write(buffer, 0, n);
        out.flush();
      }
    } catch (IOException e) {
      // It broke: the other side is to know.
    }
    open.remove(client);
    close(from);
    close(into);
  }

  private static void close(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // It is closed, then.
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "wire");
    thread.setDaemon(true);
    thread.start();
  }
}
