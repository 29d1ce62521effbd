package io.liblink.proof.schedule;

import io.liblink.Subscription;
import io.liblink.delivery.PublisherState;
import io.liblink.delivery.WhenFull;
import io.liblink.message.NodeId;
import io.liblink.proof.pubsub.Follower;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * One subscription of a schedule.
 *
 * @param node where it is
 * @param starts the highest number with which it may begin, by publisher; 1 for any that came later
 */
record Subscribed(
    String node,
    WhenFull whenFull,
    Subscription subscription,
    Follower follower,
    Gate gate,
    Map<NodeId, Long> starts) {
  /** What a handler passes, and stops at while it is shut. */
  static final class Gate {
    private volatile CountDownLatch shut = new CountDownLatch(0);

    void pass() throws InterruptedException {
      shut.await();
    }

    /** Shuts it when it is open, opens it when it is shut. */
    void turn() {
      if (shut.getCount() > 0) {
        open();
      } else {
        shut = new CountDownLatch(1);
      }
    }

    void open() {
      shut.countDown();
    }
  }

  /** Whether it has come to that number at that publisher, or was refused there for being slow. */
  boolean isAt(NodeId publisher, long published) {
    return follower.of(publisher).last() >= published || isRefused(publisher);
  }

  boolean isRefused(NodeId publisher) {
    return subscription.publishers().stream()
        .anyMatch(p -> p.id().equals(publisher) && p.phase() == PublisherState.Phase.REFUSED);
  }

  /** What is not as promised, or nothing. */
  String wrong(NodeId publisher, long published) {
    Follower.Account a = follower.of(publisher);
    if (!follower.wrong().isEmpty()) {
      return follower.wrong().toString();
    }
    if (a.last() == 0 || isRefused(publisher)) {
      return "";
    }
    if (whenFull == WhenFull.LATEST_PER_KEY) {
      return ""; // what is superseded is left out untold, the first ones, too
    }
    long most = starts.getOrDefault(publisher, 1L);
    if (a.start() > most) {
      return "it begins with " + a.start() + " instead of at most " + most;
    }
    return a.total() == a.last() - a.start() + 1
        ? ""
        : a + " of " + published + " published does not add up";
  }
}
