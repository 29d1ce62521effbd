package io.liblink.registry.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.registry.Await;
import io.liblink.registry.Instance;
import io.liblink.registry.View;
import io.liblink.registry.View.Skipped;
import io.liblink.registry.Views;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import javax.naming.NamingException;
import javax.naming.directory.InitialDirContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What stands in a real Consul, and what is made of what others put there. */
class ConsulRegistryTest {
  private static ConsulAgent agent;
  private static int names;

  private final String cluster = "shop-" + names;

  /** Its own, so that tests do not see each other's. */
  private final String service = "pricing-" + names++;

  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeAll
  static void startAgent() {
    agent = ConsulAgent.start();
  }

  @AfterAll
  static void stopAgent() {
    if (agent != null) {
      agent.close();
    }
  }

  @AfterEach
  void end() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private ConsulMember join(String node) {
    return join(node, agent.uri());
  }

  private ConsulMember join(String node, String uri) {
    ConsulMember member = new ConsulMember(uri, cluster, node);
    open.add(member);
    return member;
  }

  private String id(ConsulMember member) {
    return service + "-" + member.context().id();
  }

  private static Predicate<View> one(Predicate<Instance> like) {
    return v -> v.instances().size() == 1 && like.test(v.instances().get(0));
  }

  private JsonNode health() {
    JsonNode all = agent.get("/v1/health/service/" + service);
    assertThat(all.size()).isOne();
    return all.get(0);
  }

  private List<String> dns() {
    Hashtable<String, String> environment = new Hashtable<>();
    environment.put("java.naming.factory.initial", "com.sun.jndi.dns.DnsContextFactory");
    environment.put("java.naming.provider.url", "dns://127.0.0.1:" + agent.dnsPort());
    try {
      InitialDirContext context = new InitialDirContext(environment);
      var srv = context
          .getAttributes(
              "liblink-" + cluster + "." + service + ".service.consul", new String[] {"SRV"})
          .get("SRV");
      List<String> all = new ArrayList<>();
      for (int i = 0; srv != null && i < srv.size(); i++) {
        all.add(srv.get(i).toString());
      }
      context.close();
      return all;
    } catch (NamingException e) {
      return List.of();
    }
  }

  @Test
  void aServiceIsSensibleToConsulsOwnTools() {
    ConsulMember a = join("till-7");
    a.announce(a.instance(service).withWeight(5));

    JsonNode its = health().path("Service");
    assertThat(its.path("ID").asString()).isEqualTo(id(a));
    assertThat(its.path("Address").asString()).isEqualTo("127.0.0.1");
    assertThat(its.path("Port").asInt())
        .isEqualTo(a.instance(service).addresses().get(0).port());
    assertThat(its.path("Tags").get(0).asString()).isEqualTo("liblink-" + cluster);
    assertThat(its.path("Weights").path("Passing").asInt()).isEqualTo(5);
    Map<String, String> meta = new TreeMap<>();
    its.path("Meta").properties().forEach(p -> meta.put(p.getKey(), p.getValue().asString()));
    assertThat(meta)
        .containsEntry("zone", "eu")
        .containsEntry("liblink-cluster", cluster)
        .containsEntry("liblink-node", "till-7")
        .containsEntry("liblink-id", a.context().id().toString())
        .containsEntry("liblink-version", "1.2.3")
        .containsEntry("liblink-started", "2024-11-19T07:06:40.123Z")
        .containsEntry("liblink-methods", "quote*")
        .containsEntry("liblink-topics", "changed.prices")
        .containsEntry("liblink-queues", "recalculate");
    assertThat(meta.get("liblink-addresses")).startsWith("127.0.0.1:").contains(" [::1]:");
    List<String> checks = new ArrayList<>();
    health().path("Checks").forEach(c -> checks.add(c.path("Name").asString()));
    assertThat(checks).contains("liblink heartbeat", "liblink readiness");

    assertThat(agent.command("catalog", "services", "-http-addr=127.0.0.1:" + agent.port()))
        .contains(service);
    assertThat(dns())
        .singleElement()
        .asString()
        .contains(" 5 " + its.path("Port").asInt());
  }

  @Test
  void readinessIsWhatConsulCallsPassing() {
    ConsulMember a = join("a");
    a.announce(a.instance(service).withReady(false));
    Views seen = join("b").watch(service);
    seen.await(a.instance(service).withReady(false));
    assertThat(dns()).isEmpty();

    a.announce(a.instance(service));
    seen.await(a.instance(service));
    Await.until("found by DNS", this::dns, () -> dns().size() == 1);

    a.announce(a.instance(service).withReady(false));
    seen.await(a.instance(service).withReady(false));
    Await.until("not found by DNS", this::dns, () -> dns().isEmpty());
  }

