package io.liblink.pubsub;

import io.liblink.session.Session;
import io.liblink.session.SessionTask;
import io.liblink.status.Status;
import io.liblink.transport.Link;
import io.liblink.wire.MessageFrame;
import io.liblink.wire.ProtocolException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many messages a publisher may send ahead. Starts small; doubles when the handler has run out of
 * work although most of the credit was used up, so that it follows rate times round trip, and stays
 * small where the handler is what takes the time: then messages should wait at their publisher, which
 * knows which to leave out. Bounded by count and, on average, by bytes.
 *
 * <p>Belongs to the event loop, except {@link #handled}, which is the consumer's.
 */
final class FeedCredit extends SessionTask {
  /** What is granted with OPEN. */
  static final int FIRST = 32;

  static final int MOST = 16_384;

  /** Held by a subscription, over all its publishers. */
  static final long HOLD_BYTES = 8L << 20;

  /** Counted for each message beside its payload. */
  private static final int OVERHEAD = 256;

  private final FeedStream stream;
  private final Link link;
  private final LiveSubscription owner;
  private final AtomicInteger owed = new AtomicInteger();
  private final AtomicBoolean asked = new AtomicBoolean();

  /** What the publisher may have sent, together with what was not handled yet. */
  private int window = FIRST;

  /** Of that, what it has not sent. */
  private int left = FIRST;

  private int average;
  private int seenDry;

  /** How many are to be handled before it is told. */
  private volatile int worthTelling = FIRST / 4;

  /** The consumer's. */
  private int handled;

  FeedCredit(FeedStream stream, Link link, LiveSubscription owner) {
    this.stream = stream;
    this.link = link;
    this.owner = owner;
  }

  int first() {
    return FIRST;
  }

  /** A message begins. */
  void use() {
    if (--left < 0) {
      throw new ProtocolException(
          Status.RESOURCE_EXHAUSTED, "§6.7", "a message for which there was no credit");
    }
  }

  /** It is here whole. */
  void received(MessageFrame frame) {
    int size = (int) Math.min(frame.content().total(), Integer.MAX_VALUE / 2) + OVERHEAD;
    average += average == 0 ? size : (size - average) / 16;
  }

  /** One was handled. On the consumer's thread. */
  void handled() {
    if (++handled >= worthTelling) {
      owed.addAndGet(handled);
      handled = 0;
      if (asked.compareAndSet(false, true)) {
        if (owner.isInline()) {
          link.afterRead(this::tell); // then all that the credit has brought is here
        } else {
          link.submit(this);
        }
      }
    }
  }

  private void tell() {
    link.submit(this);
  }

  /** One came that is not handed over. */
  void unwanted() {
    owed.incrementAndGet();
    if (asked.compareAndSet(false, true)) {
      link.submit(this);
    }
  }

  @Override
  public void run(Session session, long now) {
    asked.set(false);
    int back = owed.getAndSet(0);
    if (!stream.isOpen()) {
      return;
    }
    int dry = owner.inbox().dry();
    boolean starved = left < window / 2 && (dry != seenDry || owner.isInline());
    seenDry = dry;
    int wanted = Math.min(starved ? window * 2 : window, most());
    int more = back + wanted - window;
    if (more > 0) {
      window = wanted;
      left += more;
      session.credit(stream, more);
    } else {
      window -= back;
    }
    worthTelling = Math.max(1, window / 4);
  }

  private int most() {
    long held = HOLD_BYTES / Math.max(1, owner.feeds()) / Math.max(OVERHEAD, average);
    return (int) Math.max(1, Math.min(held, MOST));
  }

  @Override
  public void abandon(String reason, long now) {}
}
