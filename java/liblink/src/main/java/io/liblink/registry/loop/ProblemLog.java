package io.liblink.registry.loop;

import io.liblink.time.TimeSource;
import java.util.concurrent.TimeUnit;

/**
 * Logs what is wrong with a registry when it changes, and when it is over, at most every ten
 * seconds. Used by the registry's thread only.
 */
public final class ProblemLog {
  private static final System.Logger LOG = System.getLogger("io.liblink.registry");
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final String uri;
  private final TimeSource clock;
  private String logged = "";
  private long quietUntil;

  /**
   * For one registry.
   *
   * @param clock what the ten seconds are measured with
   */
  public ProblemLog(String uri, TimeSource clock) {
    this.uri = uri;
    this.clock = clock;
    this.quietUntil = clock.nanos();
  }

  /** What is wrong now; empty when nothing is. */
  public void now(String problem) {
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
