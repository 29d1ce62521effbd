package io.liblink.bench.load;

import io.liblink.bench.peers.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Connections made, used once and closed, so many at a time. The latency is that of all four. */
final class HandshakeLoad {
  private HandshakeLoad() {}

  static Slice run(Peer.Dialer dialer, int bytes, int parallel, long nanos) throws Exception {
    byte[] request = AsyncLoad.payload(bytes);
    Latencies latencies = new Latencies();
    ExecutorService threads = Executors.newFixedThreadPool(parallel);
    List<Future<?>> all = new ArrayList<>();
    long start = System.nanoTime();
    try {
      for (int i = 0; i < parallel; i++) {
        all.add(threads.submit(() -> dial(dialer, request, start + nanos, latencies)));
      }
      for (Future<?> one : all) {
        one.get(nanos + TimeUnit.SECONDS.toNanos(60), TimeUnit.NANOSECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
    return latencies.slice(System.nanoTime() - start, bytes);
  }

  private static void dial(Peer.Dialer dialer, byte[] request, long end, Latencies latencies) {
    while (System.nanoTime() - end < 0) {
      long start = System.nanoTime();
      try (Peer.Link link = dialer.connect()) {
        link.call(request);
      } catch (Exception e) {
        if (!latencies.failed(e)) {
          throw new IllegalStateException("too many connections failed", e);
        }
        continue;
      }
      latencies.record(System.nanoTime() - start);
    }
  }
}
