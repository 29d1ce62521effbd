package io.liblink.registry.consul;

import tools.jackson.databind.JsonNode;

/**
 * What the checks of one instance say together: its own, those of its Consul node, and any that an
 * operator added.
 *
 * <p>Three kinds of <em>critical</em> are told apart. The service says itself that it is not ready,
 * or an operator says so: that is believed at once. Its heartbeat stopped or its Consul node is out
 * of touch: that is silence, which may be Consul's own trouble.
 */
final class Checks {
  private static final String CRITICAL = "critical";
  private static final String NODE_HEALTH = "serfHealth";
  private static final String MAINTENANCE = "_node_maintenance";
  private static final String SERVICE_MAINTENANCE = "_service_maintenance";
  private static final int LONGEST = 200;

  private String silence = "";
  private String word = "";
  private boolean warning;

  private Checks() {}

  /**
   * Takes them all.
   *
   * @param id the service at the agent, which tells liblink's own checks from others
   */
  static Checks of(String id, JsonNode list) {
    Checks checks = new Checks();
    for (JsonNode check : list) {
      checks.add(id, check);
    }
    return checks;
  }

  private void add(String service, JsonNode check) {
    String status = check.path("Status").asString("");
    if (status.equals("warning")) {
      warning = true;
    }
    if (!status.equals(CRITICAL)) {
      return;
    }
    String id = check.path("CheckID").asString("");
    String output = check.path("Output").asString("");
    if (id.startsWith(SERVICE_MAINTENANCE) || id.equals(MAINTENANCE)) {
      String reason = check.path("Notes").asString("");
      word = first(word, reason.isEmpty() ? "in maintenance" : "in maintenance: " + reason);
    } else if (id.equals(NODE_HEALTH)) {
      silence = first(silence, "its Consul node is out of touch");
    } else if (id.equals(Registration.beatId(service))) {
      silence = first(silence, "its heartbeat stopped");
    } else if (id.equals(Registration.readyId(service))) {
      // The words of an announcement stand in the notes, later ones in the output. An agent that
      // was
      // started again may have forgotten those, and calls critical what it does not know.
      String said = output.isEmpty() ? check.path("Notes").asString("") : output;
      if (said.isEmpty() || said.equals(Registration.READY)) {
        silence = first(silence, "the agent does not know whether it is ready");
      } else {
        word = first(word, said);
      }
    } else {
      String name = check.path("Name").asString(id);
      word = first(word, "the check '" + name + "' is critical");
    }
  }

  private static String first(String known, String other) {
    return known.isEmpty() ? other : known;
  }

  boolean isReady() {
    return silence.isEmpty() && word.isEmpty();
  }

  /** Whether it is not ready, and nobody said so. */
  boolean isSilent() {
    return !silence.isEmpty() && word.isEmpty();
  }

  /** Whether it is to get the weight that Consul has for this case. */
  boolean isWarning() {
    return warning;
  }

  /** Why it is not ready; empty when it is, or just says that it is not. */
  String note() {
    String why = first(word, silence);
    return why.equals(Registration.NOT_READY) ? "" : Printable.line(why, LONGEST);
  }
}
