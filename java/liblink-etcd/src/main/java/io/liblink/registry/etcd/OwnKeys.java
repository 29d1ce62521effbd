package io.liblink.registry.etcd;

import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.registry.etcd.EtcdException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The keys of this node in etcd, and what is known of them. Used by the lease's thread only.
 *
 * <p>A write that got no answer may be done, or be done later, when whoever holds it wakes up. So
 * each write is bound to the revision at which the key was last written: what was stuck fails once
 * anything else was written since. A removal has no such successor, so keys that were removed are
 * looked after for the rest of the lease.
 */
final class OwnKeys {
  private static final int TRIES = 4;
  private static final int MOST_REMOVED = 100;

  /**
   * What etcd has.
   *
   * @param instance as it was written
   * @param revision at which
   * @param atNanos when
   * @param sure false when there was no answer: what is there is this, or what was there before
   */
  record Written(Instance instance, long revision, long atNanos, boolean sure) {
    boolean has(Instance other) {
      return sure && instance.equals(other);
    }
  }

  private final Shared shared;
  private final Blocking etcd;
  private final NodeId id;
  private final Map<String, Written> written = new LinkedHashMap<>();
  private final Set<String> removed = new LinkedHashSet<>();

  OwnKeys(Shared shared, Blocking etcd, NodeId id) {
    this.shared = shared;
    this.etcd = etcd;
    this.id = id;
  }

  /** What is known to be there for a service; null when nothing is. */
  @Nullable
  Written of(String service) {
    return written.get(service);
  }

  /** The keys went with their lease. */
  void gone() {
    written.clear();
    removed.clear();
  }

  /** Writes the key of a service. */
  void put(Instance instance, byte[] value, long lease) throws EtcdException {
    String service = instance.service();
    long known = revision(service);
    long now = shared.clock().nanos();
    written.put(service, new Written(instance, known, now, false));
    String key = shared.keys().instance(service, id);
    long revision = change(key, known, Requests.putInTransaction(key, value, lease));
    written.put(service, new Written(instance, revision, now, true));
    removed.remove(service);
  }

  /** Removes the key of a service. Others learn first that it leaves in good order. */
  void remove(String service, long lease) throws EtcdException {
    Written before = written.get(service);
    if (before != null && (before.instance.ready() || !before.sure)) {
      Instance unready = before.instance.withReady(false);
      put(unready, shared.entries().write(unready), lease);
    }
    delete(service);
    written.remove(service);
    if (removed.size() < MOST_REMOVED) {
      removed.add(service);
    }
  }

  private void delete(String service) throws EtcdException {
    String key = shared.keys().instance(service, id);
    change(key, revision(service), Requests.deleteInTransaction(key));
  }

  private long revision(String service) {
    Written w = written.get(service);
    return w == null ? 0 : w.revision;
  }

  /** Returns the revision of the change. */
  private long change(String key, long known, Map<String, Object> change) throws EtcdException {
    long expected = known;
    for (int i = 0; i < TRIES; i++) {
      JsonNode answer = etcd.ask("kv/txn", Requests.change(key, expected, change), Rules.PATIENCE);
      if (Json.isTrue(answer, "succeeded")) {
        return Json.number(answer.path("header"), "revision");
      }
      JsonNode there =
          answer.path("responses").path(0).path("response_range").path("kvs").path(0);
      expected = Json.number(there, "mod_revision");
    }
    throw new EtcdException(
        Kind.MEMBER, "somebody else keeps writing the key " + key + " of this node in etcd");
  }

  /**
   * Whether all is as it was left: a slip of an operator, or a write that was stuck, would stay
   * otherwise. What is there and was removed is removed again.
   *
   * @return false when the keys are to be written again
   */
  boolean verify() throws EtcdException {
    for (String service : List.copyOf(removed)) {
      if (!asExpected(Map.of(shared.keys().instance(service, id), 0L))) {
        delete(service);
      }
    }
    List<Map.Entry<String, Written>> all =
        written.entrySet().stream().filter(e -> e.getValue().sure).toList();
    for (int from = 0; from < all.size(); from += Rules.MOST_COMPARISONS) {
      Map<String, Long> revisions = new LinkedHashMap<>();
      for (Map.Entry<String, Written> e :
          all.subList(from, Math.min(all.size(), from + Rules.MOST_COMPARISONS))) {
        revisions.put(shared.keys().instance(e.getKey(), id), e.getValue().revision);
      }
      if (!asExpected(revisions)) {
        written.clear();
        return false;
      }
    }
    return true;
  }

  private boolean asExpected(Map<String, Long> revisions) throws EtcdException {
    return Json.isTrue(
        etcd.ask("kv/txn", Requests.unchanged(revisions), Rules.PATIENCE), "succeeded");
  }

  /** Says that all leave in good order, before the lease takes the keys away. */
  void goodbye(long lease, Duration patience) throws EtcdException {
    List<Map<String, Object>> puts = new ArrayList<>();
    for (Written w : written.values()) {
      if (w.instance.ready() && puts.size() < Rules.MOST_COMPARISONS) {
        puts.add(Requests.putInTransaction(
            shared.keys().instance(w.instance.service(), id),
            shared.entries().write(w.instance.withReady(false)),
            lease));
      }
    }
    if (!puts.isEmpty()) {
      etcd.ask("kv/txn", Map.of("success", puts), patience);
    }
  }
}
