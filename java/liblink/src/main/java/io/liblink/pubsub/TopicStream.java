package io.liblink.pubsub;

import io.liblink.delivery.Gap;
import io.liblink.delivery.WhenFull;
import io.liblink.session.Session;
import io.liblink.session.Stream;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.transport.Link;
import io.liblink.wire.AckFrame;
import io.liblink.wire.CloseFrame;
import io.liblink.wire.EncodedMessage;

/**
 * One subscriber, at its publisher: sends what its {@link Cursor} finds, while there is credit and the
 * link takes it, in turns of bounded size. Belongs to the event loop of its link; numbers and names may
 * be read by any thread.
 */
public final class TopicStream extends Stream {
  /** What is sent in one turn, so that the other links of the event loop get theirs. */
  private static final int TURN_MESSAGES = 256;

  /** How many messages are looked at together before they are sent. */
  private static final int AHEAD = 16;

  private static final int TURN_BYTES = 256 * 1024;

  private final PublishedTopic topic;
  private final Link link;
  private final LoopGroup group;
  private final SubscribeRequest request;
  private final Cursor cursor;
  private long credit;

  /** Whether it is in the queue of its link. */
  private boolean queued;

  /** Whether a large message is on its way, whose end is to be noticed. */
  private boolean large;

  /** What looking ahead saw; of no use. */
  @SuppressWarnings("unused")
  private int seen;

  private volatile long sent;
  private volatile long missed;

  TopicStream(
      PublishedTopic topic,
      Link link,
      LoopGroup group,
      SubscribeRequest request,
      Cursor cursor,
      long credit) {
    this.topic = topic;
    this.link = link;
    this.group = group;
    this.request = request;
    this.cursor = cursor;
    this.credit = Math.min(credit, Integer.MAX_VALUE);
  }

  // ---- seen by the publisher, any thread ----------------------------------------------------

  /** The link of the subscriber. */
  public Link link() {
    return link;
  }

  /** How many messages wait for it here; with a filter, or the latest of each key, at most so many. */
  public long lag() {
    return cursor.waiting();
  }

  /** Messages sent. */
  public long sent() {
    return sent;
  }

  /** Messages told as gaps. */
  public long missed() {
    return missed;
  }

  /** The selector over headers; empty for all. */
  public String filter() {
    return request.selector() == null ? "" : request.selector().source();
  }

  /** What happens when more wait than the queue takes. */
  public WhenFull whenFull() {
    return request.whenFull();
  }

  // ---- events -------------------------------------------------------------------------------

  @Override
  protected void onOpened(Session on, long now) {
    on.ack(this, new AckFrame(cursor.start, Status.OK, ""));
    topic.add(this, group);
    goOn();
  }

  @Override
  protected void onCredit(long items, long now) {
    credit = Math.min(credit + items, Integer.MAX_VALUE);
    goOn();
  }

  @Override
  protected void onSent(int bytes, boolean last) {
    if (large && !isSending()) {
      large = false;
      group.wake(); // not from here: the session is in the middle of sending
    }
  }

  @Override
  protected void onCancel(Status reason, long now) {
    over();
  }

  @Override
  protected void onLost(String reason, Ran ran, long now) {
    over();
  }

  private void over() {
    cursor.close();
    topic.remove(this, group);
  }

  // ---- sending ------------------------------------------------------------------------------

  /** Has what waits sent, if anything does and may be. */
  void goOn() {
    if (!queued && isOpen() && !isSending() && (maySend() || cursor.isFull() || isEnding())) {
      queued = true;
      link.submit(this);
    }
  }

  private boolean maySend() {
    return credit > 0 && cursor.hasMore();
  }

  /** Whether nothing more is published, and all was sent or may be forgotten. */
  private boolean isEnding() {
    return topic.isCut() || (topic.isDraining() && !cursor.hasMore());
  }

  @Override
  public void run(Session on, long now) {
    queued = false;
    if (!isOpen()) {
      return;
    }
    if (cursor.isFull()) {
      full(on, now);
      return;
    }
    pump(on, now);
    if (isOpen() && !isSending() && isEnding()) {
      close(on, Status.UNAVAILABLE, "the topic is closing on this instance", now);
    }
  }

  private void pump(Session on, long now) {
    int messages = 0;
    long bytes = 0;
    long told = 0;
    int looks = 0;
    while (credit > 0 && !isSending() && !topic.isCut()) {
      if (!link.isWritable()) {
        queued = true; // goes on when the link takes more
        link.submit(this);
        break;
      }
      if (messages >= TURN_MESSAGES || bytes >= TURN_BYTES || looks > 1) {
        group.wake();
        break;
      }
      if (messages % AHEAD == 0) {
        seen ^= cursor.lookAhead(AHEAD);
      }
      Cursor.Next next = cursor.next();
      if (next == Cursor.Next.NOTHING) {
        break;
      }
      switch (next) {
        case MESSAGE -> {
          TailEntry entry = cursor.entry();
          if (entry.payload > link.peer().maxMessage()) {
            gap(on, entry.sequence, 1, Gap.Reason.SIZE);
            told++;
          } else {
            send(on, entry);
            messages++;
            bytes += entry.cost();
          }
        }
        case GAP -> {
          gap(on, cursor.gapLast(), cursor.gapCount(), cursor.gapReason());
          told += cursor.gapCount();
        }
        case LATER -> looks++;
        case FULL -> full(on, now);
        default -> throw new IllegalStateException("nothing was handled before");
      }
      if (!isOpen()) {
        break;
      }
    }
    count(messages, told);
  }

  private void send(Session on, TailEntry entry) {
    credit--;
    EncodedMessage whole = entry.whole();
    if (whole != null) {
      on.send(this, whole);
    } else {
      large = true;
      on.send(this, entry.large());
    }
  }

  private void gap(Session on, long last, long count, Gap.Reason reason) {
    credit--;
    on.send(this, GapHeaders.gap(last, count, reason));
    topic.counters().missed(reason, count);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // nobody else writes them
  private void count(int messages, long told) {
    TopicCounters counters = topic.counters();
    if (messages > 0) {
      sent += messages;
      counters.sent.add(messages);
    }
    if (told > 0) {
      missed += told;
    }
    long leftOut = cursor.takeLeftOut();
    if (leftOut > 0) {
      counters.filtered.add(leftOut);
    }
    long superseded = cursor.takeSuperseded();
    if (superseded > 0) {
      counters.superseded.add(superseded);
    }
  }

  private void full(Session on, long now) {
    topic.counters().disconnected.increment();
    close(
        on,
        Status.RESOURCE_EXHAUSTED,
        "more than " + cursor.queue + " messages were waiting for this subscriber",
        now);
  }

  private void close(Session on, Status status, String problem, long now) {
    on.close(this, CloseFrame.failure(status, Stage.SEND, Ran.NO, problem), now);
    over();
  }

  @Override
  public void abandon(String reason, long now) {}
}
