package io.liblink.registry.etcd;

import io.liblink.message.Address;
import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.registry.View;
import io.liblink.registry.etcd.Entries.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What is known of the keys of one service, and as of which revision. Used by the registry's thread
 * only.
 *
 * <p>Who leaves in good order says first that it is not ready. A key that goes without that word is
 * gone with its lease: its node crashed, or etcd let the lease run out while it hung, which looks the
 * same. So the instance is shown for {@code grace} more, in which a node that lives is back.
 *
 * <p>Invariant: after {@link #replace}, the keys are those that etcd has at {@link #revision}, up to
 * {@link Rules#MOST_KEYS}; whatever an event says that is not newer is known already.
 */
final class Picture {
  private record Vanished(Instance instance, long untilNanos) {}

  private final Entries entries;
  private final String service;
  private final long graceNanos;
  private final Map<NodeId, Vanished> vanished = new LinkedHashMap<>();
  private Map<String, Entry> keys = new TreeMap<>();
  private boolean whole;
  private long revision;
  private long left;

  Picture(Entries entries, String service, Duration grace) {
    this.entries = entries;
    this.service = service;
    this.graceNanos = grace.toNanos();
  }

  /** Whether it is one that can be gone on from. */
  boolean isWhole() {
    return whole;
  }

  long revision() {
    return revision;
  }

  /** It is no longer known whether it is whole: it has to be replaced. What it shows, stands. */
  void distrust() {
    whole = false;
  }

  /**
   * All of it anew.
   *
   * @param left how many keys there are beyond the bound
   */
  void replace(Map<String, Entry> all, long revision, long left, long now) {
    keys.values().forEach(e -> {
      if (!all.containsKey(e.key())) {
        vanish(e, now);
      }
    });
    all.values().forEach(this::back);
    this.keys = new TreeMap<>(all);
    this.revision = revision;
    this.left = left;
    this.whole = true;
  }

  private void vanish(@Nullable Entry e, long now) {
    if (e != null && e.instance() != null && e.instance().ready()) {
      vanished.put(e.instance().id(), new Vanished(e.instance(), now + graceNanos));
    }
  }

  private void back(Entry e) {
    if (e.instance() != null) {
      vanished.remove(e.instance().id());
    }
  }

  /** One event of a watch. */
  void apply(JsonNode event, long now) {
    JsonNode kv = event.path("kv");
    long at = Json.number(kv, "mod_revision");
    if (at <= revision) {
      return;
    }
    String key = Json.key(kv);
    if (Json.text(event, "type").equals("DELETE")) {
      vanish(keys.remove(key), now);
    } else if (keys.size() < Rules.MOST_KEYS || keys.containsKey(key)) {
      Entry entry = entries.read(service, kv);
      keys.put(key, entry);
      back(entry);
    } else {
      left++;
    }
  }

  /** All events up to that revision were applied. */
  void reached(long newer) {
    revision = Math.max(revision, newer);
  }

  /**
   * Whether etcd has what is here: as many keys, and the same one written last. Then nothing came
   * between, and the revision is that of the answer.
   *
   * @param newest the answer to {@link Requests#newest}
   */
  boolean isConfirmedBy(JsonNode newest) {
    long at = Json.number(newest.path("header"), "revision");
    if (at < revision || Json.number(newest, "count") != keys.size() + left) {
      return false;
    }
    if (!keys.isEmpty()) {
      JsonNode kv = newest.path("kvs").path(0);
      Entry same = keys.get(Json.key(kv));
      long last = keys.values().stream().mapToLong(Entry::revision).max().orElse(0);
      long there = Json.number(kv, "mod_revision");
      if (left == 0 && (same == null || same.revision() != there || last != there)) {
        return false;
      }
    }
    reached(at);
    return true;
  }

  /** The instances of liblink among them, in the order of their keys, then those in grace. */
  List<Instance> instances(long now) {
    List<Instance> instances = new ArrayList<>();
    Set<Address> taken = new HashSet<>();
    for (Entry e : keys.values()) {
      if (e.instance() != null) {
        instances.add(e.instance());
        taken.add(e.instance().addresses().get(0));
      }
    }
    // A new run at the same address takes the place of the old.
    vanished
        .values()
        .removeIf(v ->
            now - v.untilNanos >= 0 || taken.contains(v.instance.addresses().get(0)));
    vanished.values().forEach(v -> instances.add(v.instance));
    return instances;
  }

  /** Nanoseconds until a grace is over; {@link Long#MAX_VALUE} when there is none. */
  long untilChange(long now) {
    return vanished.values().stream()
        .mapToLong(v -> Math.max(0, v.untilNanos - now))
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** No grace for that one; whether it had any. */
  boolean forget(NodeId id) {
    return vanished.remove(id) != null;
  }

  /** What is there and is no instance, as far as a view shows it. */
  List<View.Skipped> skipped() {
    List<View.Skipped> skipped = new ArrayList<>();
    for (Entry e : keys.values()) {
      if (e.skipped() != null && skipped.size() < View.MOST_SKIPPED) {
        skipped.add(e.skipped());
      }
    }
    return skipped;
  }

  /** How many keys are no instances, shown or not. */
  long strangers() {
    return keys.values().stream().filter(e -> e.skipped() != null).count();
  }

  int size() {
    return keys.size();
  }

  /** Why this is not all; empty when it is. */
  String bound() {
    return left == 0
        ? ""
        : "there are "
            + left
            + " keys of '"
            + service
            + "' beyond the "
            + Rules.MOST_KEYS
            + " that are read";
  }
}
