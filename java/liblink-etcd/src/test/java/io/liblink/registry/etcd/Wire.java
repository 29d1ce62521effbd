package io.liblink.registry.etcd;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A piece of network between a registry and its server, that can be cut and can fall silent. */
final class Wire implements AutoCloseable {
  private final ServerSocket socket;
  private final int target;
  private final List<Pair> pairs = new CopyOnWriteArrayList<>();
  private volatile boolean refusing;

  /** A connection and its other half. */
  private final class Pair {
    private final Socket here;
    private final Socket there;
    private volatile boolean silent;

    private Pair(Socket here, Socket there) {
      this.here = here;
      this.there = there;
    }

    private void pump(Socket from, Socket to) {
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        byte[] buffer = new byte[8192];
        int n;
        while ((n = in.read(buffer)) >= 0) {
          if (!silent) {
            out.write(buffer, 0, n);
          }
        }
      } catch (IOException e) {
        // It was cut, or one end left: both go.
      } finally {
        if (!silent) {
          close();
        }
      }
    }

    private void close() {
      pairs.remove(this);
      for (Socket s : new Socket[] {here, there}) {
        try {
          s.close();
        } catch (IOException e) {
          // Then it is closed.
        }
      }
    }
  }

  Wire(int target) {
    this.target = target;
    try {
      this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    daemon(this::accept);
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "wire");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket here = socket.accept();
        if (refusing) {
          here.close();
          continue;
        }
        Pair pair = new Pair(here, new Socket(InetAddress.getLoopbackAddress(), target));
        pairs.add(pair);
        daemon(() -> pair.pump(pair.here, pair.there));
        daemon(() -> pair.pump(pair.there, pair.here));
      } catch (IOException e) {
        // The server is not there, or this was closed.
      }
    }
  }

  String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  String uri() {
    return "etcd://" + address() + "?ttl=2s";
  }

  /** Breaks all connections and every new one, until {@link #mend}. */
  void cut() {
    refusing = true;
    pairs.forEach(Pair::close);
  }

  void mend() {
    refusing = false;
  }

  /** Connections that are there stay, and nothing passes any more; new ones are well. */
  void silence() {
    pairs.forEach(p -> p.silent = true);
  }

  int connections() {
    return pairs.size();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut();
  }
}
