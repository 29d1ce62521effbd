package io.liblink.registry.consul;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One datacenter as seen through the agent, and its pulse: every few seconds it is asked who leads
 * it. A blocking query that hangs looks like one in which nothing happens; the pulse tells. Used by
 * the registry's thread only.
 */
final class Datacenter {
  /** It is asked this often, or up to twice as often. */
  static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(4);

  /** An answer that takes longer is none. */
  static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(3);

  /** One that takes longer than this casts doubt on what comes next. */
  static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String name;
  private final Pace pace;
  private final Doubt doubt = new Doubt();
  private @Nullable CompletableFuture<Reply> underWay;
  private long askedAt;
  private long dueAt;
  private boolean failing;
  private String problem = "";

  Datacenter(String name, Pace pace, long now) {
    this.name = name;
    this.pace = pace;
    this.dueAt = now;
  }

  /** Empty for the agent's own. */
  String name() {
    return name;
  }

  /** The parameter that asks for it, with what comes before. */
  String parameter(char before) {
    return name.equals(Settings.OWN) ? "" : before + "dc=" + name;
  }

  String path() {
    return "/v1/status/leader" + parameter('?');
  }

  boolean isDue(long now) {
    return underWay == null && dueAt - now <= 0;
  }

  /** When it wants to be looked at again. */
  long untilDue(long now) {
    return underWay != null ? Math.max(1, askedAt + SLOW_NANOS - now) : Math.max(0, dueAt - now);
  }

  void asked(CompletableFuture<Reply> question, long now) {
    underWay = question;
    askedAt = now;
  }

  /**
   * It answered, or did not.
   *
   * @param failure why not, in words; empty when it did
   * @return whether it is well again, so that connections made before may be dead
   */
  boolean answered(@Nullable Reply reply, String failure, long now) {
    underWay = null;
    boolean was = failing;
    problem = failure;
    if (reply != null) {
      problem = !reply.isOk()
          ? reply.problem()
          : reply.words().length() <= 2 ? "its servers have no leader" : "";
    }
    failing = !problem.isEmpty();
    if (failing || now - askedAt >= SLOW_NANOS) {
      doubt.raise(now);
    }
    dueAt = now + (failing ? pace.afterFailure() : pace.spread(PERIOD_NANOS));
    return was && !failing;
  }

  /** Something else went wrong there. */
  void trouble(long now) {
    doubt.raise(now);
    if (underWay == null) {
      dueAt = Math.min(dueAt, now);
    }
  }

  /** Whether what vanishes there now may have been lost. */
  boolean isInDoubt(long now) {
    if (underWay != null && now - askedAt >= SLOW_NANOS) {
      doubt.raise(now);
    }
    return doubt.isRaised(now);
  }

  /** Why nothing can be known of it now; empty when it is well. */
  String problem() {
    return problem;
  }

  void close() {
    if (underWay != null) {
      underWay.cancel(true);
    }
  }
}
