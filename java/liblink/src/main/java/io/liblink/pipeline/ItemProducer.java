package io.liblink.pipeline;

import io.liblink.delivery.ProducerOptions;
import io.liblink.routing.Route;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.telemetry.Drop;
import io.liblink.time.Timers;
import io.liblink.wire.Content;
import io.liblink.wire.OpenFrame;
import io.liblink.wire.Protocol;
import io.liblink.wire.Text;
import io.liblink.wire.TraceContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the items that were pushed to one queue until they are settled, and gives them to the streams
 * that come for them. Thread-safe: one lock guards the {@link Ledger}, the {@link Intake} and the
 * {@link Destinations}; it is held for a chunk of items at a time, and nothing outside is called
 * under it.
 */
public final class ItemProducer {
  private final Producers owner;
  private final String queue;
  private final Text target;
  private final ProducerOptions options;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Destinations destinations;
  private final DeadLetters deadLetters;
  private final Intake intake;

  // Guarded by lock.
  private final Ledger ledger;
  private Timers.@Nullable Timer timer;
  private long timerAt;

  /** Whether streams get items. Guarded by lock. */
  private boolean sends = true;

  /** Whether it is over. Written under the lock. */
  private volatile boolean ended;

  ItemProducer(Producers owner, Route route, String queue, ProducerOptions options) {
    this.owner = owner;
    this.queue = route.service() + "/" + queue;
    this.target = Text.of(this.queue);
    this.options = options;
    this.ledger = new Ledger(
        new Ledger.Rules(
            options.attempts(),
            options.itemTimeout().toMillis() * 1_000_000,
            options.firstBackoff().toNanos(),
            options.mostBackoff().toNanos()),
        ThreadLocalRandom::current);
    this.destinations = new Destinations(this, route, lock);
    this.deadLetters = new DeadLetters(this);
    this.intake = options.spool() == null
        ? new MemoryIntake(this, owner, lock, ledger)
        : SpoolIntake.open(this, owner, lock, ledger);
  }

  void start() {
    intake.start();
    destinations.start();
  }

  // ---- pushing, any thread ------------------------------------------------------------------

  /**
   * Accepts all items, or none. May block.
   *
   * @throws LinkException when there is no room, or the producer is closed
   */
  public List<PushedItem> push(List<Content> contents, TraceContext trace) {
    long now = now();
    List<PushedItem> items = new ArrayList<>(contents.size());
    for (Content content : contents) {
      items.add(item(content, trace, now));
    }
    intake.push(items);
    return items;
  }

  /** Accepts one item. May block. */
  public PushedItem push(Content content, TraceContext trace) {
    PushedItem item = item(content, trace, now());
    intake.push(List.of(item));
    return item;
  }

  /** Accepts one item, without waiting for room. */
  public CompletableFuture<PushedItem> pushAsync(Content content, TraceContext trace) {
    PushedItem item;
    try {
      item = item(content, trace, now());
    } catch (LinkException e) {
      return CompletableFuture.failedFuture(e);
    }
    return intake.pushAsync(List.of(item)).thenApply(kept -> item);
  }

  private PushedItem item(Content content, TraceContext trace, long now) {
    int size = content.payload().length;
    if (size > owner.messageBytes) {
      owner.counters.drop(Drop.MESSAGE_TOO_LARGE);
      throw failure(
          Status.RESOURCE_EXHAUSTED,
          "an item of " + size + " bytes; at most " + owner.messageBytes
              + " are sent (Limits.messageBytes)");
    }
    return new PushedItem(intake.producer(), content, trace, owner.time, now);
  }

