package io.liblink.pubsub;

import io.liblink.cluster.Failures;
import io.liblink.cluster.FullJitterBackoff;
import io.liblink.cluster.Peer;
import io.liblink.delivery.Gap;
import io.liblink.delivery.PublisherState;
import io.liblink.delivery.PublisherState.Phase;
import io.liblink.delivery.Start;
import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Status;
import io.liblink.time.Timers;
import io.liblink.transport.Link;
import io.liblink.wire.CloseFrame;
import io.liblink.wire.MessageFrame;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One topic of one publisher, as a subscription has it: subscribes, and again when the link or the
 * publisher ended that, behind the last message, for as long as the publisher is announced. Thread-safe.
 */
public final class Feed {
  private static final VarHandle LAST;
  private static final VarHandle RECEIVED;
  private static final VarHandle MISSED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      LAST = lookup.findVarHandle(Feed.class, "last", long.class);
      RECEIVED = lookup.findVarHandle(Feed.class, "received", long.class);
      MISSED = lookup.findVarHandle(Feed.class, "missed", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final LiveSubscription owner;
  private final String topic;
  private final NodeId id;
  private final String node;
  private final boolean late;
  private final CompletableFuture<Void> settled = new CompletableFuture<>();
  private final AtomicBoolean reporting = new AtomicBoolean();
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by lock.
  private Instance instance;
  private Phase phase = Phase.CONNECTING;
  private String problem = "";
  private final FullJitterBackoff backoff = new FullJitterBackoff(ThreadLocalRandom::current);
  private boolean announced = true;
  private boolean over;
  private boolean connecting;
  private boolean tried;
  private Timers.@Nullable Timer retry;
  private @Nullable FeedStream stream;
  private @Nullable FeedStream successor;
  private long start;
  private long resumeBehind;

  // Written by the consumer, opaque through the handles above; read by any thread.
  @SuppressWarnings("unused")
  private long last;

  @SuppressWarnings("unused")
  private long received;

  @SuppressWarnings("unused")
  private long missed;

  /**
   * Not started.
   *
   * @param late whether it was not known when the subscription began
   */
  Feed(LiveSubscription owner, String topic, Instance instance, boolean late) {
    this.owner = owner;
    this.topic = owner.service() + "/" + topic;
    this.instance = instance;
    this.id = instance.id();
    this.node = instance.node();
    this.late = late;
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
    lock.lock();
    try {
      return start;
    } finally {
      lock.unlock();
    }
  }

  /** How things stand. */
  PublisherState state() {
    lock.lock();
    try {
      return new PublisherState(
          id,
          node,
          topic,
          phase,
          start,
          (long) LAST.getOpaque(this),
          received(),
          missed(),
          phase == Phase.ACTIVE ? "" : problem);
    } finally {
      lock.unlock();
    }
  }

  long received() {
    return (long) RECEIVED.getOpaque(this);
  }

  long missed() {
    return (long) MISSED.getOpaque(this);
  }

  /** Done when it is confirmed or could not be reached; fails when it is refused. */
  CompletableFuture<Void> settled() {
    return settled;
  }

  LiveSubscription owner() {
    return owner;
  }

  /** {@code node@id}. */
  String label() {
    return node + "@" + id.shortText();
  }

  // ---- connecting ---------------------------------------------------------------------------

  /** Subscribes. Once. */
  void connect() {
    Instance to;
    lock.lock();
    try {
      if (over || connecting || successor != null || (stream != null && !stream.isMoving())) {
        return;
      }
      connecting = true;
      retry = null;
      to = instance;
    } finally {
      lock.unlock();
    }
    Peer peer = owner.node().peers().of(id);
    Link link = peer.link();
    if (link != null && !peer.wantsMore()) {
      linked(link);
      return;
    }
    peer.connect(to.addresses()).whenComplete((opened, failure) -> {
      if (failure == null) {
        linked(opened);
      } else {
        Link other = peer.link();
        if (other != null) {
          linked(other);
        } else {
          connectFailed(Failures.unwrap(failure));
        }
      }
    });
  }

  private void linked(Link link) {
    FeedStream made;
    lock.lock();
    try {
      connecting = false;
      if (over) {
        return;
      }
      made = new FeedStream(this, link, owner.request().from(from()));
      tried = true;
      if (stream == null) {
        stream = made;
      } else {
        successor = made;
      }
    } finally {
      lock.unlock();
    }
    link.submit(made);
  }

  private Start from() {
    FeedStream running = stream;
    if (start > 0) {
      long behind = running == null ? resumeBehind : Math.max(resumeBehind, running.lastTaken());
      return Start.sequence(behind + 1);
    }
    Start wanted = owner.request().from();
    boolean same = wanted.equals(Start.earliest()) || (wanted.isSequence() && !late);
    return same || (!late && !tried) ? wanted : owner.sinceStart();
  }

  private void connectFailed(LinkException why) {
    lock.lock();
    try {
      connecting = false;
    } finally {
      lock.unlock();
    }
    tryAgain(String.valueOf(why.getMessage()));
  }

  /** Whether a stream that is about to open should not. */
  boolean isOver(FeedStream asking) {
    lock.lock();
    try {
      return over || (asking != stream && asking != successor);
    } finally {
      lock.unlock();
    }
  }

  void notOpened(FeedStream failed, String reason) {
    if (forget(failed)) {
      tryAgain(reason);
    }
  }

  /** Takes out a stream that is no more; true when it was one of this. */
  private boolean forget(FeedStream ended) {
    lock.lock();
    try {
      if (over) {
        return false;
      }
      if (ended == successor) {
        successor = null;
        return true;
      }
      if (ended != stream) {
        return false;
      }
      resumeBehind = Math.max(resumeBehind, ended.lastTaken());
      stream = successor;
      successor = null;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** After a back-off; not any more when the publisher is gone. */
  private void tryAgain(String reason) {
    boolean gone;
    boolean changed = false;
    lock.lock();
    try {
      if (over) {
        return;
      }
      gone = !announced && stream == null && successor == null;
      if (stream == null || !stream.isAcked()) {
        Phase now = start > 0 ? Phase.LOST : Phase.CONNECTING;
        changed = phase != now || !problem.equals(reason);
        phase = now;
        problem = reason;
      }
      if (!gone && retry == null && !connecting && successor == null) {
        long wait = backoff.failed(owner.node().nanos());
        retry = owner.node().schedule(Duration.ofNanos(wait), this::connect);
      }
    } finally {
      lock.unlock();
    }
    if (gone) {
      gone(reason);
      return;
    }
    if (changed) {
      report();
    }
    settled.complete(null);
  }

  // ---- what streams say, on their event loops -----------------------------------------------

  void acked(FeedStream confirmed) {
    FeedStream before = null;
    boolean resumed;
    lock.lock();
    try {
      if (over || (confirmed != stream && confirmed != successor)) {
        return;
      }
      if (confirmed == successor) {
        before = stream;
        stream = confirmed;
        successor = null;
      }
      resumed = start > 0;
      if (!resumed) {
        start = confirmed.start();
        resumeBehind = start - 1;
      }
      phase = Phase.ACTIVE;
      problem = "";
      backoff.connected(owner.node().nanos());
    } finally {
      lock.unlock();
    }
    if (before == null) {
      confirmed.begin(behind());
    } else {
      before.stopThen(last -> confirmed.link().execute(() -> confirmed.begin(last)));
    }
    if (resumed) {
      owner.node().resumed.increment();
    }
    report();
    settled.complete(null);
    if (!confirmed.link().isOpen()) {
      draining(confirmed); // meanwhile, when nobody listened
    }
  }

  private long behind() {
    lock.lock();
    try {
      return resumeBehind;
    } finally {
      lock.unlock();
    }
  }

  void lost(FeedStream ended, String reason) {
    notOpened(ended, reason);
  }

  void hole(FeedStream ended, String reason) {
    owner.node().holes.increment();
    notOpened(ended, reason);
  }

  /** The link takes no new streams: another one does. */
  void draining(FeedStream on) {
    lock.lock();
    try {
      if (over || on != stream) {
        return;
      }
      on.moves();
    } finally {
      lock.unlock();
    }
    connect();
  }

  void closed(FeedStream ended, CloseFrame close, String text) {
    boolean again = close.status() == Status.UNAVAILABLE;
    if (!forget(ended)) {
      return;
    }
    if (again) {
      tryAgain(text);
      return;
    }
    LinkException why = (close.status() == Status.OK
            ? LinkException.failure(
                Status.ABORTED, io.liblink.status.Stage.WAIT, "the publisher ended it")
            : LinkException.failure(close.status(), close.stage(), text))
        .ran(start() > 0 ? Ran.YES : Ran.NO)
        .instance(label())
        .address(ended.link().remote())
        .withoutStackTrace()
        .build();
    end(Phase.REFUSED, String.valueOf(why.getMessage()));
    owner.failed(why);
    settled.completeExceptionally(why);
  }

  // ---- what the view says -------------------------------------------------------------------

  /** It is announced and selected. */
  void announced(Instance newer) {
    lock.lock();
    try {
      instance = newer;
      announced = true;
    } finally {
      lock.unlock();
    }
  }

  /** It is not announced any more: it is gone when its link is. */
  void vanished() {
    boolean gone;
    lock.lock();
    try {
      announced = false;
      gone = !over && stream == null && successor == null && !connecting;
    } finally {
      lock.unlock();
    }
    if (gone) {
      gone("it is not announced any more");
    }
  }

  /** It is announced, and not selected any more. */
  void deselected() {
    if (end(Phase.GONE, "it is not selected any more")) {
      owner.forget(this);
    }
  }

  private void gone(String reason) {
    if (end(Phase.GONE, reason)) {
      owner.forget(this);
      settled.complete(null);
    }
  }

  /** Goes on where another one of the same publisher ended. Before it is started. */
  void resume(Feed other) {
    lock.lock();
    try {
      start = other.start();
      resumeBehind = other.behind();
      LAST.setOpaque(this, (long) LAST.getOpaque(other));
      RECEIVED.setOpaque(this, other.received());
      MISSED.setOpaque(this, other.missed());
    } finally {
      lock.unlock();
    }
  }

  /** Ends it for good; false when it had. */
  private boolean end(Phase how, String why) {
    FeedStream one;
    FeedStream two;
    lock.lock();
    try {
      if (over) {
        return false;
      }
      over = true;
      phase = how;
      problem = why;
      one = stream;
      two = successor;
      if (one != null) {
        resumeBehind = Math.max(resumeBehind, one.lastTaken());
      }
      stream = null;
      successor = null;
      if (retry != null) {
        retry.cancel();
      }
    } finally {
      lock.unlock();
    }
    if (one != null) {
      one.cancel();
    }
    if (two != null) {
      two.cancel();
    }
    report();
    return true;
  }

  /** Nobody wants it any more. */
  void close() {
    end(Phase.GONE, "unsubscribed");
    settled.complete(null);
  }

  // ---- handing over, on the consumer's thread -----------------------------------------------

  void deliver(MessageFrame frame, Receiver receiver) {
    if (owner.isClosed()) {
      return;
    }
    long gap = GapHeaders.count(frame);
    LAST.setOpaque(this, frame.sequence());
    if (gap > 0) {
      MISSED.setOpaque(this, missed() + gap);
      owner.node().missed.add(gap);
      Gap told = new Gap(topic, id, node, frame.sequence(), gap, GapHeaders.reason(frame));
      owner.guarded(() -> receiver.gap(told));
      return;
    }
    RECEIVED.setOpaque(this, received() + 1);
    owner.node().received.increment();
    try {
      receiver.message(this, frame);
    } catch (Throwable e) {
      owner.handlerFailed(this, frame.sequence(), e);
    }
  }

  /** Has its state told, in order with its messages; once, however often it changed meanwhile. */
  private void report() {
    if (reporting.compareAndSet(false, true)) {
      owner.report(this);
    }
  }

  void reportTo(Receiver receiver) {
    reporting.set(false);
    PublisherState now = state();
    owner.guarded(() -> receiver.publisher(now));
  }
}
