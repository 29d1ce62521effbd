package io.liblink.work;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where handlers run: a virtual thread for each task where the JVM has them (21 and newer), a pool of
 * at most {@value #POOL} daemon threads otherwise. What waits is bounded by the requests in flight.
 * Thread-safe.
 */
public final class Workers implements Executor, AutoCloseable {
  private static final int POOL = 128;

  private final ExecutorService threads;
  private final boolean virtual;

  /** Starts no thread yet. */
  public Workers(String node) {
    ExecutorService v = virtualThreads();
    virtual = v != null;
    threads = v != null ? v : pool(node);
  }

  private static @Nullable ExecutorService virtualThreads() {
    try {
      MethodHandle make = MethodHandles.publicLookup()
          .findStatic(
              java.util.concurrent.Executors.class,
              "newVirtualThreadPerTaskExecutor",
              MethodType.methodType(ExecutorService.class));
      return (ExecutorService) make.invokeExact();
    } catch (Throwable e) {
      return null; // before JDK 21, or a preview that is not enabled
    }
  }

  private static ExecutorService pool(String node) {
    ThreadPoolExecutor pool = new ThreadPoolExecutor(
        POOL, POOL, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
          Thread t = new Thread(task, "liblink-" + node + "-worker");
          t.setDaemon(true);
          return t;
        });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /** Whether handlers get virtual threads. */
  public boolean virtual() {
    return virtual;
  }

  @Override
  public void execute(Runnable task) {
    threads.execute(task);
  }

  /** Interrupts what still runs. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