  /** Takes room, under the lock, which it lets go of while it waits. */
  void enter(Room room, int items, long bytes, boolean waits) {
    if (room.isClosed()) {
      throw closed();
    }
    if (room.take(items, bytes)) {
      return;
    }
    if (!waits) {
      owner.counters.drop(Drop.BUFFER_FULL);
      throw failure(Status.RESOURCE_EXHAUSTED, room.text() + "; " + why());
    }
    try {
      if (!room.await(items, bytes)) {
        throw closed();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw LinkException.failure(
              Status.CANCELLED, Stage.SEND, "the thread was interrupted while it waited for room")
          .cause(e)
          .build();
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
      for (int i = 0; i < stream.acknowledged.size(); i++) {
        ledger.acknowledged(lane, stream.acknowledged.get(i), outcome);
      }
      for (Rejection r : stream.rejected) {
        ledger.rejected(lane, r.item(), r.status(), r.cause(), now, outcome);
      }
      if (stream.moreCredit > 0) {
        stream.flows(now);
        lane.more(stream.moreCredit);
      }
      lane.busy = !able;
      if (sends) {
        ledger.poll(lane, PushStream.CHUNK, PushStream.CHUNK_BYTES, now, stream.chunk);
      }
      other = settle(outcome, now);
    } finally {
      lock.unlock();
    }
    stream.acknowledged.clear();
    stream.rejected.clear();
    stream.moreCredit = 0;
    owner.attempts.add(stream.chunk.size());
    tell(outcome);
    outcome.clear();
    return other;
  }

  /** The stream is over. */
  void ended(Lane lane, boolean begun, LinkException cause, long now) {
    step(now, outcome -> ledger.ended(lane, begun, cause, now, outcome));
  }

  private void onTimer() {
    long now = now();
    step(now, outcome -> {
      timer = null;
      ledger.tick(now, outcome);
    });
  }

  /** Something happens under the lock that is no turn of a stream. */
  void step(long now, Consumer<Outcome> change) {
    Outcome outcome = new Outcome();
    Lane hungry;
    lock.lock();
    try {
      change.accept(outcome);
      hungry = settle(outcome, now);
    } finally {
      lock.unlock();
    }
    tell(outcome);
    if (hungry != null) {
      hungry.wake.run();
    }
  }

  /** Under the lock: room, who drains, the next time at which something is due, whom to wake. */
  private @Nullable Lane settle(Outcome outcome, long now) {
    count(outcome);
    for (int i = 0; i < outcome.settled.size(); i++) {
      PushedItem item = outcome.settled.get(i);
      intake.over(item, false);
      outcome.told.add(item, null);
    }
    if (ledger.items() == 0 || !sends) {
      changed.signalAll();
    }
    if (ended) {
      return null;
    }
    Long due = ledger.nextDue(now);
    if (due != null && (timer == null || timerAt - due > 0)) {
      if (timer != null) {
        timer.cancel();
      }
      timerAt = due;
      timer = owner.timer(due - now, this::onTimer);
    }
    return sends ? ledger.toWake(now) : null;
  }

  /** Before anybody can see what happened. */
  private void count(Outcome outcome) {
    if (!outcome.isEmpty()) {
      owner.settled.add(outcome.settled.size());
      owner.returned.add(outcome.returned);
      owner.rejected.add(outcome.rejected);
      owner.lost.add(outcome.lost);
      owner.late.add(outcome.late);
    }
  }

  /** Without the lock: those who wait for items, the disk, the dead-letter handler. */
  private void tell(Outcome outcome) {
    outcome.told.tell(owner);
    if (outcome.isEmpty()) {
      return;
    }
    if (!outcome.settled.isEmpty()) {
      intake.forget(outcome.settled);
    }
    if (!outcome.dead.isEmpty()) {
      deadLetters.add(List.copyOf(outcome.dead));
    }
  }

  /**
   * The dead-letter handler is done with an item.
   *
   * @param taken whether it took it; otherwise it stays where it is kept
   */
  void buried(PushedItem item, LinkException failure, boolean taken) {
    step(now(), outcome -> {
      ledger.buried(item);
      intake.over(item, !taken);
      outcome.told.add(item, failure);
    });
    intake.forget(taken ? List.of(item) : List.of());
  }

  void join(Lane lane) {
    ledger.join(lane);
  }

  // ---- what is known ------------------------------------------------------------------------

  /** The instances that items may go to. */
  public List<DestinationState> workers() {
    return destinations.states();
  }

  /** Items that are to be sent. */
  public int waiting() {
    lock.lock();
    try {
      return (int) Math.min(Integer.MAX_VALUE, ledger.waiting() + intake.beyond());
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
    return intake.recovered();
  }

  /** Why items are not settled, in words. */
  String why() {
    return destinations.why();
  }

  /** How many are left and where, in words. */
  public String left() {
    lock.lock();
    try {
      long items = ledger.items() + intake.beyond();
      String trouble = intake.trouble();
      return items + (items == 1 ? " item is" : " items are") + " left, " + ledger.inFlight()
          + " in flight, " + (ledger.waiting() + intake.beyond()) + " to be sent: " + why()
          + (trouble.isEmpty() ? "" : "; " + trouble);
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
    return await(now() + nanos, () -> ledger.items() + intake.beyond() + intake.forgetting() == 0);
  }

  /** Waits, under the lock, until then. */
  private boolean await(long deadline, BooleanSupplier settled) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!settled.getAsBoolean() && !ended) {
        long left = deadline - now();
        if (left <= 0) {
          return false;
        }
        changed.awaitNanos(owner.time.sleepNanos(left));
      }
      return settled.getAsBoolean();
    } finally {
      lock.unlock();
    }
  }

