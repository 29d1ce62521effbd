package io.liblink.pubsub;

import io.liblink.delivery.Start;
import io.liblink.session.Session;
import io.liblink.session.SessionTask;
import io.liblink.session.Stream;
import io.liblink.status.Ran;
import io.liblink.status.Status;
import io.liblink.transport.Link;
import io.liblink.wire.AckFrame;
import io.liblink.wire.CloseFrame;
import io.liblink.wire.MessageFrame;
import io.liblink.wire.OpenFrame;
import io.liblink.wire.Protocol;
import io.liblink.wire.ProtocolException;
import io.liblink.wire.Text;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A subscription to one topic of one publisher on one link. Checks what comes, and hands it over in
 * batches. Belongs to the event loop of its link, except where it says otherwise.
 *
 * <p>One that follows another, because the link of that one drains, holds back what it gets until the
 * other has stopped: then it knows where to go on, and nothing comes twice.
 */
final class FeedStream extends Stream {
  private static final VarHandle TAKEN;

  static {
    try {
      TAKEN = MethodHandles.lookup().findVarHandle(FeedStream.class, "lastTaken", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** What is handed over together, at most, so that the handler can begin meanwhile. */
  private static final int BATCH = 256;

  private final Feed feed;
  private final Link link;
  private final SubscribeRequest request;
  private final FeedCredit credit;
  private final Runnable handOver = this::handOver;
  private @Nullable Session session;
  private volatile boolean acked;

  /** Guarded by the lock of the feed. */
  private boolean moving;

  private long start;

  /** The sequence of the last item, handed over or not. */
  private long lastItem;

  /** What it begins with, unless the stream before this one had that already. */
  private long begins;

  /** Without filter and superseding: what must come next. */
  private long expected;

  /**
   * The sequence of the last item handed over. Written by the event loop alone; others read it, through
   * TAKEN, when this has stopped, or roughly.
   */
  private long lastTaken;

  /** What came before the stream before this one had stopped; null when it has. */
  private @Nullable List<MessageFrame> early = new ArrayList<>();

  private @Nullable Arrivals arrivals;
  private boolean armed;
  private boolean stopped;

  FeedStream(Feed feed, Link link, SubscribeRequest request) {
    this.feed = feed;
    this.link = link;
    this.request = request;
    this.credit = new FeedCredit(this, link, feed.owner());
  }

  Link link() {
    return link;
  }

  /** What the publisher confirmed. */
  long start() {
    return start;
  }

  long lastTaken() {
    return (long) TAKEN.getOpaque(this);
  }

  /** Whether the publisher confirmed it. Any thread. */
  boolean isAcked() {
    return acked;
  }

  /** Where it asked to start. */
  Start from() {
    return request.from();
  }

  /** Whether another one is to follow it, because its link drains. Under the lock of the feed. */
  boolean isMoving() {
    return moving;
  }

  void moves() {
    moving = true;
  }

  // ---- opening ------------------------------------------------------------------------------

  @Override
  public void run(Session on, long now) {
    if (stopped || feed.joining().isOver(this)) {
      return;
    }
    if (!on.takesStreams()) {
      feed.joining().notOpened(this, "the instance is draining");
    } else if (on.ownStreams() >= link.peer().maxStreams()) {
      feed.joining().notOpened(this, "as many streams as the peer takes are open on the link");
    } else {
      session = on;
      on.open(
          this,
          new OpenFrame(
              OpenFrame.SUBSCRIBE,
              1,
              Protocol.NO_DEADLINE,
              null,
              credit.first(),
              Text.of(feed.topic()),
              request.content()));
    }
  }

  @Override
  public void abandon(String reason, long now) {
    feed.joining().notOpened(this, reason);
  }

  @Override
  protected void onAck(AckFrame ack, long now) {
    if (acked || ack.status() != Status.OK || ack.sequence() < 1) {
      throw new ProtocolException(
          Status.FAILED_PRECONDITION,
          "§6.7",
          acked ? "a second ACK of a subscription" : "an ACK that confirms no subscription");
    }
    acked = true;
    start = ack.sequence();
    begins = request.from().isSequence() ? request.from().number() : start;
    expected = begins;
    feed.joining().acked(this);
  }

  /** Has this hand over what comes, behind that sequence. */
  void begin(long behind) {
    List<MessageFrame> held = early;
    if (held == null || stopped) {
      return;
    }
    early = null;
    TAKEN.setOpaque(this, Math.max(behind, begins - 1)); // what came early has to be taken yet
    for (MessageFrame frame : held) {
      take(frame);
    }
    handOver();
  }

  // ---- receiving ----------------------------------------------------------------------------

  @Override
  protected void onItem(long sequence) {
    if (!acked) {
      throw new ProtocolException(
          Status.FAILED_PRECONDITION, "§6.7", "MESSAGE of a subscription before its ACK");
    }
    if (sequence <= lastItem) {
      throw new ProtocolException(
          Status.FAILED_PRECONDITION,
          "§6.7",
          "message " + Long.toUnsignedString(sequence) + " behind message " + lastItem);
    }
    credit.use();
    lastItem = sequence;
  }

  @Override
  protected void onMessage(MessageFrame frame, long now) {
    credit.received(frame);
    long gap = GapHeaders.count(frame);
    long sequence = frame.sequence();
    if (gap > sequence) {
      throw new ProtocolException(
          Status.INVALID_ARGUMENT, "§6.7", "a gap of " + gap + " messages up to the " + sequence);
    }
    if (request.isComplete() && sequence >= start) {
      long first = gap == 0 ? sequence : sequence - gap + 1;
      if (first != expected) {
        hole(first, now);
        return;
      }
      expected = sequence + 1;
    }
    if (early != null) {
      early.add(frame);
    } else {
      take(frame);
    }
  }

  private void hole(long first, long now) {
    String problem = "the publisher left out messages without a word: after " + (expected - 1)
        + " came " + first;
    stop(Status.DATA_LOSS, now);
    feed.joining().hole(this, problem);
  }

  private void take(MessageFrame came) {
    MessageFrame frame = came;
    if (frame.sequence() >= start) {
      long before = lastTaken;
      if (frame.sequence() <= before) {
        credit.unwanted(); // the stream before this one had it
        return;
      }
      frame = GapHeaders.behind(frame, before);
      TAKEN.setOpaque(this, frame.sequence());
    }
    if (feed.owner().isInline()) {
      deliver(frame, feed.owner().receiver());
      return;
    }
    Arrivals batch = arrivals;
    if (batch == null) {
      batch = arrivals = new Arrivals(this);
    }
    batch.add(frame);
    if (batch.size() >= BATCH) {
      handOver();
    } else if (!armed) {
      armed = true;
      link.afterRead(handOver);
    }
  }

  private void handOver() {
    armed = false;
    Arrivals batch = arrivals;
    if (batch != null) {
      arrivals = null;
      feed.owner().inbox().offer(batch);
    }
  }

  /** Gives one to the receiver. On the consumer's thread. */
  void deliver(MessageFrame frame, Receiver receiver) {
    feed.deliver(frame, receiver);
    credit.handled();
  }

  // ---- ends ---------------------------------------------------------------------------------

  @Override
  protected void onClose(CloseFrame close, long now) {
    handOver();
    feed.joining()
        .closed(this, close, new String(close.content().payload(), StandardCharsets.UTF_8));
  }

  @Override
  protected void onTooLarge(String problem, boolean forNow, long now) {
    if (forNow) {
      onLost(problem, Ran.YES, now); // the publisher has it still
    } else {
      super.onTooLarge(problem, forNow, now);
    }
  }

  @Override
  protected void onLost(String reason, Ran ran, long now) {
    handOver();
    feed.joining().lost(this, reason);
  }

  @Override
  protected void onDraining(long now) {
    feed.joining().draining(this);
  }

  /** Sends no more, and tells the publisher. */
  private void stop(Status reason, long now) {
    handOver();
    stopped = true;
    Session on = session;
    if (on != null && isOpen()) {
      on.cancel(this, reason, now);
    }
  }

  /** Nothing more is wanted of it. Any thread. */
  void cancel() {
    stopThen(last -> {});
  }

  /**
   * Stops it; says what the last was that it handed over, when it has stopped or its link has. Any
   * thread.
   */
  void stopThen(LongConsumer told) {
    link.submit(new SessionTask() {
      @Override
      public void run(Session on, long now) {
        stop(Status.CANCELLED, now);
        told.accept(lastTaken);
      }

      @Override
      public void abandon(String reason, long now) {
        told.accept(lastTaken);
      }
    });
  }
}
