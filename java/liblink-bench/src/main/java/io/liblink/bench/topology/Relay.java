package io.liblink.bench.topology;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands between one node and its Consul agent and counts what passes: requests by their path, and the bytes
 * of the answers. Bodies of requests must not have lines that look like requests.
 */
final class Relay implements AutoCloseable {
  private final int target;
  private final ServerSocket server;
  private final AtomicLong bytes = new AtomicLong();

  /** Guarded by itself. */
  private final Map<String, Integer> requests = new TreeMap<>();

  /**
   * Begins to listen.
   *
   * @param target the port of the agent
   */
  Relay(int target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  String uri() {
    return "consul://127.0.0.1:" + server.getLocalPort();
  }

  /** Bytes of answers so far, with their headers. */
  long bytes() {
    return bytes.get();
  }

  /** Requests so far whose path begins like that. */
  int requests(String path) {
    synchronized (requests) {
      return requests.entrySet().stream()
          .filter(e -> e.getKey().startsWith(path))
          .mapToInt(Map.Entry::getValue)
          .sum();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        Socket agent = new Socket(InetAddress.getLoopbackAddress(), target);
        client.setTcpNoDelay(true);
        agent.setTcpNoDelay(true);
        start(() -> pass(client, agent, true));
        start(() -> pass(agent, client, false));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void pass(Socket from, Socket to, boolean asking) {
    byte[] buffer = new byte[64 * 1024];
    StringBuilder line = new StringBuilder();
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (asking) {
          count(buffer, n, line);
        } else {
          bytes.addAndGet(n);
        }
        out.write(buffer, 0, n);
      }
    } catch (IOException e) {
      // One end is gone, so the other goes.
    }
  }

  private void count(byte[] buffer, int length, StringBuilder line) {
    for (int i = 0; i < length; i++) {
      if (buffer[i] != '\n') {
        line.append((char) buffer[i]);
        continue;
      }
      String[] words = line.toString().trim().split(" ", -1);
      line.setLength(0);
      if (words.length == 3 && words[2].equals("HTTP/1.1")) {
        synchronized (requests) {
          requests.merge(words[1].split("\\?", -1)[0], 1, Integer::sum);
        }
      }
    }
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "relay");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
