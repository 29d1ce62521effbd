package io.liblink.transport;

import io.netty.util.concurrent.EventExecutor;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;

/**
 * Notices event loops that stand still, which is nearly always code of the user that blocks them: it
 * asks each for a sign of life at every look, and says at the next where those are that gave none. For
 * one thread, which is none of them.
 */
final class LoopWatch {
  private static final System.Logger LOG = System.getLogger("io.liblink.transport");

  private final EventLoops loops;
  private final LongAdder stalled;
  private final Map<Thread, Probe> probes = new ConcurrentHashMap<>();

  /**
   * @param stalled counts each time that one stands still
   */
  LoopWatch(EventLoops loops, LongAdder stalled) {
    this.loops = loops;
    this.stalled = stalled;
  }

  /** To be called every few seconds; a loop may take as long as that. */
  void look() {
    List<Thread> inUse = loops.threads();
    probes.keySet().retainAll(inUse);
    for (Thread thread : inUse) {
      Probe probe = probes.computeIfAbsent(thread, t -> new Probe());
      if (probe.answered) {
        ask(thread, probe);
      } else if (!probe.told) {
        StackTraceElement[] stack = thread.getStackTrace();
        if (!isIdle(stack)) {
          probe.told = true;
          stalled.increment();
          LOG.log(System.Logger.Level.WARNING, () -> text(thread, stack));
        }
      }
    }
  }

  private void ask(Thread thread, Probe probe) {
    for (EventExecutor loop : loops.group()) {
      if (loop.inEventLoop(thread)) {
        probe.told = false;
        probe.answered = false;
        try {
          loop.execute(probe);
        } catch (RejectedExecutionException e) {
          probe.answered = true; // it has ended
        }
      }
    }
  }

  /** Whether it waits for its sockets: then it has only not been given a core since it was asked. */
  private static boolean isIdle(StackTraceElement[] stack) {
    if (stack.length == 0) {
      return true; // ended, or not begun
    }
    String place = stack[0].getClassName().toLowerCase(Locale.ROOT);
    String doing = stack[0].getMethodName().toLowerCase(Locale.ROOT);
    return (place.contains("poll") || place.contains("kqueue"))
        && (doing.contains("wait") || doing.contains("poll"));
  }

  private static String text(Thread thread, StackTraceElement[] stack) {
    StringBuilder s = new StringBuilder(1000)
        .append("the event loop ")
        .append(thread.getName())
        .append(
            " stands still, and every link on it with it: most likely a NON_BLOCKING handler, an"
                + " interceptor or a dependent of a future blocks. It is at");
    for (StackTraceElement at : stack) {
      s.append("\n\tat ").append(at);
    }
    return s.toString();
  }

  /** Asked of one event loop; answered by running. */
  private static final class Probe implements Runnable {
    volatile boolean answered = true;
    boolean told;

    @Override
    public void run() {
      answered = true;
    }
  }
}
