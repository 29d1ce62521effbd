package io.liblink.pubsub;

import io.liblink.delivery.Gap;
import io.liblink.delivery.PublisherState;
import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.wire.MessageFrame;
import java.util.concurrent.atomic.AtomicInteger;

/** One topic of one publisher, as a subscription has it. Thread-safe. */
public final class Feed {
  private static final int MOST_REPORTS = 16;

  private final LiveSubscription owner;
  private final String topic;
  private final NodeId id;
  private final String node;
  private final Handed handed = new Handed();
  private final Joining joining;
  private final AtomicInteger reports = new AtomicInteger();

  /** Whether states were left out because too many waited to be told. */
  private volatile boolean more;

  /**
   * Not started.
   *
   * @param late whether it was not known when the subscription began
   */
  Feed(LiveSubscription owner, String topic, Instance instance, boolean late) {
    this.owner = owner;
    this.topic = owner.service() + "/" + topic;
    this.id = instance.id();
    this.node = instance.node();
    this.joining = new Joining(this, instance, late);
  }

  // ---- what it is ---------------------------------------------------------------------------

  /** {@code service/topic}. */
  public String topic() {
    return topic;
  }

  /** The run of the publisher. */
  public NodeId publisher() {
    return id;
  }

  /** The name of the publisher. */
  public String node() {
    return node;
  }

  /** Where the promise of the publisher begins: below are last values. */
  public long start() {
    return joining.start();
  }

  /** How things stand. */
  PublisherState state() {
    return joining.state();
  }

  /** What was handed over. */
  Handed handed() {
    return handed;
  }

  /** What keeps it subscribed. */
  Joining joining() {
    return joining;
  }

  LiveSubscription owner() {
    return owner;
  }

  /** {@code node@id}. */
  String label() {
    return node + "@" + id.shortText();
  }

  // ---- handing over, on the consumer's thread -----------------------------------------------

  void deliver(MessageFrame frame, Receiver receiver) {
    if (owner.isClosed()) {
      return;
    }
    long gap = GapHeaders.count(frame);
    if (gap > 0) {
      handed.gap(frame.sequence(), gap);
      owner.node().missed.add(gap);
      Gap told = new Gap(topic, id, node, frame.sequence(), gap, GapHeaders.reason(frame));
      owner.guarded(() -> receiver.gap(told));
      return;
    }
    handed.message(frame.sequence());
    owner.node().received.increment();
    try {
      receiver.message(this, frame);
    } catch (Throwable e) {
      owner.handlerFailed(this, frame.sequence(), e);
    }
  }

  /** Has its state told, in order with its messages. When many wait, the newest stands for more. */
  void report() {
    if (reports.incrementAndGet() <= MOST_REPORTS) {
      owner.report(new Report(this, state()));
    } else {
      more = true;
      told();
    }
  }

  /**
   * A state to be told.
   *
   * @param then how things stood, but for what was handed over
   */
  record Report(Feed feed, PublisherState then) {
    void to(Receiver receiver) {
      feed.tell(then, receiver);
    }
  }

  private void tell(PublisherState then, Receiver receiver) {
    PublisherState now = handed.in(then);
    owner.guarded(() -> receiver.publisher(now));
    told();
  }

  /** One waits no more; whoever finds that none waits tells what was left out. */
  private void told() {
    if (reports.decrementAndGet() == 0 && more) {
      more = false;
      report();
    }
  }
}
