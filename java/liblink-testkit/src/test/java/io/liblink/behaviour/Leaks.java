package io.liblink.behaviour;

import static io.liblink.testkit.TestCluster.await;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Netty's leak detector at its strictest, and what it found while this is open. */
final class Leaks implements AutoCloseable {
  private final Logger log = Logger.getLogger(ResourceLeakDetector.class.getName());
  private final ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();
  private final List<String> found = new CopyOnWriteArrayList<>();
  private final Handler handler = new Handler() {
    @Override
    public void publish(LogRecord record) {
      found.add(record.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  };

  Leaks() {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    log.setUseParentHandlers(false);
    log.addHandler(handler);
  }

  /** What was found so far; the detector looks when something is allocated after a collection. */
  List<String> found() {
    for (int i = 0; i < 5; i++) {
      look();
    }
    return found;
  }

  private static void look() {
    System.gc();
    for (int i = 0; i < 64; i++) {
      PooledByteBufAllocator.DEFAULT.directBuffer(1024).release();
    }
  }

  void awaitOne() {
    await("a leak is found", () -> {
      look();
      return !found.isEmpty();
    });
  }

  @Override
  public void close() {
    log.removeHandler(handler);
    log.setUseParentHandlers(true);
    ResourceLeakDetector.setLevel(before);
  }
}
