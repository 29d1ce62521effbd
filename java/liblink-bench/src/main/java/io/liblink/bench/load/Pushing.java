package io.liblink.bench.load;

import io.liblink.bench.peers.Pipeline;
import io.liblink.bench.peers.Secrets;

/** A producer's side of its workloads. For one thread. */
public final class Pushing {
  private static final int BETWEEN_LOOKS = 64;

  private final Window window;
  private final Pipeline.Producer producer;

  /**
   * Connects.
   *
   * @param workers how many there are
   * @param credit of each of them; so many items for each are in flight at most
   */
  public Pushing(Pipeline pipeline, String address, int workers, int credit, Secrets secrets)
      throws Exception {
    window = new Window(workers * credit);
    producer = pipeline.producer(address, credit, secrets, window);
  }

  /** Pushes for so long, and until the last item is acknowledged. */
  public Span run(Workload workload, double seconds) throws Exception {
    Numbered payloads = new Numbered(workload.bytes());
    long before = window.pushed();
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    do {
      for (int i = 0; i < BETWEEN_LOOKS; i++) {
        while (!window.take()) {
          producer.flush();
          window.awaitRoom(producer);
        }
        producer.push(payloads.make(window.pushed(), 0));
      }
    } while (System.nanoTime() - end < 0);
    producer.flush();
    window.awaitAll(producer);
    producer.drain();
    return new Span(
        window.pushed(), window.pushed() - before, start, System.nanoTime(), window.takeAccepted());
  }
}
