package io.liblink;

import io.liblink.identity.ClusterKeyException;
import io.liblink.transport.Link;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * What a node does now and then: notices event loops that stand still, reads the keys again, closes
 * links whose key is no longer accepted or that grew old, forgets peers that are gone, looks again at
 * advertised addresses that do not lead here.
 */
final class Housekeeping {
  private static final System.Logger LOG = System.getLogger("io.liblink");
  private static final long PERIOD_NANOS = Duration.ofSeconds(2).toNanos();

  /** Links are made anew after a day, less up to a tenth so that they don't all go at once. */
  private static final long LINK_AGE_NANOS = Duration.ofHours(24).toNanos();

  private final NodeCore core;
  private final SelfDial selfDial;

  /** Links whose key is not accepted, and since when. */
  private final Map<Link, Long> refusedAt = new ConcurrentHashMap<>();

  /** One of its own: event loops and workers are what it looks after. */
  private final Thread thread;

  private volatile boolean stopped;

  Housekeeping(NodeCore core, SelfDial selfDial) {
    this.core = core;
    this.selfDial = selfDial;
    this.thread = new Thread(this::run, "liblink-" + core.options().name + "-housekeeping");
    this.thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  void stop() {
    stopped = true;
    LockSupport.unpark(thread);
  }

  private void run() {
    long due = core.nanos() + PERIOD_NANOS;
    while (!stopped) {
      long left = due - core.nanos();
      if (left > 0) {
        LockSupport.parkNanos(this, core.options().time.sleepNanos(left));
      } else {
        turn();
        due = core.nanos() + PERIOD_NANOS;
      }
    }
  }

  private void turn() {
    try {
      core.transport().watchLoops();
      refreshKeys();
      closeLinks();
      core.peers().sweep();
      selfDial.again(core.nanos());
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "housekeeping failed; it goes on", e);
    }
  }

  /**
   * No new streams at once, the end when the drain time is over: who was replaced by a new key in good
   * order has no call fail, and who was shut out has no more than that time.
   */
  private void refuse(Link link, long now) {
    String why = "its key " + link.identity().issuer() + " is no longer accepted";
    Long since = refusedAt.putIfAbsent(link, now);
    if (since == null) {
      link.drain(why);
    } else if (now - since > core.options().timeouts.drain().toNanos()) {
      link.close(why);
    }
  }

  private void refreshKeys() {
    try {
      if (core.trust().refresh()) {
        LOG.log(
            System.Logger.Level.INFO,
            "the cluster keys changed: now " + core.trust().fingerprints());
      }
    } catch (ClusterKeyException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "the changed cluster keys are not used, those known before stay: " + e.getMessage());
    }
  }

  private void closeLinks() {
    List<String> accepted = core.trust().fingerprints();
    long now = core.nanos();
    refusedAt.keySet().retainAll(core.peers().links());
    for (Link link : core.peers().links()) {
      long most = LINK_AGE_NANOS - spread(link);
      if (!accepted.contains(link.identity().issuer())) {
        refuse(link, now);
      } else if (link.dialed() && link.isOpen() && now - link.madeNanos() > most) {
        link.drain("a day old");
      }
    }
  }

  /** Up to a tenth of the age, always the same for the same link. */
  private static long spread(Link link) {
    return LINK_AGE_NANOS / 10 / 0x10000 * (System.identityHashCode(link) & 0xFFFF);
  }
}
