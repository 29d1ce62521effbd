package io.liblink.registry.local;

import io.liblink.time.TimeSource;
import java.util.concurrent.TimeUnit;

/**
 * Logs what is wrong with a registry when it changes, and when it is over, at most every ten
 * seconds. Used by the registry's thread only.
 */
final class ProblemLog {
  private static final System.Logger LOG = System.getLogger("io.liblink.registry");
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final String uri;
  private final TimeSource clock;
  private String logged = "";
  private long quietUntil;

  ProblemLog(String uri, TimeSource clock) {
    this.uri = uri;
    this.clock = clock;
    this.quietUntil = clock.nanos();
  }

  void now(String problem) {
    if (problem.equals(logged) || clock.nanos() - quietUntil < 0) {
      return;
    }
    logged = problem;
    quietUntil = clock.nanos() + QUIET_NANOS;
    if (problem.isEmpty()) {
      LOG.log(System.Logger.Level.INFO, "registry " + uri + " is well again");
    } else {
      LOG.log(System.Logger.Level.WARNING, "registry " + uri + ": " + problem);
    }
  }
}
