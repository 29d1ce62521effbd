package io.liblink.registry.etcd;

import io.liblink.registry.etcd.Entries.Entry;
import io.liblink.registry.Instance;
import io.liblink.registry.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * What is known of the keys of one service, and as of which revision. Used by the registry's thread
 * only.
 *
 * <p>Invariant: after {@link #replace}, the keys are those that etcd has at {@link #revision}, up to
 * {@link Rules#MOST_KEYS}; whatever an event says that is not newer is known already.
 */
final class Picture {
  private final Entries entries;
  private final String service;
  private Map<String, Entry> keys = new TreeMap<>();
  private boolean whole;
  private long revision;
  private long left;

  Picture(Entries entries, String service) {
    this.entries = entries;
    this.service = service;
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
  void replace(Map<String, Entry> all, long revision, long left) {
    this.keys = new TreeMap<>(all);
    this.revision = revision;
    this.left = left;
    this.whole = true;
  }

  /** One event of a watch. */
  void apply(JsonNode event) {
    JsonNode kv = event.path("kv");
    long at = Json.number(kv, "mod_revision");
    if (at <= revision) {
      return;
    }
    String key = Entries.keyOf(kv);
    if (Json.text(event, "type").equals("DELETE")) {
      keys.remove(key);
    } else if (keys.size() < Rules.MOST_KEYS || keys.containsKey(key)) {
      keys.put(key, entries.read(service, kv));
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
      Entry same = keys.get(Entries.keyOf(kv));
      long last = keys.values().stream().mapToLong(Entry::revision).max().orElse(0);
      long there = Json.number(kv, "mod_revision");
      if (left == 0 && (same == null || same.revision() != there || last != there)) {
        return false;
      }
    }
    reached(at);
    return true;
  }

  /** The instances of liblink among them: one for each node, in the order of their keys. */
  List<Instance> instances() {
    Map<Object, Instance> instances = new LinkedHashMap<>();
    for (Entry e : keys.values()) {
      if (e.instance() != null) {
        instances.put(e.instance().id(), e.instance());
      }
    }
    return new ArrayList<>(instances.values());
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
