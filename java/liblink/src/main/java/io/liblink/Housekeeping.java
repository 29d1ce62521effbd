package io.liblink;

import io.liblink.identity.ClusterKeyException;
import io.liblink.time.Timers;
import io.liblink.transport.Link;
import java.time.Duration;
import java.util.List;
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
    for (Link link : core.peers().links()) {
      long most =
          LINK_AGE_NANOS - Math.floorMod(System.identityHashCode(link), LINK_AGE_NANOS / 10);
      if (!accepted.contains(link.identity().issuer())) {
        link.close("its key " + link.identity().issuer() + " is no longer accepted");
      } else if (link.dialed() && link.isOpen() && now - link.madeNanos() > most) {
        link.drain("a day old");
      }
    }
  }
}
