package io.liblink.pubsub;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * The subscribers of one topic whose links have the same event loop: woken together, so that
 * publishing costs one wake for each event loop and not one for each subscriber.
 *
 * <p>{@link #wake} is for any thread; the rest belongs to the event loop.
 */
final class LoopGroup implements Runnable {
  private static final VarHandle WOKEN;

  static {
    try {
      WOKEN = MethodHandles.lookup().findVarHandle(LoopGroup.class, "woken", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final Executor loop;
  private final List<TopicStream> streams = new ArrayList<>();

  /** Whether it will run. Through WOKEN. */
  @SuppressWarnings("unused")
  private volatile boolean woken;

  LoopGroup(Executor loop) {
    this.loop = loop;
  }

  /** Something was published, or is to be done for another reason. */
  void wake() {
    if (!woken && WOKEN.compareAndSet(this, false, true)) {
      try {
        loop.execute(this);
      } catch (RejectedExecutionException e) {
        woken = false; // the node has ended
      }
    }
  }

  void add(TopicStream stream) {
    streams.add(stream);
  }

  void remove(TopicStream stream) {
    streams.remove(stream);
  }

  @Override
  public void run() {
    // Before the streams look: who publishes after they looked wakes this again.
    woken = false;
    for (int i = 0; i < streams.size(); i++) {
      streams.get(i).goOn();
    }
  }
}
