package io.liblink.pubsub;

import io.liblink.cluster.Peers;
import io.liblink.telemetry.Counters;
import io.liblink.time.TimeSource;
import io.liblink.time.Timers;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The subscriptions of a node, and what they share. Thread-safe. */
public final class Subscriptions {
  private final Peers peers;
  private final TimeSource time;
  private final Timers timers;
  private final Executor workers;
  final LongAdder received;
  final LongAdder missed;
  final LongAdder resumed;
  final LongAdder holes;
  final LongAdder failed;
  private final Set<LiveSubscription> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /** None yet. */
  public Subscriptions(
      Peers peers, TimeSource time, Timers timers, Executor workers, Counters counters) {
    this.peers = peers;
    this.time = time;
    this.timers = timers;
    this.workers = workers;
    this.received = counters.named("subscriptions.received");
    this.missed = counters.named("subscriptions.missed");
    this.resumed = counters.named("subscriptions.resumed");
    this.holes = counters.named("subscriptions.holes");
    this.failed = counters.named("subscriber.failed");
  }

  /** Ends all of them; no other begins. */
  public void close() {
    closed = true;
    open.forEach(LiveSubscription::close);
  }

  /** Whether no subscription begins any more. */
  public boolean isClosed() {
    return closed;
  }

  void add(LiveSubscription subscription) {
    open.add(subscription);
    if (closed) {
      subscription.close();
    }
  }

  void remove(LiveSubscription subscription) {
    open.remove(subscription);
  }

  Peers peers() {
    return peers;
  }

  Executor workers() {
    return workers;
  }

  long nanos() {
    return time.nanos();
  }

  /** Has a task run later; null when the node has ended. */
  Timers.@Nullable Timer schedule(Duration delay, Runnable task) {
    try {
      return closed ? null : timers.schedule(delay, task);
    } catch (RejectedExecutionException e) {
      return null;
    }
  }
}
