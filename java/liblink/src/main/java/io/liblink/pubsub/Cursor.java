package io.liblink.pubsub;

import io.liblink.delivery.Gap;
import io.liblink.delivery.WhenFull;
import io.liblink.routing.Selector;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * How far one subscriber is in the {@link Tail}, and what it gets next: this is its queue. It holds no
 * messages. Moved by the event loop of the subscriber's link; {@link #waiting} is for any thread.
 */
abstract class Cursor {
  /** What {@link #next} found. */
  enum Next {
    /** Nothing waits. */
    NOTHING,
    /** {@link #entry()} is to be sent. */
    MESSAGE,
    /** The subscriber is to be told of a gap: {@link #gapLast}, {@link #gapCount}, {@link #gapReason}. */
    GAP,
    /** Enough was looked at for now; there may be more. */
    LATER,
    /** More wait than the queue takes, and the subscriber wanted it to end then. */
    FULL
  }

  /** How many messages are looked at in one step, when the filter leaves them out. */
  static final int LOOK = 512;

  final Tail tail;
  final @Nullable Selector filter;

  /** How many may wait. */
  final int queue;

  /** Where last values end and the messages begin that the subscriber was promised. */
  final long start;

  private static final VarHandle SEEN;

  static {
    try {
      SEEN = MethodHandles.lookup().findVarHandle(Cursor.class, "position", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /**
   * The next sequence to look at: what is below was sent, told as a gap, or left out. Written by the event
   * loop alone; others read it through SEEN, and may see it late.
   */
  private long position;

  /** The next last value is at least that. */
  private long lastValuesFrom;

  private @Nullable TailEntry entry;
  private long gapLast;
  private long gapCount;
  private Gap.Reason gapReason = Gap.Reason.TAIL;
  private long leftOut;

  Cursor(Tail tail, SubscribeRequest request, long start, boolean lastValues) {
    this.tail = tail;
    this.filter = request.selector();
    this.queue = Math.min(request.queue(), tail.most());
    this.start = start;
    this.position = start;
    this.lastValuesFrom = lastValues ? 1 : start;
  }

  /** A cursor that does what the subscriber wants done when its queue is full. */
  static Cursor of(Tail tail, SubscribeRequest request, long start, boolean lastValues) {
    return switch (request.whenFull()) {
      case DROP_OLDEST, DISCONNECT ->
        new OrderedCursor(
            tail, request, start, lastValues, request.whenFull() == WhenFull.DISCONNECT);
      case DROP_NEWEST -> new FirstCursor(tail, request, start, lastValues);
      case LATEST_PER_KEY -> new LatestCursor(tail, request, start, lastValues);
    };
  }

  /** Moves on, and says by what. */
  final Next next() {
    if (lastValuesFrom < start) {
      TailEntry value = tail.lastValue(lastValuesFrom, start);
      if (value != null) {
        lastValuesFrom = value.sequence + 1;
        if (!passes(value)) {
          leftOut++;
          return Next.LATER;
        }
        entry = value;
        return Next.MESSAGE;
      }
      lastValuesFrom = start;
    }
    return step();
  }

  /** The same, behind the last values. */
  abstract Next step();

  /** Whether it is at its end for having too much to wait for. */
  boolean isFull() {
    return false;
  }

  /** The subscription is over. */
  void close() {}

  // ---- what was found -----------------------------------------------------------------------

  TailEntry entry() {
    TailEntry found = entry;
    if (found == null) {
      throw new IllegalStateException("no message was found");
    }
    return found;
  }

  long gapLast() {
    return gapLast;
  }

  long gapCount() {
    return gapCount;
  }

  Gap.Reason gapReason() {
    return gapReason;
  }

  /** How many were left out by the filter since this was asked last. */
  final long takeLeftOut() {
    long n = leftOut;
    leftOut = 0;
    return n;
  }

  /** How many were left out for a newer one with the same key since this was asked last. */
  long takeSuperseded() {
    return 0;
  }

  // ---- for those below ----------------------------------------------------------------------

  final long position() {
    return position;
  }

  final void position(long next) {
    SEEN.setOpaque(this, next);
  }

  final Next message(TailEntry found) {
    entry = found;
    return Next.MESSAGE;
  }

  final Next gap(long last, long count, Gap.Reason reason) {
    gapLast = last;
    gapCount = count;
    gapReason = reason;
    return Next.GAP;
  }

  final boolean passes(TailEntry candidate) {
    Selector s = filter;
    return s == null || s.test(candidate.headers);
  }

  final void leaveOut() {
    leftOut++;
  }

  // ---- looked at by others ------------------------------------------------------------------

  /** See {@link Tail#lookAhead}. */
  final int lookAhead(int count) {
    return tail.lookAhead(position, count);
  }

  /** Whether something may have to be sent. */
  final boolean hasMore() {
    return position <= tail.newest() || lastValuesFrom < start;
  }

  /** How many messages wait; with a filter, or the latest of each key, at most so many. */
  final long waiting() {
    return Math.max(0, tail.newest() - (long) SEEN.getOpaque(this) + 1);
  }
}
