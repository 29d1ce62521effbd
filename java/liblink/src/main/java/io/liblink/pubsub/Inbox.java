package io.liblink.pubsub;

import io.liblink.wire.MessageFrame;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * What came for a subscription and was not handled yet, in order for each publisher. Bounded by the
 * credit that was given, and a few reports for each publisher. Filled by event loops; emptied by one
 * thread at a time.
 */
public final class Inbox {
  private final ConcurrentLinkedQueue<Object> queue = new ConcurrentLinkedQueue<>();
  private final Receiver receiver;
  private final LiveSubscription owner;

  /** Runs after something came; any thread. */
  private volatile Runnable came = () -> {};

  /** What is being handled; the consumer's. */
  private @Nullable Arrivals current;

  /** How often everything was handled; the consumer's. */
  private int emptied;

  /** The same, for event loops. */
  private volatile int dry;

  Inbox(LiveSubscription owner, Receiver receiver) {
    this.owner = owner;
    this.receiver = receiver;
  }

  /** Says what runs after something came. Before anything can. */
  void onCame(Runnable action) {
    came = action;
  }

  void offer(Arrivals arrivals) {
    queue.add(arrivals);
    came.run();
  }

  /** A publisher has something to report. */
  void offer(Feed.Report report) {
    queue.add(report);
    came.run();
  }

  /** Has the consumer look again, though nothing came. Any thread. */
  public void look() {
    came.run();
  }

  int dry() {
    return dry;
  }

  // ---- for the consumer ---------------------------------------------------------------------

  /** Gives the receiver the next thing; false when there is none. */
  public boolean take() {
    if (owner.isClosed()) {
      current = null;
      queue.clear();
      return false;
    }
    Arrivals a = current();
    if (a != null) {
      MessageFrame frame = a.next();
      a.stream.deliver(frame, receiver);
      return true;
    }
    if (queue.peek() instanceof Feed.Report report) { // and not what came since
      queue.poll();
      report.to(receiver);
      return true;
    }
    return false;
  }

  /** Whether there is nothing to take. */
  public boolean isEmpty() {
    return current() == null && queue.isEmpty();
  }

  /** Whether a message is the next thing: nothing to be told, and not nothing. */
  public boolean isAtMessage() {
    Arrivals a = current();
    return a != null && GapHeaders.count(a.peek()) == 0;
  }

  /** Everything that has come was handled, for now. */
  public void rest() {
    dry = emptied++;
    owner.guarded(receiver::rest);
  }

  private @Nullable Arrivals current() {
    Arrivals a = current;
    while (a == null || !a.hasNext()) {
      if (!(queue.peek() instanceof Arrivals next)) {
        current = null;
        return null;
      }
      queue.poll();
      current = a = next;
    }
    return a;
  }
}
