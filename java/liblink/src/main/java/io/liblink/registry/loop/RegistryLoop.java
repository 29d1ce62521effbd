package io.liblink.registry.loop;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The one thread of a registry: it runs the same step over and over, at once when woken and
 * otherwise after the time that the step asked for. It waits in real time, whatever clock the step
 * reads. A step that throws is logged and tried again a second later: a registry never gives up.
 */
public final class RegistryLoop {
  private static final System.Logger LOG = System.getLogger(RegistryLoop.class.getName());
  private static final long AFTER_FAILURE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** What there is to do. */
  @FunctionalInterface
  public interface Step {
    /**
     * Does what is due.
     *
     * @return the nanoseconds until it wants to run again
     */
    long run();
  }

  private final String name;
  private final Step step;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Guarded by {@link #lock}. */
  private boolean woken;

  /** Guarded by {@link #lock}. */
  private boolean stopped;

  /** Prepares a loop; {@code name} names its thread and its log lines. */
  public RegistryLoop(String name, Step step) {
    this.name = name;
    this.step = step;
  }

  /** Starts the daemon thread; its first step runs at once. To be called once. */
  public void start() {
    Thread thread = new Thread(this::run, "liblink-registry-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Lets the next step run now. From any thread, also from within a step. */
  public void wake() {
    lock.lock();
    try {
      woken = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Lets the thread end after the step that is running, without waiting for it. */
  public void stop() {
    lock.lock();
    try {
      stopped = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    long wait = 0;
    while (await(wait)) {
      wait = once();
    }
  }

  private long once() {
    try {
      return step.run();
    } catch (Throwable e) {
      LOG.log(System.Logger.Level.ERROR, "registry " + name + ": a step failed, trying again", e);
      return AFTER_FAILURE_NANOS;
    }
  }

  /** False when the loop is to end. */
  private boolean await(long nanos) {
    lock.lock();
    try {
      long left = nanos;
      while (!woken && !stopped && left > 0) {
        left = changed.awaitNanos(left);
      }
      woken = false;
      return !stopped;
    } catch (InterruptedException e) {
      // A stray interrupt must not cost a node its heartbeat: only stop() ends the thread.
      return !stopped;
    } finally {
      lock.unlock();
    }
  }
}
