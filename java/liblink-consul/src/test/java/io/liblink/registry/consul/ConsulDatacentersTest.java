package io.liblink.registry.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.registry.Await;
import io.liblink.registry.Instance;
import io.liblink.registry.View;
import io.liblink.registry.Views;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two datacenters that know each other. */
class ConsulDatacentersTest {
  private static ConsulAgent eu;
  private static ConsulAgent us;

  @BeforeAll
  static void startAgents() {
    eu = ConsulAgent.start(config("eu"));
    us = ConsulAgent.start(config("us").flag("-retry-join-wan=" + eu.wan()));
    Await.until("both datacenters", () -> eu.get("/v1/catalog/datacenters"), () -> {
      try {
        return eu.get("/v1/catalog/datacenters").size() == 2
            && !us.get("/v1/status/leader?dc=eu").asString("").isEmpty()
            && !eu.get("/v1/status/leader?dc=us").asString("").isEmpty();
      } catch (IllegalStateException e) {
        return false;
      }
    });
  }

  private static ConsulAgent.Config config(String datacenter) {
    return new ConsulAgent.Config()
        .flag("-bootstrap-expect=1")
        .flag("-datacenter=" + datacenter)
        .hcl("translate_wan_addrs = false");
  }

  @AfterAll
  static void stopAgents() {
    if (us != null) {
      us.close();
    }
    if (eu != null) {
      eu.close();
    }
  }

  private static Instance in(String datacenter, ConsulMember member, String service, int weight) {
    Instance i = member.instance(service);
    return new Instance(
        service,
        i.node(),
        i.id(),
        i.addresses(),
        i.version(),
        i.metadata(),
        true,
        i.startedMillis(),
        i.endpoints(),
        weight,
        datacenter,
        "");
  }

  @Test
  void theSpareDatacenterHasNoWeightWhileThePreferredHasAnInstanceThatIsReady() {
    try (ConsulMember a = new ConsulMember(eu.uri(), "shop", "a");
        ConsulMember b = new ConsulMember(us.uri(), "shop", "b");
        ConsulMember c = new ConsulMember(eu.uri() + "?dc=eu,us", "shop", "c");
        ConsulMember d = new ConsulMember(us.uri() + "?dc=eu+us", "shop", "d")) {
      a.announce(a.instance("pricing").withWeight(3));
      b.announce(b.instance("pricing").withWeight(5));
      Views ranked = c.watch("pricing");
      ranked.await(in("eu", a, "pricing", 3), in("us", b, "pricing", 0));
      assertThat(ranked.instances()).extracting(Instance::datacenter).containsExactly("eu", "us");
      d.watch("pricing").await(in("eu", a, "pricing", 3), in("us", b, "pricing", 5));
      assertThat(Await.get(c.registry().services())).containsExactly("pricing");

      a.announce(a.instance("pricing").withWeight(3).withReady(false));
      ranked.await(in("eu", a, "pricing", 3).withReady(false), in("us", b, "pricing", 5));
      a.announce(a.instance("pricing").withWeight(3));
      ranked.await(in("eu", a, "pricing", 3), in("us", b, "pricing", 0));
    }
  }

  @Test
  void withoutAListOnlyTheAgentsOwnIsSeen() {
    try (ConsulMember a = new ConsulMember(eu.uri(), "own", "a");
        ConsulMember b = new ConsulMember(us.uri(), "own", "b")) {
      a.announce(a.instance("pricing"));
      b.announce(b.instance("pricing"));
      a.watch("pricing").await(in("eu", a, "pricing", 1));
    }
  }

  @Test
  void aDatacenterThatDoesNotExistIsSaidAndTheOthersAreSeen() {
    try (ConsulMember a = new ConsulMember(eu.uri() + "?dc=eu,nowhere", "typo", "a")) {
      a.announce(a.instance("pricing"));
      View view = a.watch("pricing")
          .await("both heard", v -> v.instances().size() == 1 && !v.problem().isEmpty());
      assertThat(view.instances()).isEqualTo(List.of(in("eu", a, "pricing", 1)));
      assertThat(view.problem()).contains("datacenter nowhere: ").contains("No path to datacenter");
    }
  }

  @Test
  void aDatacenterThatHangsKeepsItsInstancesAndTheViewSaysIt() {
    try (ConsulMember a = new ConsulMember(eu.uri(), "hang", "a");
        ConsulMember b = new ConsulMember(us.uri(), "hang", "b");
        ConsulMember c = new ConsulMember(eu.uri() + "?dc=eu,us", "hang", "c")) {
      a.announce(a.instance("pricing"));
      b.announce(b.instance("pricing"));
      Views seen = c.watch("pricing");
      seen.await(in("eu", a, "pricing", 1), in("us", b, "pricing", 0));
      us.pause();
      try {
        Duration time = seen.awaitWithin(
            Duration.ofSeconds(30), "a problem", v -> v.problem().startsWith("datacenter us: "));
        System.err.println("    another datacenter paused: " + time.toMillis() + " ms");
        assertThat(seen.instances()).hasSize(2).allMatch(Instance::ready);
      } finally {
        us.goOn();
      }
      seen.await("well again", v -> v.problem().isEmpty() && v.instances().size() == 2);
    }
  }
}
