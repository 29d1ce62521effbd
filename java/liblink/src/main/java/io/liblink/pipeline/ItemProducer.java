package io.liblink.pipeline;

import io.liblink.cluster.Peers;
import io.liblink.delivery.DeadLetter;
import io.liblink.delivery.ProducerOptions;
import io.liblink.message.NodeId;
import io.liblink.routing.Candidate;
import io.liblink.routing.Candidates;
import io.liblink.routing.Route;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.telemetry.Drop;
import io.liblink.time.Timers;
import io.liblink.wire.Content;
import io.liblink.wire.Text;
import io.liblink.wire.TraceContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the items that were pushed to one queue until they are settled, and gives them to the streams
 * that come for them. Thread-safe: one lock guards the {@link Ledger}, the {@link Room} and the
 * destinations; it is held for a chunk of items at a time, and nothing else is called under it.
 */
public final class ItemProducer {
  private final Producers owner;
  private final Route route;
  private final String queue;
  private final Text target;
  private final ProducerOptions options;
  private final Map<String, String> headers;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Runnable onView = this::update;
  private final DeadLetters deadLetters;

  // Guarded by lock.
  private final Ledger ledger;
  private final Room room;
  private final Map<NodeId, Destination> destinations = new LinkedHashMap<>();
  private Timers.@Nullable Timer timer;
  private long timerAt;
  private boolean takesNoMore;

  /** Whether nothing is sent any more. Written under the lock. */
  private volatile boolean ended;

  ItemProducer(Producers owner, Route route, String queue, ProducerOptions options) {
    this.owner = owner;
    this.route = route;
    this.queue = route.service() + "/" + queue;
    this.target = Text.of(this.queue);
    this.options = options;
    long millis = options.itemTimeout().toMillis();
    this.headers = Map.of("liblink-item-ms", Long.toString(millis));
    this.ledger = new Ledger(
        new Ledger.Rules(
            options.attempts(),
            millis * 1_000_000,
            options.firstBackoff().toNanos(),
            options.mostBackoff().toNanos()),
        ThreadLocalRandom::current);
    this.room = new Room(lock, options.bufferItems(), options.bufferBytes());
    this.deadLetters = new DeadLetters(this);
  }

  void start() {
    route.onChange(onView);
    update();
  }

  // ---- pushing, any thread ------------------------------------------------------------------

  /**
   * Accepts all items, or none. May block.
   *
   * @throws LinkException when there is no room, or the producer is closed
   */
  public List<PushedItem> push(List<Content> contents, TraceContext trace) {
    List<PushedItem> items = items(contents, trace);
    accept(items, options.blocks());
    return items;
  }

  /** Accepts one item. May block. */
  public PushedItem push(Content content, TraceContext trace) {
    return push(List.of(content), trace).get(0);
  }

