package io.liblink.work;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where handlers run: a virtual thread for each task where the JVM has them (21 and newer), a pool of
 * at most {@value #POOL} daemon threads otherwise, where what waits is bounded by the requests in
 * flight, beside one that grows for those who bound themselves.
 * Thread-safe.
 */
public final class Workers implements Executor, AutoCloseable {
  private static final int POOL = 128;

  private final ExecutorService threads;

  /** For who bounds itself; the same when threads are virtual. */
  private final ExecutorService own;

  private final boolean virtual;

  /** Starts no thread yet. */
  public Workers(String node) {
    ExecutorService v = virtualThreads();
    virtual = v != null;
    threads = v != null ? v : pool(node);
    own = v != null ? v : unbounded(node);
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
        POOL, POOL, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads(node));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static ExecutorService unbounded(String node) {
    return new ThreadPoolExecutor(
        0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), threads(node));
  }

  private static ThreadFactory threads(String node) {
    return task -> {
      Thread t = new Thread(task, "liblink-" + node + "-worker");
      t.setDaemon(true);
      return t;
    };
  }

  /** Whether handlers get virtual threads. */
  public boolean virtual() {
    return virtual;
  }

  @Override
  public void execute(Runnable task) {
    threads.execute(task);
  }

  /**
   * Runs it at once, however many of the pool are busy: for tasks whose number is bounded by who
   * starts them, such as the workers of a queue by its concurrency. So those that wait for each other,
   * stage for stage, never wait for a thread.
   */
  public void executeNow(Runnable task) {
    own.execute(task);
  }

  /** Interrupts what still runs. */
  @Override
  public void close() {
    threads.shutdownNow();
    own.shutdownNow();
  }
}