  /** From now on {@code push} fails, also for who waits. */
  void takeNoMore() {
    lock.lock();
    try {
      intake.takeNoMore();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes no more, finishes what it can until then, and ends. What outlives the producer is not sent
   * any more, only waited for where it was sent. Blocks.
   */
  public void close(long deadlineNanos) {
    takeNoMore();
    boolean interrupted = false;
    try {
      if (intake.outlives()) {
        step(now(), outcome -> sends = false);
        await(deadlineNanos, () -> ledger.items() == ledger.waiting() && intake.forgetting() == 0);
      } else {
        await(deadlineNanos, () -> ledger.items() == 0);
      }
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
    lock.lock();
    try {
      if (ended) {
        return;
      }
      ended = true;
      sends = false;
      left = ledger.abandon();
      if (timer != null) {
        timer.cancel();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    destinations.end();
    intake.close();
    owner.forget(this);
    abandoned(left);
  }

  /** They were not settled when the producer ended. */
  void abandoned(List<PushedItem> left) {
    if (left.isEmpty()) {
      return;
    }
    boolean kept = intake.outlives();
    if (!kept) {
      left.forEach(i -> owner.counters.drop(Drop.ITEM_ABANDONED));
      Producers.log().log(
          System.Logger.Level.WARNING,
          left.size() + " items of " + queue + " were not settled when their producer closed;"
              + " they were only in memory, and some may have been worked on");
    }
    String where = kept ? "; it is kept on disk, and sent after the next start" : "";
    LinkException failure = LinkException.failure(
            Status.UNAVAILABLE,
            Stage.WAIT,
            "the producer closed before the item was settled" + where)
        .ran(Ran.MAYBE)
        .withoutStackTrace()
        .build();
    Told told = new Told();
    left.forEach(item -> told.add(item, failure));
    told.tell(owner);
  }

  // ---- for its parts ------------------------------------------------------------------------

  ProducerOptions options() {
    return options;
  }

  Producers owner() {
    return owner;
  }

  String queue() {
    return queue;
  }

  /** What a stream begins with. */
  OpenFrame open() {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("liblink-item-ms", Long.toString(options.itemTimeout().toMillis()));
    if (!intake.producer().equals(owner.id)) {
      headers.put("liblink-producer", intake.producer());
    }
    Content content = new Content(headers, Text.EMPTY, new byte[0]);
    return new OpenFrame(OpenFrame.PUSH, 1, Protocol.NO_DEADLINE, null, -1, target, content);
  }

  long now() {
    return owner.time.nanos();
  }

  boolean isEnded() {
    return ended;
  }
}