  /** Accepts one item, without waiting for room. */
  public CompletableFuture<PushedItem> pushAsync(Content content, TraceContext trace) {
    try {
      List<PushedItem> items = items(List.of(content), trace);
      accept(items, false);
      return CompletableFuture.completedFuture(items.get(0));
    } catch (LinkException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private List<PushedItem> items(List<Content> contents, TraceContext trace) {
    long now = now();
    List<PushedItem> items = new ArrayList<>(contents.size());
    for (Content content : contents) {
      int size = content.payload().length;
      if (size > owner.messageBytes) {
        owner.drop(Drop.MESSAGE_TOO_LARGE);
        throw failure(
            Status.RESOURCE_EXHAUSTED,
            "an item of " + size + " bytes; at most " + owner.messageBytes
                + " are sent (Limits.messageBytes)");
      }
      items.add(new PushedItem(owner.id, content, trace, owner.time, now));
    }
    return items;
  }

  private void accept(List<PushedItem> items, boolean waits) {
    long bytes = 0;
    for (PushedItem item : items) {
      bytes += item.bytes;
    }
    Lane hungry;
    lock.lock();
    try {
      requireOpen();
      enter(items.size(), bytes, waits);
      requireOpen();
      for (PushedItem item : items) {
        item.number = owner.nextNumber();
        ledger.add(item);
      }
      hungry = ledger.toWake(item(items).pushedNanos);
    } finally {
      lock.unlock();
    }
    owner.pushed.add(items.size());
    if (hungry != null) {
      hungry.wake.run();
    }
  }

  private static PushedItem item(List<PushedItem> items) {
    return items.get(items.size() - 1);
  }

  private void enter(int items, long bytes, boolean waits) {
    if (room.take(items, bytes)) {
      return;
    }
    if (!waits) {
      owner.drop(Drop.BUFFER_FULL);
      throw failure(
          Status.RESOURCE_EXHAUSTED,
          "the buffer of the producer of " + queue + " is full: " + room.text()
              + " (ProducerOptions.buffer); " + why());
    }
    try {
      if (!room.await(items, bytes)) {
        throw closed();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw LinkException.failure(
              Status.CANCELLED, Stage.SEND, "the thread was interrupted while the buffer was full")
          .cause(e)
          .build();
    }
  }

  private void requireOpen() {
    if (takesNoMore) {
      throw closed();
    }
  }

  private LinkException closed() {
    return failure(Status.UNAVAILABLE, "the producer of " + queue + " is closed");
  }

  private static LinkException failure(Status status, String problem) {
    return LinkException.failure(status, Stage.SEND, problem).build();
  }

  // ---- streams, on their event loops --------------------------------------------------------

  /**
   * Takes over what a stream was told, and gives it what it may send.
   *
   * @param able whether it can send now
   * @return another lane for which there is something, to be woken
   */
  @Nullable
  Lane turn(PushStream stream, boolean able, long now) {
    Outcome outcome = stream.outcome;
    Lane lane = stream.lane;
    Lane other;
    lock.lock();
    try {
      for (PushedItem item : stream.acknowledged) {
        ledger.acknowledged(lane, item, outcome);
      }
      for (Rejection r : stream.rejected) {
        ledger.rejected(lane, r.item(), r.status(), r.cause(), now, outcome);
      }
      if (stream.moreCredit > 0) {
        stream.flows(now);
        lane.more(stream.moreCredit);
      }
      lane.busy = !able;
      if (!ended) {
        ledger.poll(lane, PushStream.CHUNK, PushStream.CHUNK_BYTES, now, stream.chunk);
      }
      settle(outcome);
      other = ledger.toWake(now);
      arm(now);
    } finally {
      lock.unlock();
    }
    stream.acknowledged.clear();
    stream.rejected.clear();
    stream.moreCredit = 0;
    owner.attempts.add(stream.chunk.size());
    told(outcome);
    outcome.clear();
    return other;
  }

  /** The stream is over. */
  void ended(Lane lane, boolean begun, LinkException cause, long now) {
    step(now, outcome -> {
      ledger.ended(lane, begun, cause, now, outcome);
      return null;
    });
  }

  private void onTimer() {
    long now = now();
    step(now, outcome -> {
      timer = null;
      ledger.tick(now, outcome);
      return null;
    });
  }

  /** Something happens to the ledger that is no turn of a stream. */
  private <T> @Nullable T step(long now, Function<Outcome, @Nullable T> change) {
    Outcome outcome = new Outcome();
    Lane hungry;
    T result;
    lock.lock();
    try {
      result = change.apply(outcome);
      settle(outcome);
      hungry = ended ? null : ledger.toWake(now);
      arm(now);
    } finally {
      lock.unlock();
    }
    told(outcome);
    if (hungry != null) {
      hungry.wake.run();
    }
    return result;
  }

  /** Under the lock: what is settled makes room. */
  private void settle(Outcome outcome) {
    if (outcome.settled.isEmpty()) {
      return;
    }
    long bytes = 0;
    for (PushedItem item : outcome.settled) {
      bytes += item.bytes;
    }
    room.give(outcome.settled.size(), bytes);
    if (ledger.items() == 0) {
      changed.signalAll();
    }
  }

  /** Under the lock: the next time at which something is due. */
  private void arm(long now) {
    Long due = ended ? null : ledger.nextDue(now);
    if (due == null || (timer != null && timerAt - due <= 0)) {
      return;
    }
    if (timer != null) {
      timer.cancel();
    }
    timerAt = due;
    timer = owner.timer(due - now, this::onTimer);
  }

  /** Without the lock: those who wait for items, and the counters. */
  private void told(Outcome outcome) {
    if (outcome.isEmpty()) {
      return;
    }
    owner.settled.add(outcome.settled.size());
    owner.returned.add(outcome.returned);
    owner.rejected.add(outcome.rejected);
    owner.lost.add(outcome.lost);
    owner.late.add(outcome.late);
    owner.told(outcome.settled, null);
    if (!outcome.dead.isEmpty()) {
      deadLetters.add(List.copyOf(outcome.dead));
    }
  }

  /** The dead-letter handler is done with it. */
  void buried(PushedItem item, LinkException failure, boolean taken) {
    step(now(), outcome -> {
      ledger.buried(item);
      room.give(1, item.bytes);
      if (ledger.items() == 0) {
        changed.signalAll();
      }
      return null;
    });
    owner.told(List.of(item), failure);
  }

  void join(Lane lane) {
    ledger.join(lane);
  }

  void leave(Lane lane) {
    LinkException never =
        LinkException.failure(Status.UNAVAILABLE, Stage.CONNECT, "not opened").build();
    ended(lane, false, never, now());
  }

  // ---- discovery ----------------------------------------------------------------------------

  /** Sends to those that are ready and selected now. */
  private void update() {
    Candidates found = route.candidates();
    if (found == null) {
      return;
    }
    List<Destination> come = new ArrayList<>();
    List<Destination> gone = new ArrayList<>();
    Set<NodeId> known = new HashSet<>();
    lock.lock();
    try {
      if (ended) {
        return;
      }
      for (Candidate candidate : found.all()) {
        NodeId id = candidate.instance().id();
        known.add(id);
        Destination destination = destinations.get(id);
        if (destination != null) {
          destination.update(candidate.instance());
        } else {
          destination = new Destination(this, lock, candidate.instance());
          destinations.put(id, destination);
          come.add(destination);
        }
      }
      destinations.values().removeIf(d -> !known.contains(d.id()) && gone.add(d));
    } finally {
      lock.unlock();
    }
    gone.forEach(Destination::retire);
    come.forEach(Destination::connect);
  }

  // ---- what is known ------------------------------------------------------------------------

  /**
   * An instance that items may go to.
   *
   * @param instance what was announced
   * @param address where it is connected, or would be
   * @param inFlight what was sent to it and is not settled
   * @param credit how many more it takes
   * @param acknowledged items that it was done with
   * @param rejected items that it was not
   */
  public record State(
      NodeId id,
      String node,
      String address,
      int inFlight,
      long credit,
      long acknowledged,
      long rejected) {}

  /** All of them. */
  public List<State> workers() {
    lock.lock();
    try {
      return destinations.values().stream().map(this::state).toList();
    } finally {
      lock.unlock();
    }
  }

  private State state(Destination d) {
    Lane lane = d.lane();
    return new State(
        d.id(),
        d.instance().node(),
        d.address(),
        lane == null ? 0 : lane.unsettled,
        lane == null ? 0 : lane.credit,
        d.acknowledged(),
        d.rejected());
  }

  /** Items that are to be sent. */
  public int waiting() {
    lock.lock();
    try {
      return ledger.waiting();
    } finally {
      lock.unlock();
    }
  }

  /** Items that were sent and are not settled. */
  public int inFlight() {
    lock.lock();
    try {
      return ledger.inFlight();
    } finally {
      lock.unlock();
    }
  }

  /** Items found on disk at the start. */
  public long recovered() {
    return 0;
  }

  /** Why items are not settled, in words. */
  public String why() {
    lock.lock();
    try {
      if (destinations.isEmpty()) {
        Candidates found = route.candidates();
        return found == null
            ? "the registry has not answered yet"
            : found.explain(now()).text();
      }
      StringBuilder s = new StringBuilder();
      int more = destinations.size();
      for (Destination d : destinations.values()) {
        s.append(s.length() == 0 ? "" : "; ").append(d).append(' ').append(d.state());
        if (--more > 0 && s.length() > 500) {
          return s.append("; and ").append(more).append(" more").toString();
        }
      }
      return s.toString();
    } finally {
      lock.unlock();
    }
  }

  /** How many are left and where, in words. */
  public String left() {
    lock.lock();
    try {
      int items = ledger.items();
      return items + (items == 1 ? " item is" : " items are") + " left, " + ledger.inFlight()
          + " in flight, " + ledger.waiting() + " to be sent: " + why();
    } finally {
      lock.unlock();
    }
  }

  // ---- the end ------------------------------------------------------------------------------

  /**
   * Waits until every item is settled. Blocks.
   *
   * @return whether they are
   */
  public boolean drain(long nanos) throws InterruptedException {
    long deadline = now() + nanos;
    lock.lockInterruptibly();
    try {
      while (ledger.items() > 0 && !ended) {
        long left = deadline - now();
        if (left <= 0) {
          return false;
        }
        boolean woken = changed.await(owner.time.sleepNanos(left), TimeUnit.NANOSECONDS);
        assert woken || true;
      }
      return ledger.items() == 0;
    } finally {
      lock.unlock();
    }
  }

  /** From now on {@code push} fails, also for who waits. */
  void takeNoMore() {
    lock.lock();
    try {
      takesNoMore = true;
      room.close();
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more, finishes what it can until then, and ends. Blocks. */
  public void close(long deadlineNanos) {
    takeNoMore();
    boolean interrupted = false;
    try {
      drain(Math.max(0, deadlineNanos - now()));
    } catch (InterruptedException e) {
      interrupted = true;
    }
    end();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void end() {
    List<PushedItem> left;
    List<Destination> all;
    lock.lock();
    try {
      if (ended) {
        return;
      }
      ended = true;
      left = ledger.abandon();
      all = new ArrayList<>(destinations.values());
      if (timer != null) {
        timer.cancel();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    route.removeListener(onView);
    all.forEach(Destination::retire);
    owner.forget(this);
    if (left.isEmpty()) {
      return;
    }
    left.forEach(i -> owner.drop(Drop.ITEM_ABANDONED));
    Producers.log().log(
        System.Logger.Level.WARNING,
        left.size() + " items of " + queue + " were not settled when their producer closed; they"
            + " were only in memory, and some may have been worked on");
    owner.told(
        left,
        LinkException.failure(
                Status.UNAVAILABLE, Stage.WAIT, "the producer closed before the item was settled")
            .ran(Ran.MAYBE)
            .withoutStackTrace()
            .build());
  }

  // ---- for its parts ------------------------------------------------------------------------

  DeadLetter letter(PushedItem item) {
    return new DeadLetter(item.id(), item.message(), item.sent, item.trouble().causes());
  }

  ProducerOptions options() {
    return options;
  }

  Producers owner() {
    return owner;
  }

  String queue() {
    return queue;
  }

  Text target() {
    return target;
  }

  Map<String, String> headers() {
    return headers;
  }

  Peers peers() {
    return owner.peers;
  }

  long now() {
    return owner.time.nanos();
  }

  boolean isEnded() {
    return ended;
  }

  boolean isClosing() {
    return owner.isClosing();
  }

  Timers.@Nullable Timer timer(long delayNanos, Runnable task) {
    return owner.timer(delayNanos, task);
  }
}
