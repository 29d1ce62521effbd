package io.liblink.pipeline;

import io.liblink.delivery.QueueOptions;
import io.liblink.session.RefusedStream;
import io.liblink.session.Stream;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.telemetry.Counters;
import io.liblink.telemetry.Drop;
import io.liblink.time.TimeSource;
import io.liblink.time.Timers;
import io.liblink.transport.Link;
import io.liblink.wire.CloseFrame;
import io.liblink.wire.OpenFrame;
import io.liblink.work.Workers;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The working side of a node: its queues. Thread-safe; {@link #open} belongs to the event loops. */
public final class Queues {
  private static final String PRODUCER = "liblink-producer";
  private static final String ITEM_MILLIS = "liblink-item-ms";
  private static final long NANOS = 1_000_000;

  final Workers workers;
  final TimeSource time;
  private final Timers timers;
  final Counters counters;
  final LongAdder worked;
  final LongAdder failed;
  final LongAdder unbegun;
  final LongAdder repeats;
  final LongAdder duplicates;
  private volatile boolean draining;

  /** {@code service/queue} to queue; replaced as a whole. */
  private volatile Map<String, WorkQueue> queues = Map.of();

  /** No queues yet. */
  public Queues(Workers workers, TimeSource time, Timers timers, Counters counters) {
    this.workers = workers;
    this.time = time;
    this.timers = timers;
    this.counters = counters;
    this.worked = counters.named("queue.worked");
    this.failed = counters.named("queue.failed");
    this.unbegun = counters.named("queue.unbegun");
    this.repeats = counters.named("queue.repeats");
    this.duplicates = counters.named("queue.duplicates");
  }

  /** What a queue needs to be served. */
  public record Declaration(
      String queue, QueueOptions options, boolean nonBlocking, ItemWork work) {}

  /** Serves the queues of one service, of which there may be none. */
  public synchronized void serve(String service, Collection<Declaration> declared) {
    Map<String, WorkQueue> all = new HashMap<>(queues);
    for (Declaration d : declared) {
      String name = service + "/" + d.queue();
      all.put(name, new WorkQueue(this, name, d.options(), d.nonBlocking(), d.work()));
    }
    queues = all;
  }

  /** Takes no more items for that service, and hands back what was not begun. */
  public void drain(String service) {
    of(service).forEach(WorkQueue::drain);
  }

  /** Whether nothing of that service is being worked on, and every producer was told so. */
  public boolean isIdle(String service) {
    return of(service).stream().allMatch(WorkQueue::isIdle);
  }

  /** No longer serves that service. */
  public synchronized void remove(String service) {
    of(service).forEach(WorkQueue::close);
    Map<String, WorkQueue> all = new HashMap<>(queues);
    all.keySet().removeIf(k -> k.startsWith(service + "/"));
    queues = all;
  }

  private List<WorkQueue> of(String service) {
    return queues.entrySet().stream()
        .filter(e -> e.getKey().startsWith(service + "/"))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** The node closes: takes no more items, and hands back what was not begun. */
  public void drain() {
    draining = true;
    queues.values().forEach(WorkQueue::drain);
  }

  /** Whether nothing is being worked on, and every producer was told so. */
  public boolean isIdle() {
    return queues.values().stream().allMatch(WorkQueue::isIdle);
  }

  /** Items that workers are with. */
  public int working() {
    return queues.values().stream().mapToInt(WorkQueue::working).sum();
  }

  // ---- on event loops -----------------------------------------------------------------------

  /** A producer opens a stream; null when there is no such queue. */
  public @Nullable Stream open(Link link, OpenFrame open) {
    String target = open.target().toString();
    WorkQueue queue = queues.get(target);
    if (draining || (queue != null && queue.isDraining())) {
      return refused(Drop.DRAINING, Status.UNAVAILABLE, "the instance is closing");
    }
    if (queue == null) {
      return null;
    }
    Map<String, String> headers = open.content().headers();
    String producer = headers.getOrDefault(PRODUCER, link.peer().instance().toString());
    String millis = headers.get(ITEM_MILLIS);
    if (!producer.matches("[0-9a-f]{32}")) {
      return wrong(PRODUCER, producer, "32 lower-case hex digits");
    }
    if (millis != null && !millis.matches("[1-9][0-9]{0,17}")) {
      return wrong(ITEM_MILLIS, millis, "a number from 1");
    }
    if (open.credit() >= 0) {
      return refused(
          Drop.UNKNOWN_ENDPOINT,
          Status.INVALID_ARGUMENT,
          "'" + target + "' is a queue: a push has no STREAM");
    }
    return new WorkStream(queue, link, producer, nanos(millis));
  }

  private static long nanos(@Nullable String millis) {
    if (millis == null) {
      return Long.MAX_VALUE;
    }
    long number = Long.parseLong(millis);
    return number > Long.MAX_VALUE / 4 / NANOS ? Long.MAX_VALUE : number * NANOS;
  }

  private Stream wrong(String header, String value, String wanted) {
    String shown = value.length() > 100 ? value.substring(0, 100) + "…" : value;
    return refused(
        Drop.UNKNOWN_ENDPOINT,
        Status.INVALID_ARGUMENT,
        "header " + header + " is '" + shown + "', not " + wanted);
  }

  private Stream refused(Drop drop, Status status, String problem) {
    counters.drop(drop);
    return new RefusedStream(CloseFrame.failure(status, Stage.SEND, Ran.NO, problem));
  }

  boolean timer(long delayNanos, Runnable task) {
    try {
      timers.schedule(Duration.ofNanos(delayNanos), task);
      return true;
    } catch (RejectedExecutionException e) {
      return false; // the event loops have ended
    }
  }
}
