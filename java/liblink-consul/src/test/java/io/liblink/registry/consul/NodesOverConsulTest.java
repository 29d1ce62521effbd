package io.liblink.registry.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.Node;
import io.liblink.NodeOptions;
import io.liblink.Served;
import io.liblink.Service;
import io.liblink.identity.key.ClusterKey;
import io.liblink.registry.Await;
import io.liblink.registry.Instance;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Real nodes that find each other through a real agent, with calls going on all the time. */
class NodesOverConsulTest {
  private static final String KEY = ClusterKey.generate().text();
  private static final Duration BOUND = Duration.ofSeconds(40);

  private static Node join(String name, String registry) {
    return Node.join(NodeOptions.cluster("shop").name(name).key(KEY).registry(registry));
  }

  private static Service greeter(String name) {
    return Service.named("greeter").method("hello", String.class, x -> x + name);
  }

  private static List<Instance> ready(Node node) {
    return node.service("greeter").instances().stream().filter(Instance::ready).toList();
  }

  private static void quiet(int millis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (end - System.nanoTime() > 0) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  private static void passing(ConsulAgent agent, int count) {
    Await.within(
        BOUND,
        "instances that Consul calls passing",
        () -> agent.get("/v1/health/service/greeter"),
        () -> agent.get("/v1/health/service/greeter?passing").size() == count);
  }

  @Test
  void noCallFailsWhileTheAgentIsKilledWipedPausedAndStartedAgain() {
    try (ConsulAgent agent = ConsulAgent.start();
        Node one = join("one", agent.uri() + "?ttl=3s");
        Node two = join("two", agent.uri() + "?ttl=3s");
        Node caller = join("caller", agent.uri())) {
      one.serve(greeter("one"));
      two.serve(greeter("two"));
      caller.service("greeter").awaitReady(2, BOUND);
      try (Traffic traffic = new Traffic(caller, "greeter", "hello")) {
        agent.kill();
        quiet(1500);
        agent.restart();
        agent.awaitLeader();
        passing(agent, 2);

        agent.kill();
        agent.wipe();
        agent.restart();
        agent.awaitLeader();
        passing(agent, 2);

        agent.pause();
        quiet(5000); // longer than the agent waits for heartbeats
        agent.goOn();
        passing(agent, 2);
        Await.within(
            BOUND, "both ready", () -> ready(caller), () -> ready(caller).size() == 2);

        long before = traffic.calls();
        Await.until("more calls", traffic::calls, () -> traffic.calls() > before + 50);
        System.err.println("    " + traffic);
        assertThat(traffic.failures()).isEmpty();
      }
    }
  }

  @Test
  void noCallFailsWhileInstancesAreReplacedAndBecomeUnready() {
    try (ConsulAgent agent = ConsulAgent.start();
        Node one = join("one", agent.uri());
        Node caller = join("caller", agent.uri())) {
      Served served = one.serve(greeter("one"));
      caller.service("greeter").awaitReady(1, BOUND);
      try (Traffic traffic = new Traffic(caller, "greeter", "hello")) {
        for (int i = 0; i < 3; i++) {
          try (Node other = join("other-" + i, agent.uri())) {
            other.serve(greeter("other"));
            caller.service("greeter").awaitReady(2, BOUND);
            served.ready(false);
            Await.until("one ready", () -> ready(caller), () -> ready(caller).size() == 1);
            served.ready(true);
            caller.service("greeter").awaitReady(2, BOUND);
          }
          Await.until(
              "the other is gone", () -> ready(caller), () -> ready(caller).size() == 1);
        }
        System.err.println("    " + traffic);
        assertThat(traffic.failures()).isEmpty();
        assertThat(caller.service("greeter").instances())
            .allMatch(i -> i.datacenter().equals("dc1"));
      }
    }
  }
}
