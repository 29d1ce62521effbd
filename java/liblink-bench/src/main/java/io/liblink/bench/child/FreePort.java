package io.liblink.bench.child;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for servers that must be told theirs. */
public final class FreePort {
  /** Below those that systems give to outgoing connections, which come and go all the time. */
  private static final int FIRST = 12_000;

  private static final int LAST = 31_999;
  private static final int TRIES = 1000;

  private FreePort() {}

  /** Several, all different. */
  public static int[] find(int count) throws IOException {
    Set<Integer> ports = new LinkedHashSet<>();
    while (ports.size() < count) {
      ports.add(find());
    }
    return ports.stream().mapToInt(Integer::intValue).toArray();
  }

  /** One of loopback that nobody has now; it is not held. */
  public static int find() throws IOException {
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
      try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return free.getLocalPort();
      } catch (IOException taken) {
        // another
      }
    }
    throw new IOException("no free port from " + FIRST + " to " + LAST);
  }
}
