package io.liblink.pipeline;

import io.liblink.cluster.Peers;
import io.liblink.delivery.ProducerOptions;
import io.liblink.message.NodeId;
import io.liblink.routing.Route;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.telemetry.Counters;
import io.liblink.time.TimeSource;
import io.liblink.time.Timers;
import io.liblink.work.Workers;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The pushing side of a node: what its producers share. Thread-safe. */
public final class Producers {
  private static final System.Logger LOG = System.getLogger("io.liblink.pipeline");
  private static final int MOST_STANDARD = 1_000;

  private record Key(Route route, String queue) {}

  final Peers peers;
  final TimeSource time;
  final Timers timers;
  final Workers workers;
  final Counters counters;
  final int messageBytes;

  /** The producer of items that are only in memory: the run of this node. */
  final String id;

  private final AtomicLong numbers = new AtomicLong();
  private final ConcurrentHashMap<Key, ItemProducer> standard = new ConcurrentHashMap<>();
  private final Set<ItemProducer> all = ConcurrentHashMap.newKeySet();
  private volatile boolean closing;
  private volatile boolean closed;
  final LongAdder pushed;
  final LongAdder attempts;
  final LongAdder settled;
  final LongAdder returned;
  final LongAdder rejected;
  final LongAdder lost;
  final LongAdder late;
  final LongAdder dead;
  final LongAdder unreadable;

  /**
   * No producers yet.
   *
   * @param node the run of the node, by which items in memory are numbered
   * @param messageBytes the largest item
   */
  public Producers(
      Peers peers,
      TimeSource time,
      Timers timers,
      Workers workers,
      Counters counters,
      NodeId node,
      int messageBytes) {
    this.peers = peers;
    this.time = time;
    this.timers = timers;
    this.workers = workers;
    this.counters = counters;
    this.id = node.toString();
    this.messageBytes = messageBytes;
    this.pushed = counters.named("queue.pushed");
    this.attempts = counters.named("queue.attempts");
    this.settled = counters.named("queue.settled");
    this.returned = counters.named("queue.returned");
    this.rejected = counters.named("queue.rejected");
    this.lost = counters.named("queue.lost");
    this.late = counters.named("queue.late");
    this.dead = counters.named("queue.dead");
    this.unreadable = counters.named("queue.unreadable");
  }

  /** The producer that all handles of that route share for a queue; made when it is first asked for. */
  public ItemProducer of(Route route, String queue) {
    Key key = new Key(route, queue);
    ItemProducer known = standard.get(key);
    if (known != null) {
      return known;
    }
    if (standard.size() >= MOST_STANDARD) {
      throw new IllegalStateException("more than " + MOST_STANDARD
          + " queues are pushed to by one node without a producer of their own: keep producers, and"
          + " close them");
    }
    return standard.computeIfAbsent(key, k -> open(route, queue, ProducerOptions.defaults()));
  }

  /**
   * A producer with a buffer of its own.
   *
   * @throws LinkException UNAVAILABLE when the node is closed; FAILED_PRECONDITION when the spool can't
   *     be opened
   */
  public ItemProducer open(Route route, String queue, ProducerOptions options) {
    if (closed) {
      throw LinkException.failure(Status.UNAVAILABLE, Stage.SEND, "this node is closed")
          .build();
    }
    ItemProducer made = new ItemProducer(this, route, queue, options);
    all.add(made);
    made.start();
    if (closed) {
      made.close(time.nanos()); // whoever closed may not have seen it
    }
    return made;
  }

  void forget(ItemProducer producer) {
    all.remove(producer);
    standard.values().remove(producer);
  }

  /** Streams stay where they are although the links drain: this node is closing. */
  public void closing() {
    closing = true;
  }

  boolean isClosing() {
    return closing;
  }

  /**
   * Every producer takes no more items, finishes what it can until then, and ends. Blocks.
   *
   * @param deadlineNanos by the node's clock
   */
  public void close(long deadlineNanos) {
    closed = true;
    all.forEach(ItemProducer::takeNoMore);
    all.forEach(p -> p.close(deadlineNanos));
  }

  long nextNumber() {
    return numbers.incrementAndGet();
  }

  Timers.@Nullable Timer timer(long delayNanos, Runnable task) {
    try {
      return timers.schedule(Duration.ofNanos(Math.max(0, delayNanos)), task);
    } catch (RejectedExecutionException e) {
      return null; // the event loops have ended meanwhile
    }
  }

  /** Runs something that may block; here, when there are no workers any more. */
  void work(Runnable task) {
    try {
      workers.executeNow(task);
    } catch (RejectedExecutionException e) {
      task.run();
    }
  }

  static System.Logger log() {
    return LOG;
  }
}
