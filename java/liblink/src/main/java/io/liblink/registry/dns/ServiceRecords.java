package io.liblink.registry.dns;

import io.liblink.message.Address;
import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.registry.View;
import io.liblink.registry.dns.Answer.Absent;
import io.liblink.registry.dns.Answer.Failed;
import io.liblink.registry.dns.Answer.Found;
import io.liblink.registry.dns.Answer.Place;
import io.liblink.registry.peers.Peer;
import io.liblink.registry.peers.Peers;
import io.liblink.registry.quarantine.Quarantine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What DNS says of one service, when to ask it again, and what views make of it. Used by the
 * registry's thread only.
 */
final class ServiceRecords {
  /** Evidence brings the next lookup forward to so much after the last. */
  static final long SOONEST_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A service that is only announced here is looked up this rarely, to see whether DNS has it. */
  static final long OWN_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** Instances whose records vanished are kept so long. */
  static final Duration KEEP = Duration.ofSeconds(60);

  /** DNS that failed is in doubt for so long after it is back. */
  private static final long DOUBT_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final String service;
  private final Quarantine quarantine = new Quarantine(KEEP);
  private Answer answer = new Failed("");
  private List<Place> places = List.of();
  private List<View.Skipped> skipped = List.of();
  private List<Instance> shown = List.of();
  private boolean looking;
  private boolean heard;
  private boolean fresh;
  private long lookedAt;
  private long dueNanos;
  private long confirmedNanos;
  private int failures;
  private boolean everFailed;
  private long failedAt;

  ServiceRecords(String service, long now) {
    this.service = service;
    this.dueNanos = now;
    this.lookedAt = now - SOONEST_NANOS;
    this.confirmedNanos = now;
  }

  // ---- when ---------------------------------------------------------------------------------

  boolean isDue(long now) {
    return !looking && now - dueNanos >= 0;
  }

  /** Until the next lookup, or until somebody is no longer kept. */
  long untilNext(long now) {
    long kept = quarantine.untilChange(now);
    return looking ? kept : Math.min(kept, dueNanos - now);
  }

  /** A lookup begins; whether it is to trust nothing that was known before. */
  boolean look(long now) {
    looking = true;
    lookedAt = now;
    boolean all = fresh;
    fresh = false;
    return all;
  }

  /** Somebody could not reach what the records lead to. Limited in rate. */
  void suspect(long now) {
    long soonest = lookedAt + SOONEST_NANOS - now > 0 ? lookedAt + SOONEST_NANOS : now;
    fresh = true;
    if (!looking && soonest - dueNanos < 0) {
      dueNanos = soonest;
    }
  }

  /** Somebody wants to know now what is only looked up now and then. */
  void hurry(long now) {
    suspect(now);
  }

  /**
   * The lookup is over.
   *
   * @param intervalNanos until the next
   */
  void heard(Answer news, long now, long intervalNanos) {
    looking = false;
    heard = true;
    answer = news;
    dueNanos = now + intervalNanos;
    if (news instanceof Failed) {
      // Sooner than usual at first: it may be one lost packet.
      dueNanos = now + Math.min(intervalNanos, SOONEST_NANOS << Math.min(failures, 10));
      failures++;
      everFailed = true;
      failedAt = now;
      return;
    }
    failures = 0;
    confirmedNanos = now;
    places = news instanceof Found found ? found.places() : List.of();
    skipped = news instanceof Found found
        ? found.skipped()
        : news instanceof Absent a ? List.of(new View.Skipped(a.name(), a.reason())) : List.of();
  }

  // ---- what ---------------------------------------------------------------------------------

  boolean isHeard() {
    return heard;
  }

  boolean isFound() {
    return !places.isEmpty();
  }

  /** Whoever is to be asked: where records lead, and those whose records vanished. */
  Set<Address> addresses() {
    Set<Address> all = new LinkedHashSet<>();
    places.forEach(p -> all.addAll(p.addresses()));
    quarantine.kept().forEach(i -> all.add(i.addresses().get(0)));
    return all;
  }

  /** Why nothing new is known; empty when DNS answers. */
  String problem() {
    return answer instanceof Failed f ? f.problem() : "";
  }

  /** Why DNS has no such service; empty when it has, or when that is not known. */
  String absence() {
    return answer instanceof Absent a ? a.name() + ": " + a.reason() : "";
  }

  /** What a view shows now; null as long as it is worth waiting for somebody to answer. */
  @Nullable
  View view(Peers peers, long now) {
    if (!heard) {
      return null;
    }
    Choice choice = new Choice(service, places, peers, now);
    List<Instance> found = choice.instances();
    if (found.isEmpty() && choice.isWaiting()) {
      return null;
    }
    if (answer instanceof Absent a && a.decided()) {
      shown.forEach(i -> quarantine.forget(i.id()));
    } else {
      forgetTheGone(peers, found);
    }
    // That a name which had records has none is more likely a slip than the end of the service.
    boolean doubt = answer instanceof Absent || (everFailed && now - failedAt < DOUBT_NANOS);
    shown = quarantine.judge(found, Set.of(), doubt, now);
    List<View.Skipped> all = new ArrayList<>(skipped);
    all.addAll(choice.skipped());
    return new View(shown, answer instanceof Failed ? confirmedNanos : now, words(), all);
  }

  /**
   * Who was shown and is not found any more is gone if it says so itself, by answering something else;
   * and if its record vanished and it refuses.
   */
  private void forgetTheGone(Peers peers, List<Instance> found) {
    Set<NodeId> there = new HashSet<>();
    found.forEach(i -> there.add(i.id()));
    Set<Address> listed = new HashSet<>();
    places.forEach(p -> listed.addAll(p.addresses()));
    for (Instance before : shown) {
      Address address = before.addresses().get(0);
      Peer peer = peers.at(address);
      if (!there.contains(before.id()) && peer != null && peer.isHeard()) {
        boolean answers = peer.problem().isEmpty();
        boolean serves = peer.instances().stream()
            .anyMatch(i -> i.id().equals(before.id()) && i.service().equals(service));
        if (answers ? !serves : !listed.contains(address)) {
          quarantine.forget(before.id());
        }
      }
    }
  }

  private String words() {
    List<String> words = new ArrayList<>();
    for (String s : new String[] {problem(), quarantine.problem()}) {
      if (!s.isEmpty()) {
        words.add(s);
      }
    }
    if (!words.isEmpty() && !absence().isEmpty()) {
      words.add(0, absence());
    }
    return String.join("; ", words);
  }
}
