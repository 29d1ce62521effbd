package io.liblink.delivery;

import java.util.function.Consumer;

/** How to subscribe. Immutable: each method returns a changed copy. */
public final class SubscribeOptions {
  private static final SubscribeOptions DEFAULTS = new SubscribeOptions(
      Start.latest(), 0, WhenFull.DROP_OLDEST, "", gap -> {}, publisher -> {}, false);

  private final Start from;
  private final int queue;
  private final WhenFull whenFull;
  private final String filter;
  private final Consumer<Gap> onGap;
  private final Consumer<PublisherState> onPublisher;
  private final boolean nonBlocking;

  private SubscribeOptions(
      Start from,
      int queue,
      WhenFull whenFull,
      String filter,
      Consumer<Gap> onGap,
      Consumer<PublisherState> onPublisher,
      boolean nonBlocking) {
    this.from = from;
    this.queue = queue;
    this.whenFull = whenFull;
    this.filter = filter;
    this.onGap = onGap;
    this.onPublisher = onPublisher;
    this.nonBlocking = nonBlocking;
  }

  /** From the latest on, a queue as long as what the topic keeps, drop oldest, no filter. */
  public static SubscribeOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Where to start. Default {@link Start#latest}. Publishers that appear later are joined where the
   * subscription began, or with the earliest when that was asked for.
   */
  public SubscribeOptions from(Start start) {
    return new SubscribeOptions(start, queue, whenFull, filter, onGap, onPublisher, nonBlocking);
  }

  /**
   * How many messages may wait at each publisher while this side or the network is slow. Default: as
   * many as the topic keeps, which is the most.
   *
   * @param messages from 1
   */
  public SubscribeOptions queue(int messages) {
    if (messages < 1) {
      throw new IllegalArgumentException("a queue takes at least 1 message, not " + messages);
    }
    return new SubscribeOptions(from, messages, whenFull, filter, onGap, onPublisher, nonBlocking);
  }

  /** What happens when more wait than the queue takes. Default {@link WhenFull#DROP_OLDEST}. */
  public SubscribeOptions whenFull(WhenFull policy) {
    return new SubscribeOptions(from, queue, policy, filter, onGap, onPublisher, nonBlocking);
  }

  /**
   * Only messages whose headers satisfy the selector, which is tested at the publisher; the key of a
   * message is its header {@code liblink-key}. Default: all.
   *
   * @param selector for example {@code region == "eu"}; empty for all
   */
  public SubscribeOptions filter(String selector) {
    return new SubscribeOptions(from, queue, whenFull, selector, onGap, onPublisher, nonBlocking);
  }

  /**
   * Told of messages that will not come, in order: before the message behind the gap, and never while
   * the handler runs. Every gap is counted in any case.
   */
  public SubscribeOptions onGap(Consumer<Gap> listener) {
    return new SubscribeOptions(from, queue, whenFull, filter, listener, onPublisher, nonBlocking);
  }

  /**
   * Told when a publisher is joined, lost, refuses or vanishes, in order with its messages, and never
   * while the handler runs.
   */
  public SubscribeOptions onPublisher(Consumer<PublisherState> listener) {
    return new SubscribeOptions(from, queue, whenFull, filter, onGap, listener, nonBlocking);
  }

  /**
   * The handler and the listeners never block and take microseconds: they run on the event loops, for
   * messages of different publishers possibly at the same time.
   */
  public SubscribeOptions nonBlocking() {
    return new SubscribeOptions(from, queue, whenFull, filter, onGap, onPublisher, true);
  }

  /** Where to start. */
  public Start from() {
    return from;
  }

  /** How many may wait; 0 for as many as the topic keeps. */
  public int queue() {
    return queue;
  }

  /** What happens when more wait. */
  public WhenFull whenFull() {
    return whenFull;
  }

  /** The selector over headers; empty for all messages. */
  public String filter() {
    return filter;
  }

  /** Who is told of gaps. */
  public Consumer<Gap> onGap() {
    return onGap;
  }

  /** Who is told of publishers. */
  public Consumer<PublisherState> onPublisher() {
    return onPublisher;
  }

  /** Whether the handler runs on event loops. */
  public boolean isNonBlocking() {
    return nonBlocking;
  }
}
