package io.liblink.registry.etcd;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The bodies of requests, in the names of etcd's API. */
final class Requests {
  private Requests() {}

  /** Where the next page begins, after one from there; null when there is none. */
  static @Nullable String next(JsonNode page, String from) throws EtcdException {
    JsonNode kvs = page.path("kvs");
    if (!Json.isTrue(page, "more") || kvs.isEmpty()) {
      return null;
    }
    String last = Json.key(kvs.path(kvs.size() - 1));
    if (last.compareTo(from) < 0) {
      // Or it would be asked for ever.
      throw new EtcdException(
          EtcdException.Kind.MEMBER,
          "etcd answers pages that are not what was asked for: is it etcd?");
    }
    return last + '\0';
  }

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

  /**
   * Changes a key, if it was last written at that revision; otherwise answers what is there. So a
   * request that was stuck somewhere can't undo a later one.
   *
   * @param known 0 when there is no such key
   */
  static Map<String, Object> change(String key, long known, Map<String, Object> change) {
    return Map.of(
        "compare",
        List.of(writtenAt(key, known)),
        "success",
        List.of(change),
        "failure",
        List.of(Map.of("request_range", Map.of("key", Json.base64(key), "keys_only", true))));
  }

  /** Writes a key, as a part of a transaction. */
  static Map<String, Object> putInTransaction(String key, byte[] value, long lease) {
    return Map.of(
        "request_put",
        Map.of(
            "key", Json.base64(key), "value", Json.base64(value), "lease", Long.toString(lease)));
  }

  /** Removes a key, as a part of a transaction. */
  static Map<String, Object> deleteInTransaction(String key) {
    return Map.of("request_delete_range", Map.of("key", Json.base64(key)));
  }

  /** Succeeds when each key was last written at its revision, 0 for those that are not there. */
  static Map<String, Object> unchanged(Map<String, Long> revisions) {
    return Map.of(
        "compare",
        revisions.entrySet().stream()
            .map(e -> writtenAt(e.getKey(), e.getValue()))
            .toList());
  }

  private static Map<String, Object> writtenAt(String key, long revision) {
    return Map.of(
        "key",
        Json.base64(key),
        "target",
        "MOD",
        "result",
        "EQUAL",
        "mod_revision",
        Long.toString(revision));
  }
}
