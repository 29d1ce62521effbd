package io.liblink;

import io.liblink.identity.ClusterKeyException;
import io.liblink.time.Timers;
import io.liblink.transport.Link;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What a node does now and then: reads the keys again, closes links whose key is no longer accepted or
 * that grew old, forgets peers that are gone.
 */
final class Housekeeping {
  private static final System.Logger LOG = System.getLogger("io.liblink");
  private static final Duration PERIOD = Duration.ofSeconds(2);

  /** Links are made anew after a day, less up to a tenth so that they don't all go at once. */
  private static final long LINK_AGE_NANOS = Duration.ofHours(24).toNanos();

  private final NodeCore core;
  private final Timers timers;

  /** Links whose key is not accepted, and since when. One turn at a time touches it. */
  private final Map<Link, Long> refusedAt = new ConcurrentHashMap<>();

  private volatile boolean stopped;
  private volatile Timers.@Nullable Timer next;

  Housekeeping(NodeCore core) {
    this.core = core;
    this.timers = core.transport().timers();
  }

  void start() {
    next = timers.schedule(PERIOD, this::handOver);
  }

  void stop() {
    stopped = true;
    Timers.Timer t = next;
    if (t != null) {
      t.cancel();
    }
  }

  /** Files are read, so not on the event loop. */
  private void handOver() {
    if (!stopped) {
      try {
        core.workers().execute(this::turn);
      } catch (RejectedExecutionException e) {
        stopped = true; // the node is closing
      }
    }
  }

  private void turn() {
    try {
      refreshKeys();
      closeLinks();
      core.peers().sweep();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "housekeeping failed; it goes on", e);
    }
    if (!stopped) {
      start();
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
      long most =
          LINK_AGE_NANOS - Math.floorMod(System.identityHashCode(link), LINK_AGE_NANOS / 10);
      if (!accepted.contains(link.identity().issuer())) {
        refuse(link, now);
      } else if (link.dialed() && link.isOpen() && now - link.madeNanos() > most) {
        link.drain("a day old");
      }
    }
  }
}