  @Test
  void weightsAreConsulsAndAnOperatorMayChangeThem() {
    ConsulMember a = join("a", agent.uri() + "?ttl=2s");
    a.announce(a.instance(service).withWeight(7));
    Views seen = join("b").watch(service);
    seen.await(a.instance(service).withWeight(7));

    JsonNode its = health().path("Service");
    agent.put(
        "/v1/agent/service/register",
        "{\"ID\":\"" + id(a) + "\",\"Name\":\"" + service + "\",\"Address\":\"127.0.0.1\",\"Port\":"
            + its.path("Port").asInt() + ",\"Tags\":[\"liblink-" + cluster + "\"],\"Meta\":"
            + its.path("Meta") + ",\"Weights\":{\"Passing\":70,\"Warning\":3}}");
    seen.await(a.instance(service).withWeight(70));
    agent.put(
        "/v1/agent/check/register",
        "{\"Name\":\"disk\",\"ServiceID\":\"" + id(a)
            + "\",\"TTL\":\"1h\",\"Status\":\"warning\"}");
    seen.await(a.instance(service).withWeight(3));

    a.announce(a.instance(service).withWeight(0));
    seen.await("no weight at all", one(i -> i.weight() == 0 && i.ready()));
  }

  @Test
  void maintenanceTakesAnInstanceOutUntilItIsOver() {
    ConsulMember a = join("a");
    a.announce(a.instance(service));
    Views seen = join("b").watch(service);
    seen.await(a.instance(service));

    agent.put("/v1/agent/service/maintenance/" + id(a) + "?enable=true&reason=new%20disk", "");
    seen.await("maintenance", one(i -> !i.ready() && i.note().equals("in maintenance: new disk")));
    a.announce(a.instance(service).withReady(false));
    a.announce(a.instance(service).withWeight(2));
    seen.await(
        "maintenance outlives announcements",
        one(i -> !i.ready() && i.weight() == 2 && i.note().startsWith("in maintenance")));
    agent.put("/v1/agent/service/maintenance/" + id(a) + "?enable=false", "");
    seen.await(a.instance(service).withWeight(2));

    agent.put("/v1/agent/maintenance?enable=true&reason=reboot", "");
    seen.await("the node's", one(i -> i.note().equals("in maintenance: reboot")));
    agent.put("/v1/agent/maintenance?enable=false", "");
    seen.await(a.instance(service).withWeight(2));
  }

  @Test
  void aCheckThatAnOperatorAddedCounts() {
    ConsulMember a = join("a");
    a.announce(a.instance(service));
    Views seen = join("b").watch(service);
    agent.put(
        "/v1/agent/check/register",
        "{\"Name\":\"disk\",\"ServiceID\":\"" + id(a) + "\",\"TTL\":\"1h\"}");
    seen.await(
        "not ready", one(i -> !i.ready() && i.note().equals("the check 'disk' is critical")));
  }

  @Test
  void whatLiblinkDidNotAnnounceIsSkippedWithTheReason() {
    ConsulMember a = join("a");
    a.announce(a.instance(service));
    agent.put(
        "/v1/agent/service/register",
        "{\"ID\":\"old-one\",\"Name\":\"" + service + "\",\"Port\":80}");
    agent.put(
        "/v1/agent/service/register",
        "{\"ID\":\"broken\",\"Name\":\"" + service
            + "\",\"Port\":81,\"Meta\":{\"liblink-cluster\":\"" + cluster
            + "\",\"liblink-node\":\"x\"}}");
    agent.put(
        "/v1/agent/service/register",
        "{\"ID\":\"elsewhere\",\"Name\":\"" + service
            + "\",\"Port\":82,\"Meta\":{\"liblink-cluster\":\"another\"}}");
    String node = agent.get("/v1/agent/self").path("Config").path("NodeName").asString();
    View view = join("b").watch(service).await("two skipped", v -> v.skipped().size() == 2);

    assertThat(view.instances()).containsExactly(a.instance(service));
    assertThat(view.problem()).isEmpty();
    assertThat(view.skipped())
        .containsExactlyInAnyOrder(
            new Skipped("old-one on " + node, "it was not announced by liblink"),
            new Skipped("broken on " + node, "liblink-id is missing"));
  }

  @Test
  void clustersThatShareAConsulDoNotSeeEachOther() {
    ConsulMember a = join("a");
    ConsulMember stranger = new ConsulMember(agent.uri(), "another-" + cluster, "a");
    open.add(stranger);
    a.announce(a.instance(service));
    stranger.announce(stranger.instance(service));

    View view = a.watch(service).await(a.instance(service));
    assertThat(view.skipped()).isEmpty();
    stranger.watch(service).await(stranger.instance(service));
    assertThat(Await.get(a.registry().services())).containsExactly(service);
  }

