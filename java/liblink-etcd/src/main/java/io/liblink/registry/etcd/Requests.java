package io.liblink.registry.etcd;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The bodies of requests, in the names of etcd's API. */
final class Requests {
  private Requests() {}

  /**
   * All keys that begin so, a page of them.
   *
   * @param from the first key of the page
   * @param revision as of which; 0 for now
   */
  static Map<String, Object> page(String prefix, String from, long revision, int limit) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("key", Json.base64(from));
    body.put("range_end", Json.base64(Keys.endOf(prefix)));
    body.put("limit", limit);
    body.put("revision", Long.toString(revision));
    return body;
  }

  /** The same without values. */
  static Map<String, Object> names(String prefix, String from, long revision, int limit) {
    Map<String, Object> body = page(prefix, from, revision, limit);
    body.put("keys_only", true);
    return body;
  }

  /** How many keys begin so, and which of them was written last. */
  static Map<String, Object> newest(String prefix) {
    Map<String, Object> body = names(prefix, prefix, 0, 1);
    body.put("sort_order", "DESCEND");
    body.put("sort_target", "MOD");
    return body;
  }

  /** Everything that happens to keys that begin so, from a revision on. */
  static Map<String, Object> watch(String prefix, long fromRevision) {
    Map<String, Object> create = new LinkedHashMap<>();
    create.put("key", Json.base64(prefix));
    create.put("range_end", Json.base64(Keys.endOf(prefix)));
    create.put("start_revision", Long.toString(fromRevision));
    create.put("progress_notify", true);
    return Map.of("create_request", create);
  }

  static Map<String, Object> grant(long seconds) {
    return Map.of("TTL", Long.toString(seconds));
  }

  static Map<String, Object> lease(long id) {
    return Map.of("ID", Long.toString(id));
  }

  static Map<String, Object> put(String key, byte[] value, long lease) {
    return Map.of(
        "key", Json.base64(key), "value", Json.base64(value), "lease", Long.toString(lease));
  }

  static Map<String, Object> delete(String key) {
    return Map.of("key", Json.base64(key));
  }

  /** Succeeds when each key was last written at its revision. */
  static Map<String, Object> unchanged(Map<String, Long> revisions) {
    List<Map<String, Object>> compare = revisions.entrySet().stream()
        .map(e -> Map.<String, Object>of(
            "key",
            Json.base64(e.getKey()),
            "target",
            "MOD",
            "result",
            "EQUAL",
            "mod_revision",
            Long.toString(e.getValue())))
        .toList();
    return Map.of("compare", compare);
  }
}
