package io.liblink.registry.consul;

import io.liblink.registry.Instance;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the agent holds of a service, compared with what it should. Weights, tags and checks that an
 * operator changed or added are theirs, and left alone.
 */
enum Held {
  /** As it should be. */
  SAME,
  /** All but the word on readiness. */
  OTHER_WORD,
  /** An older announcement, or damaged. */
  OTHER;

  /**
   * Compares.
   *
   * @param reply to {@code /v1/agent/health/service/id/…}
   * @param word the word on readiness that it should have
   */
  static Held compare(Reply reply, Instance wanted, String cluster, String word, JsonMapper json) {
    JsonNode root;
    try {
      root = json.readTree(reply.body());
    } catch (RuntimeException e) {
      return OTHER;
    }
    JsonNode service = root.path("Service");
    Map<String, String> meta = new TreeMap<>();
    for (Map.Entry<String, JsonNode> pair : service.path("Meta").properties()) {
      meta.put(pair.getKey(), pair.getValue().asString(""));
    }
    if (!meta.equals(MetaWriter.pairs(wanted, cluster))
        || !service
            .path("Address")
            .asString("")
            .equals(wanted.addresses().get(0).host())
        || service.path("Port").asInt(-1) != wanted.addresses().get(0).port()) {
      return OTHER;
    }
    return checks(root.path("Checks"), Registration.id(wanted), word);
  }

  private static Held checks(JsonNode checks, String id, String word) {
    boolean beat = false;
    String said = "";
    boolean ready = false;
    for (JsonNode check : checks) {
      String name = check.path("CheckID").asString("");
      beat |= name.equals(Registration.beatId(id));
      if (name.equals(Registration.readyId(id))) {
        ready = true;
        said = check.path("Output").asString("");
      }
    }
    if (!beat || !ready) {
      return OTHER;
    }
    return said.equals(word) ? SAME : OTHER_WORD;
  }
}