  @Test
  void aServiceThatSomebodyDeregisteredComesBack() {
    ConsulMember a = join("a", agent.uri() + "?ttl=2s");
    a.announce(a.instance(service));
    Views seen = join("b").watch(service);
    seen.await(a.instance(service));
    agent.put("/v1/agent/service/deregister/" + id(a), "");
    Await.until("it is back", this::health, () -> {
      JsonNode all = agent.get("/v1/health/service/" + service + "?passing");
      return all.size() == 1;
    });
    seen.await(a.instance(service));
  }

  @Test
  void asMuchMetadataAsAServiceMayHaveIsKept() {
    ConsulMember a = join("a");
    Map<String, String> much = new TreeMap<>();
    for (int i = 0; i < 60; i++) {
      much.put("key-" + i, "ü".repeat(i));
    }
    much.put("liblink-node", "mine");
    much.put("consul-thing", "=&%+ ");
    much.put("empty", "");
    much.put("long", "☃".repeat(512));
    Instance rich = a.instance(service).withMetadata(much);
    a.announce(rich);
    View view = join("b").watch(service).await("it", v -> v.instances().size() == 1);
    assertThat(view.instances().get(0).metadata()).isEqualTo(much);
    assertThat(view.instances().get(0)).isEqualTo(rich);

    much.replaceAll((key, value) -> "☃".repeat(512));
    assertThat(Await.failure(a.registry().announce(rich.withMetadata(much))))
        .isInstanceOfSatisfying(
            LinkException.class, e -> assertThat(e.status()).isEqualTo(Status.INVALID_ARGUMENT))
        .hasMessageContaining("64 pairs of 512 bytes");
  }

  @Test
  void howeverManyListenThereIsOneQuery() {
    try (Wire wire = new Wire(agent.port())) {
      ConsulMember b = join("b", "consul://127.0.0.1:" + wire.port());
      ConsulMember a = join("a");
      a.announce(a.instance(service));
      List<Views> all = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        all.add(b.watch(service));
      }
      all.forEach(v -> v.await(a.instance(service)));
      // The query, and the pulse.
      assertThat(wire.open()).isLessThanOrEqualTo(3);
    }
  }

  @Test
  void anAgentThatIsSlowIsWaitedFor() {
    try (Wire wire = new Wire(agent.port())) {
      wire.slow(400);
      String uri = "consul://127.0.0.1:" + wire.port();
      ConsulMember a = join("a", uri);
      Views seen = join("b", uri).watch(service);
      a.announce(a.instance(service));
      View view = seen.await(a.instance(service));
      assertThat(view.problem()).isEmpty();
      a.withdraw(service);
      seen.await();
    }
  }

  @Test
  void leavingIsInOrder() {
    ConsulMember a = join("a");
    ConsulMember b = join("b");
    a.announce(a.instance(service));
    b.announce(b.instance(service));
    Views seen = join("c").watch(service);
    seen.await(a.instance(service), b.instance(service));
    b.close();
    seen.await(a.instance(service));
    assertThat(seen.all())
        .as("not ready before it was gone")
        .anyMatch(v -> v.instances().stream().anyMatch(i -> i.note().equals("leaving")));
    assertThat(agent.get("/v1/health/service/" + service).size()).isOne();
  }

  @Test
  void aThousandOtherServicesDoNotMatter() {
    for (int chunk = 0; chunk < 1000; chunk += 50) {
      StringBuilder operations = new StringBuilder("[");
      for (int i = chunk; i < chunk + 50; i++) {
        operations
            .append(i == chunk ? "" : ",")
            .append("{\"Service\":{\"Verb\":\"set\",\"Node\":\"many\",\"Service\":{\"ID\":\"")
            .append(service)
            .append("-other-")
            .append(i)
            .append("\",\"Service\":\"other-")
            .append(i)
            .append("\",\"Port\":80}}}");
      }
      if (chunk == 0) {
        agent.put("/v1/catalog/register", "{\"Node\":\"many\",\"Address\":\"10.9.9.9\"}");
      }
      agent.put("/v1/txn", operations.append("]").toString());
    }
    ConsulMember a = join("a");
    a.announce(a.instance(service));
    long start = System.nanoTime();
    assertThat(Await.get(a.registry().services())).containsExactly(service);
    join("b").watch(service).await(a.instance(service));
    System.err.println("    services() and a first view among 1,000 services: "
        + (System.nanoTime() - start) / 1_000_000 + " ms");
  }

  @Test
  void aRegistryIsItsNodesOnly() {
    ConsulMember a = join("a");
    ConsulMember b = join("b");
    assertThatThrownBy(() -> a.registry().announce(b.instance(service)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("can't announce for b@");
  }
}
