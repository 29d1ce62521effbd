package io.liblink.registry.consul;

import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.registry.View.Skipped;
import io.liblink.registry.quarantine.Quarantine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One service in one datacenter: a blocking query that is asked again and again, and what is made of
 * its answers. The rules of the index are Consul's: begin without one, never send 0, begin again when
 * it goes back and after failures, and compare contents, because an answer need not mean a change.
 * Used by the registry's thread only.
 */
final class Query {
  /** An instance that was lost is kept this long: agents tell restarted servers within a minute. */
  static final Duration KEEP = Duration.ofMinutes(2);

  /** One that is gone without any trouble this long: an agent that was wiped is told within a beat. */
  static final Duration KEEP_GONE = Duration.ofSeconds(15);

  /** Consul answers a blocking query up to a sixteenth of its time late. */
  private static final int LATE_SHARE = 16;

  private static final Duration SLACK = Duration.ofSeconds(5);

  /** How long the agent may take for an answer that it has. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String service;
  private final Datacenter datacenter;
  private final Pace pace;
  private Quarantine quarantine = new Quarantine(KEEP, KEEP_GONE);
  private @Nullable CompletableFuture<Reply> underWay;
  private long asked;
  private long dueAt;

  private Cut cut;

  /** What the last answer was cut to. */
  private Cut shownCut;

  /** What to wait beyond; 0 to be answered at once. */
  private long index;

  /** The index of the last answer. */
  private long lastIndex;

  private boolean heard;
  private boolean filtered;
  private Health health = Health.NONE;
  private List<Instance> shown = List.of();
  private String problem = "";
  private long confirmedAt;

  Query(String service, Cut cut, Datacenter datacenter, Pace pace, long now) {
    this.service = service;
    this.datacenter = datacenter;
    this.cut = cut;
    this.shownCut = cut;
    this.pace = pace;
    this.dueAt = now;
    this.confirmedAt = now;
  }

  String service() {
    return service;
  }

  Datacenter datacenter() {
    return datacenter;
  }

  // ---- asking -------------------------------------------------------------------------------

  boolean isUnderWay() {
    return underWay != null;
  }

  /** When the next question may be asked, if none is under way. */
  long dueAt() {
    return dueAt;
  }

  /** The next question; it blocks for so long when there is an index to wait beyond. */
  String path(Duration wait) {
    StringBuilder path = new StringBuilder("/v1/health/service/")
        .append(service)
        .append("?filter=")
        .append(cut.parameter())
        .append(datacenter.parameter('&'));
    if (index > 0) {
      path.append("&index=")
          .append(index)
          .append("&wait=")
          .append(wait.toMillis())
          .append("ms");
    }
    return path.toString();
  }

  /** How long the answer may take. */
  Duration timeout(Duration wait) {
    return index > 0 ? wait.plus(wait.dividedBy(LATE_SHARE)).plus(SLACK) : PATIENCE;
  }

  /** A question goes out; its number tells its answer from that to one given up. */
  long asked(CompletableFuture<Reply> question) {
    underWay = question;
    return ++asked;
  }

  boolean expects(long question) {
    return underWay != null && question == asked;
  }

  /** Asks anew soon: the connection that is waited on may be dead. */
  void again(long now) {
    cancel();
    index = 0;
    dueAt = now + pace.spread(Pace.RETRY_NANOS);
  }

  /** Asks for other instances from now on. What is known stands until there is an answer. */
  void cut(Cut other, long now) {
    if (!other.equals(cut)) {
      cut = other;
      again(now);
    }
  }

  void cancel() {
    if (underWay != null) {
      underWay.cancel(true);
      underWay = null;
    }
  }

  // ---- answers ------------------------------------------------------------------------------

  /** An answer came and could be read. */
  void answered(Reply reply, Health found, long digestNanos, long now) {
    underWay = null;
    index = reply.index();
    if (index < lastIndex) {
      // The servers lost their state or got that of a backup: what is missing now may be lost too.
      datacenter.trouble(now);
      index = 0;
    }
    lastIndex = reply.index();
    health = found;
    if (!shownCut.equals(cut)) {
      shownCut = cut;
      quarantine = new Quarantine(KEEP, KEEP_GONE); // who is left out has not vanished
    }
    filtered = reply.filtered();
    heard = true;
    problem = "";
    confirmedAt = now;
    dueAt = now + pace.afterAnswer(now, digestNanos);
    judge(now);
  }

  /**
   * No answer, or not one that can be used. What is known stands.
   *
   * @param trouble whether that casts doubt on the datacenter, and not just on the question
   */
  void failed(String why, boolean trouble, long now) {
    underWay = null;
    heard = true;
    problem = why;
    index = 0; // servers that were wiped would let the old one wait for ever
    dueAt = now + pace.afterFailure();
    if (trouble) {
      datacenter.trouble(now);
    }
  }

  /** The datacenter was well a moment ago, so what is known is still so. */
  void confirm(long now) {
    if (heard && problem.isEmpty()) {
      confirmedAt = now;
    }
  }

  /** Decides again who is shown, because there is news or a time is over. */
  void judge(long now) {
    if (heard) {
      shown = quarantine.judge(health.instances(), health.silent(), datacenter.isInDoubt(now), now);
    }
  }

  /** Somebody found out that an instance can't be reached: it is kept no longer. */
  boolean refused(NodeId id, long now) {
    if (quarantine.kept().stream().noneMatch(i -> i.id().equals(id))) {
      return false;
    }
    quarantine.forget(id);
    judge(now);
    return true;
  }

  long untilJudgement(long now) {
    return quarantine.untilChange(now);
  }

  // ---- what is known ------------------------------------------------------------------------

  /** Whether there was an answer, or a failure, at least once. */
  boolean isHeard() {
    return heard;
  }

  List<Instance> shown() {
    return shown;
  }

  /** The selectors by which Consul has left out instances; empty when it has not. */
  List<String> onlyFor() {
    return shownCut.onlyFor();
  }

  List<Skipped> skipped() {
    if (!filtered) {
      return health.skipped();
    }
    List<Skipped> all = new ArrayList<>();
    all.add(new Skipped(
        "what the token may not see",
        "Consul left it out: the token needs service:read on '" + service
            + "' and node:read on its nodes"));
    all.addAll(health.skipped());
    return all;
  }

  boolean isFiltered() {
    return filtered;
  }

  /** Why this grows old; empty while it does not. */
  String problem() {
    String why = problem.isEmpty() ? datacenter.problem() : problem;
    return why.isEmpty() || datacenter.name().isEmpty()
        ? why
        : "datacenter " + datacenter.name() + ": " + why;
  }

  /** Why instances are shown that Consul does not have; empty when none are. */
  String kept() {
    return quarantine.problem();
  }

  long confirmedAt() {
    return confirmedAt;
  }
}
