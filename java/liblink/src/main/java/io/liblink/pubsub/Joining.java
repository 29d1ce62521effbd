package io.liblink.pubsub;

import io.liblink.cluster.Failures;
import io.liblink.cluster.FullJitterBackoff;
import io.liblink.cluster.Peer;
import io.liblink.delivery.PublisherState;
import io.liblink.delivery.PublisherState.Phase;
import io.liblink.delivery.Start;
import io.liblink.registry.Instance;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.time.Timers;
import io.liblink.transport.Link;
import io.liblink.wire.CloseFrame;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a {@link Feed} subscribed: opens a stream, and another when the link or the publisher ended
 * that, behind the last message, for as long as the publisher is announced. Thread-safe.
 */
final class Joining {
  /**
   * Added to the age of the subscription where a publisher is joined later: the way of the request.
   * Rather a message too many than one too few; and not many, since what is too old may be a gap.
   */
  private static final Duration FIRST_MARGIN = Duration.ofMillis(250);

  private final Feed feed;
  private final LiveSubscription owner;
  private final Subscriptions node;
  private final boolean late;
  private final CompletableFuture<Void> settled = new CompletableFuture<>();
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by lock.
  private Instance instance;
  private Phase phase = Phase.CONNECTING;
  private String problem = "";
  private FullJitterBackoff backoff = newBackoff();
  private boolean announced = true;
  private boolean over;
  private boolean connecting;

  /** Whether it could not be reached at some time: from then on nobody waits for it to confirm. */
  private boolean failed;

  private Duration margin = FIRST_MARGIN;
  private Timers.@Nullable Timer retry;

  /** The one that messages are taken from, or that is being opened when there is none. */
  private @Nullable FeedStream stream;

  /** The one that is being opened because the link of the other drains. */
  private @Nullable FeedStream successor;

  /** What was confirmed first; 0 before. */
  private long start;

  /** When the newest stream was made: what it asks for is of that moment. */
  private long askedNanos;

  /** Where another stream goes on, when there is none. */
  private long resumeBehind;

  Joining(Feed feed, Instance instance, boolean late) {
    this.feed = feed;
    this.owner = feed.owner();
    this.node = owner.node();
    this.instance = instance;
    this.late = late;
  }

  private static FullJitterBackoff newBackoff() {
    return new FullJitterBackoff(ThreadLocalRandom::current);
  }

  /** Done when it is confirmed or could not be reached; fails when it is refused. */
  CompletableFuture<Void> settled() {
    return settled;
  }

  long start() {
    lock.lock();
    try {
      return start;
    } finally {
      lock.unlock();
    }
  }

  PublisherState state() {
    lock.lock();
    try {
      return new PublisherState(
          feed.publisher(),
          feed.node(),
          feed.topic(),
          phase,
          start,
          feed.handed().last(),
          feed.handed().received(),
          feed.handed().missed(),
          phase == Phase.ACTIVE ? "" : problem);
    } finally {
      lock.unlock();
    }
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
    Peer peer = node.peers().of(feed.publisher());
    Link link = peer.link();
    if (link != null && !peer.wantsMore()) {
      linked(link);
      return;
    }
    peer.connect(to).whenComplete((opened, failure) -> {
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
      askedNanos = node.nanos();
      made = new FeedStream(feed, link, owner.request().from(from()));
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
    boolean same = !late && (!failed || wanted.isSequence());
    return same ? wanted : owner.sinceStart(margin);
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
      if (ended.lastTaken() > resumeBehind) {
        resumeBehind = ended.lastTaken();
        backoff = newBackoff(); // it was good for something
      }
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
      failed = true;
      gone = !announced && stream == null && successor == null;
      if (stream == null || !stream.isAcked()) {
        Phase now = start > 0 ? Phase.LOST : Phase.CONNECTING;
        changed = phase != now || !problem.equals(reason);
        phase = now;
        problem = reason;
      }
      if (!gone && retry == null && !connecting && successor == null) {
        long wait = backoff.failed(node.nanos());
        retry = node.schedule(Duration.ofNanos(wait), this::connect);
      }
    } finally {
      lock.unlock();
    }
    if (gone) {
      gone(reason);
      return;
    }
    if (changed) {
      feed.report();
    }
    settled.complete(null);
  }

  // ---- what streams say, on their event loops -----------------------------------------------

  void acked(FeedStream confirmed) {
    if (tookTooLong(confirmed)) {
      confirmed.cancel();
      notOpened(confirmed, "the publisher took longer to confirm than was allowed for");
      return;
    }
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
      backoff.connected(node.nanos());
    } finally {
      lock.unlock();
    }
    feed.report();
    if (before == null) {
      confirmed.begin(behind());
    } else {
      before.stopThen(last -> confirmed.link().execute(() -> confirmed.begin(last)));
    }
    if (resumed) {
      node.resumed.increment();
    }
    settled.complete(null);
    if (!confirmed.link().isOpen()) {
      draining(confirmed); // meanwhile, when nobody listened
    }
  }

  /**
   * Whether the publisher may have read the request so late that the age in it did not reach back to
   * the start of the subscription. Then the next one says more.
   */
  private boolean tookTooLong(FeedStream confirmed) {
    lock.lock();
    try {
      Duration took = Duration.ofNanos(node.nanos() - askedNanos);
      if (confirmed != stream
          || start > 0
          || !confirmed.from().isAge()
          || confirmed.from().equals(owner.request().from())
          || took.compareTo(margin) <= 0) {
        return false;
      }
      margin = took.multipliedBy(2);
      return true;
    } finally {
      lock.unlock();
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
    node.holes.increment();
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
            ? LinkException.failure(Status.ABORTED, Stage.WAIT, "the publisher ended it")
            : LinkException.failure(close.status(), close.stage(), text))
        .ran(start() > 0 ? Ran.YES : Ran.NO)
        .instance(feed.label())
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
      owner.forget(feed);
    }
  }

  private void gone(String reason) {
    if (end(Phase.GONE, reason)) {
      owner.forget(feed);
      settled.complete(null);
    }
  }

  /** Goes on where another one of the same publisher ended. Before it is started. */
  void resume(Joining other) {
    lock.lock();
    try {
      start = other.start();
      resumeBehind = other.behind();
      feed.handed().goOn(other.feed.handed());
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
    feed.report();
    return true;
  }

  /** Nobody wants it any more. */
  void close() {
    end(Phase.GONE, "unsubscribed");
    settled.complete(null);
  }
}
