package io.liblink.bench.load;

import io.liblink.bench.peers.Peer;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Callers that wait for each answer, each on a virtual thread of its own. */
final class BlockingLoad {
  private BlockingLoad() {}

  /** Whether this JVM has virtual threads. */
  static boolean possible() {
    return Runtime.version().feature() >= 21;
  }

  static Slice run(Peer.Link link, int bytes, int callers, long nanos) throws Exception {
    byte[] request = AsyncLoad.payload(bytes);
    Latencies latencies = new Latencies();
    ExecutorService threads = virtualThreads();
    List<Future<?>> all = new ArrayList<>();
    long start = System.nanoTime();
    try {
      for (int i = 0; i < callers; i++) {
        all.add(threads.submit(() -> caller(link, request, start + nanos, latencies)));
      }
      for (Future<?> one : all) {
        one.get(nanos + TimeUnit.SECONDS.toNanos(30), TimeUnit.NANOSECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
    return latencies.slice(System.nanoTime() - start, bytes);
  }

  private static void caller(Peer.Link link, byte[] request, long end, Latencies latencies) {
    long sent = System.nanoTime();
    while (sent - end < 0) {
      try {
        byte[] answer = link.call(request);
        if (answer.length != request.length) {
          throw new IllegalStateException("an answer of " + answer.length + " bytes");
        }
      } catch (Exception e) {
        if (!latencies.failed(e)) {
          throw new IllegalStateException("too many calls failed", e);
        }
      }
      long now = System.nanoTime();
      latencies.record(now - sent);
      sent = now;
    }
  }

  /** By reflection, because the bench is compiled for Java 17. */
  private static ExecutorService virtualThreads() throws ReflectiveOperationException {
    try {
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(e.getCause());
    }
  }
}
