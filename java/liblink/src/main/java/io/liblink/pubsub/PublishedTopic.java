package io.liblink.pubsub;

import io.liblink.delivery.TopicOptions;
import io.liblink.message.Message;
import io.liblink.session.RefusedStream;
import io.liblink.session.Stream;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.telemetry.Drop;
import io.liblink.transport.Link;
import io.liblink.wire.CloseFrame;
import io.liblink.wire.Content;
import io.liblink.wire.Contents;
import io.liblink.wire.OpenFrame;
import io.liblink.wire.TraceContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A topic at its publisher: the {@link Tail}, and who is subscribed. Publishing appends to the tail and
 * wakes the event loops of the subscribers that are not awake; it never waits for them. Thread-safe.
 */
public final class PublishedTopic {
  private static final long LOOK_NANOS = 200_000;

  private final String target;
  private final Topics owner;
  private final Tail tail;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by lock.
  private final Set<TopicStream> streams = new LinkedHashSet<>();

  /** One for each event loop that a subscriber ever had; replaced as a whole, under the lock. */
  private volatile LoopGroup[] groups = new LoopGroup[0];

  private volatile boolean draining;
  private volatile boolean cut;

  PublishedTopic(Topics owner, String target, TopicOptions options, @Nullable Tail before) {
    this.owner = owner;
    this.target = target;
    this.tail = new Tail(options, before);
  }

  /** {@code service/topic}. */
  public String target() {
    return target;
  }

  // ---- publishing ---------------------------------------------------------------------------

  /**
   * Publishes.
   *
   * @param trace what the message belongs to
   * @param key null for none
   * @return its sequence
   * @throws IllegalArgumentException when a header can't travel
   * @throws LinkException when it is too large
   * @throws IllegalStateException when the topic is closing
   */
  public long publish(TraceContext trace, @Nullable String key, Message message) {
    if (draining) {
      throw new IllegalStateException("the topic '" + target + "' is closed");
    }
    if (message.size() > owner.messageBytes()) {
      throw tooLarge(message.size());
    }
    TailEntry entry = new TailEntry(key, trace, content(key, message));
    long sequence = tail.append(entry, owner.nanos());
    owner.counters().published.increment();
    for (LoopGroup group : groups) {
      group.wake();
    }
    return sequence;
  }

  private static Content content(@Nullable String key, Message message) {
    Map<String, String> headers = message.headers();
    for (String header : headers.keySet()) {
      if (header.startsWith(GapHeaders.RESERVED)) {
        throw new IllegalArgumentException(
            "the header '" + header + "' is reserved: keys must not begin with 'liblink-'");
      }
    }
    if (key == null) {
      return Contents.of(message);
    }
    if (key.isEmpty()) {
      throw new IllegalArgumentException("a key must not be empty");
    }
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put(GapHeaders.KEY, key);
    return Contents.of(message, Collections.unmodifiableMap(all));
  }

  private LinkException tooLarge(int size) {
    owner.drop(Drop.MESSAGE_TOO_LARGE);
    return LinkException.failure(
            Status.RESOURCE_EXHAUSTED,
            Stage.SEND,
            "a message of " + size + " bytes; at most " + owner.messageBytes() + " are sent"
                + " (Limits.messageBytes)")
        .build();
  }

  /** The sequence of the newest message; 0 before the first. */
  public long published() {
    return tail.newest();
  }

  // ---- subscribers --------------------------------------------------------------------------

  /** Who is subscribed now. */
  public List<TopicStream> subscribers() {
    lock.lock();
    try {
      return new ArrayList<>(streams);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until so many are subscribed; false when they are not in time. */
  public boolean awaitSubscribers(int count, long nanos) throws InterruptedException {
    return await(() -> count() >= count, nanos);
  }

  private int count() {
    lock.lock();
    try {
      return streams.size();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until nobody has more than that many messages to wait for; false when that is not in time. */
  public boolean awaitLag(long most, long nanos) throws InterruptedException {
    return await(() -> keepsUp(most), nanos);
  }

  private boolean keepsUp(long most) {
    lock.lock();
    try {
      for (TopicStream s : streams) {
        if (s.lag() > most) {
          return false;
        }
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** By looking now and then: the event loops have better things to do than to wake who waits here. */
  private boolean await(BooleanSupplier condition, long nanos) throws InterruptedException {
    if (condition.getAsBoolean()) {
      return true;
    }
    long end = owner.nanos() + nanos;
    while (!condition.getAsBoolean()) {
      if (end - owner.nanos() <= 0) {
        return false;
      }
      LockSupport.parkNanos(LOOK_NANOS);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
    return true;
  }

  /** A peer subscribes. On its event loop. */
  Stream open(Link link, OpenFrame open, long now) {
    if (draining) {
      return refused(Drop.DRAINING, Status.UNAVAILABLE, "the topic is closing on this instance");
    }
    if (open.credit() < 0) {
      return refused(
          Drop.SUBSCRIPTION_REFUSED,
          Status.INVALID_ARGUMENT,
          "a topic is subscribed to with a stream");
    }
    SubscribeRequest request;
    try {
      request = SubscribeRequest.read(open.content().headers());
    } catch (IllegalArgumentException e) {
      return refused(
          Drop.SUBSCRIPTION_REFUSED, Status.INVALID_ARGUMENT, String.valueOf(e.getMessage()));
    }
    long start = tail.startOf(request.from(), now);
    if (start == 0) {
      return refused(
          Drop.SUBSCRIPTION_REFUSED,
          Status.OUT_OF_RANGE,
          "'" + target + "' has " + tail.newest() + " messages so far, and none from "
              + request.from() + " on");
    }
    boolean lastValues = tail.keepsLastValues() && !request.from().isSequence();
    Cursor cursor = Cursor.of(tail, request, start, lastValues);
    return new TopicStream(this, link, group(link.loop()), request, cursor, open.credit());
  }

  private Stream refused(Drop drop, Status status, String problem) {
    owner.drop(drop);
    return new RefusedStream(CloseFrame.failure(status, Stage.SEND, Ran.NO, problem));
  }

  private LoopGroup group(Executor loop) {
    lock.lock();
    try {
      for (LoopGroup g : groups) {
        if (g.loop == loop) {
          return g;
        }
      }
      LoopGroup made = new LoopGroup(loop);
      LoopGroup[] more = java.util.Arrays.copyOf(groups, groups.length + 1);
      more[groups.length] = made;
      groups = more;
      return made;
    } finally {
      lock.unlock();
    }
  }

  void add(TopicStream stream, LoopGroup group) {
    group.add(stream);
    owner.counters().subscribed.increment();
    lock.lock();
    try {
      streams.add(stream);
    } finally {
      lock.unlock();
    }
  }

  void remove(TopicStream stream, LoopGroup group) {
    group.remove(stream);
    lock.lock();
    try {
      streams.remove(stream);
    } finally {
      lock.unlock();
    }
  }

  // ---- end ----------------------------------------------------------------------------------

  /** Nothing is published from now on; subscribers get what waits, and then the end. */
  public void drain() {
    draining = true;
    wakeAll();
  }

  /** Subscribers get the end now. */
  public void cut() {
    draining = true;
    cut = true;
    wakeAll();
  }

  private void wakeAll() {
    for (LoopGroup group : groups) {
      group.wake();
    }
  }

  /** Whether nobody is subscribed any more. */
  public boolean isLeft() {
    return count() == 0;
  }

  boolean isDraining() {
    return draining;
  }

  boolean isCut() {
    return cut;
  }

  Tail tail() {
    return tail;
  }

  TopicCounters counters() {
    return owner.counters();
  }
}
