package io.liblink.pipeline;

import io.liblink.cluster.Failures;
import io.liblink.cluster.FullJitterBackoff;
import io.liblink.cluster.Peer;
import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.time.Timers;
import io.liblink.transport.Link;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * One instance that a producer sends to: keeps a stream open to it, and opens another after a back-off
 * when that ends. Guarded by the producer's lock; never calls out under it.
 */
final class Destination {
  final ItemProducer producer;
  private final Lock lock;
  private final FullJitterBackoff backoff = new FullJitterBackoff(ThreadLocalRandom::current);
  private final NodeId id;
  private final String label;
  private volatile Instance instance;

  // Guarded by lock.
  private boolean wanted = true;
  private boolean connecting;
  private @Nullable PushStream stream;
  private Timers.@Nullable Timer retry;
  private @Nullable LinkException problem;
  private long acknowledged;
  private long rejected;

  Destination(ItemProducer producer, Lock lock, Instance instance) {
    this.producer = producer;
    this.lock = lock;
    this.instance = instance;
    this.id = instance.id();
    this.label = instance.label();
  }

  NodeId id() {
    return id;
  }

  @Override
  public String toString() {
    return label;
  }

  /** It was announced again, perhaps at another address. */
  void update(Instance newer) {
    instance = newer;
  }

  // ---- opening ------------------------------------------------------------------------------

  void connect() {
    lock.lock();
    try {
      if (!wanted || connecting || stream != null) {
        return;
      }
      connecting = true;
      retry = null;
    } finally {
      lock.unlock();
    }
    Peer peer = producer.owner().peers.of(id);
    Link link = peer.link();
    if (link != null && link.isOpen()) {
      connected(link);
      return;
    }
    peer.connect(instance).whenComplete((made, failure) -> {
      if (failure == null) {
        connected(made);
      } else {
        later(null, Failures.unwrap(failure), producer.now());
      }
    });
  }

  private void connected(Link link) {
    PushStream made;
    lock.lock();
    try {
      connecting = false;
      if (!wanted) {
        return;
      }
      made = new PushStream(this, link);
      stream = made;
      producer.join(made.lane);
    } finally {
      lock.unlock();
    }
    made.wake();
  }

  /** The stream was not opened. */
  void notOpened(PushStream failed, String why, long now) {
    LinkException cause = LinkException.failure(Status.UNAVAILABLE, Stage.CONNECT, why)
        .instance(label)
        .withoutStackTrace()
        .build();
    producer.ended(failed.lane, false, cause, now);
    later(failed, cause, now);
  }

  /** The stream ended by itself. */
  void ended(PushStream over, LinkException why, long now) {
    later(over, why, now);
  }

  private void later(@Nullable PushStream over, LinkException why, long now) {
    boolean news;
    long delay;
    lock.lock();
    try {
      if (over != null && over != stream) {
        return; // another took its place before
      }
      count();
      stream = null;
      connecting = false;
      if (!wanted) {
        return;
      }
      LinkException before = problem;
      news = before == null || before.status() != why.status();
      problem = why;
      delay = backoff.failed(now);
      retry = producer.owner().timer(delay, this::connect);
    } finally {
      lock.unlock();
    }
    if (news && why.status() != Status.UNAVAILABLE) {
      Producers.log().log(
          System.Logger.Level.WARNING,
          "items of " + producer.queue() + " can't be pushed to " + label
              + ", which is tried again and again: " + why.getMessage());
    }
  }

  /** The worker gave credit: all is well. Under the lock. */
  void flows(long now) {
    if (problem != null || acknowledged == 0) {
      backoff.connected(now);
    }
    problem = null;
  }

  // ---- ending -------------------------------------------------------------------------------

  /** The link closes with its last stream: this one ends when it can, another takes its place. */
  void moveOn(PushStream draining) {
    lock.lock();
    try {
      if (draining != stream) {
        return;
      }
      count();
      draining.lane.retire();
      stream = null;
    } finally {
      lock.unlock();
    }
    connect();
  }

  /** No more items for it. Any thread. */
  void retire() {
    PushStream last;
    Timers.Timer timer;
    lock.lock();
    try {
      wanted = false;
      count();
      timer = retry;
      last = stream;
      stream = null;
      if (last != null) {
        last.lane.retire();
      }
    } finally {
      lock.unlock();
    }
    if (timer != null) {
      timer.cancel();
    }
    if (last != null) {
      last.lane.wake.run();
    }
  }

  // ---- what is known, under the lock --------------------------------------------------------

  private void count() {
    PushStream s = stream;
    if (s != null) {
      acknowledged += s.lane.acknowledged;
      rejected += s.lane.rejected;
    }
  }

  /** As users see it. */
  DestinationState state() {
    PushStream s = stream;
    return new DestinationState(
        id,
        instance.node(),
        s == null ? instance.addresses().get(0).toString() : s.link.remote(),
        s == null ? 0 : s.lane.unsettled,
        s == null ? 0 : s.lane.credit,
        acknowledged + (s == null ? 0 : s.lane.acknowledged),
        rejected + (s == null ? 0 : s.lane.rejected));
  }

  /** Whether it takes items now, and why not, in words. */
  String text() {
    PushStream s = stream;
    LinkException p = problem;
    if (s != null && s.lane.open) {
      Lane lane = s.lane;
      if (lane.busy) {
        return "takes nothing from its link for the moment";
      }
      return (lane.credit > 0 ? "takes items" : "has given no credit for more") + ", "
          + lane.unsettled + " are unsettled there";
    }
    if (p != null) {
      return "has no stream: " + p.problem() + " (" + p.status() + ")";
    }
    return connecting || s != null ? "is being connected" : "is not connected";
  }
}
