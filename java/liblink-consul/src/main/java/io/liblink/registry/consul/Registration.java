package io.liblink.registry.consul;

import io.liblink.message.Address;
import io.liblink.registry.Instance;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One announcement as the agent takes it: the service with two checks. The heartbeat says that the
 * process lives, and its silence makes the agent forget the service after a while; readiness is the
 * service's own word, which must not.
 *
 * @param id names the service at the agent: unique over all runs of all nodes
 * @param meta what {@link MetaWriter} made of the instance
 * @param body the JSON
 */
record Registration(String id, Map<String, String> meta, byte[] body) {
  /** How the heartbeat is called in Consul's UI. */
  static final String HEARTBEAT = "liblink heartbeat";

  /** How readiness is called there. */
  static final String READINESS = "liblink readiness";

  /** Never changes, or each beat would wake everybody who watches the service. */
  static final String ALIVE = "alive";

  /** The words of a readiness check; they never vary, like {@link #ALIVE}. */
  static final String READY = "ready";

  /** See {@link #READY}. */
  static final String NOT_READY = "not ready";

  /** Why a service is not ready that is about to be taken away. */
  static final String LEAVING = "leaving";

  /** Consul takes no less, and removes up to 30 s later. */
  private static final Duration FORGET = Duration.ofMinutes(1);

  /** Readiness never expires by itself: ten years. */
  private static final String FOR_EVER = "87600h";

  static Registration of(Instance instance, Settings settings, String cluster, JsonMapper json) {
    String id = id(instance);
    Map<String, String> meta = MetaWriter.pairs(instance, cluster);
    Address address = instance.addresses().get(0);
    ObjectNode service = json.createObjectNode();
    service.put("ID", id);
    service.put("Name", instance.service());
    service.putArray("Tags").add(Meta.tag(cluster));
    service.put("Address", address.host());
    service.put("Port", address.port());
    ObjectNode pairs = service.putObject("Meta");
    meta.forEach(pairs::put);
    ObjectNode weights = service.putObject("Weights");
    weights.put("Passing", Math.max(1, instance.weight()));
    weights.put("Warning", 1);
    ArrayNode checks = service.putArray("Checks");
    ObjectNode beat = check(checks, beatId(id), HEARTBEAT, settings.ttl().toMillis() + "ms");
    beat.put("Status", "passing");
    beat.put("DeregisterCriticalServiceAfter", forget(settings).toSeconds() + "s");
    ObjectNode ready = check(checks, readyId(id), READINESS, FOR_EVER);
    ready.put("Status", instance.ready() ? "passing" : "critical");
    ready.put("Notes", word(instance.ready()));
    return new Registration(id, meta, json.writeValueAsBytes(service));
  }

  private static ObjectNode check(ArrayNode checks, String id, String name, String ttl) {
    ObjectNode check = checks.addObject();
    check.put("CheckID", id);
    check.put("Name", name);
    check.put("TTL", ttl);
    return check;
  }

  private static Duration forget(Settings settings) {
    Duration slow = settings.ttl().multipliedBy(3);
    return slow.compareTo(FORGET) > 0 ? slow : FORGET;
  }

  /** What a service says of its readiness. */
  static String word(boolean ready) {
    return ready ? READY : NOT_READY;
  }

  static String id(Instance instance) {
    return instance.service() + "-" + instance.id();
  }

  static String beatId(String id) {
    return id + ":beat";
  }

  static String readyId(String id) {
    return id + ":ready";
  }
}
