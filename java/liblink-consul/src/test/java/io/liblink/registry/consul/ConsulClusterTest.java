package io.liblink.registry.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.registry.Await;
import io.liblink.registry.Views;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Three servers and an agent beside the nodes, as people run it. */
class ConsulClusterTest {
  private static final Duration BOUND = Duration.ofSeconds(40);

  private final List<ConsulAgent> servers = new ArrayList<>();

  private ConsulAgent start() {
    for (int i = 0; i < 3; i++) {
      ConsulAgent.Config config =
          new ConsulAgent.Config().flag("-bootstrap-expect=3").alone();
      servers.forEach(s -> config.flag("-retry-join=" + s.lan()));
      servers.add(ConsulAgent.start(config));
    }
    ConsulAgent.Config config = new ConsulAgent.Config().client();
    servers.forEach(s -> config.flag("-retry-join=" + s.lan()));
    return ConsulAgent.start(config);
  }

  private String leader(ConsulAgent agent) {
    try {
      return agent.get("/v1/status/leader").asString("");
    } catch (IllegalStateException e) {
      return "";
    }
  }

  @Test
  void aServerThatIsKilledIsHardlyNoticed() {
    ConsulAgent agent = start();
    try (ConsulMember a = new ConsulMember(agent.uri(), "shop", "a");
        ConsulMember b = new ConsulMember(agent.uri(), "shop", "b")) {
      a.announce(a.instance("pricing"));
      Views seen = b.watch("pricing");
      seen.await(a.instance("pricing"));

      String before = leader(agent);
      ConsulAgent killed =
          servers.stream().filter(s -> s.rpc().equals(before)).findFirst().orElseThrow();
      long start = System.nanoTime();
      killed.kill();
      Await.within(BOUND, "another leader", () -> leader(agent), () -> {
        String now = leader(agent);
        return !now.isEmpty() && !now.equals(before);
      });
      System.err.println("    another leader: " + (System.nanoTime() - start) / 1_000_000 + " ms");
      a.announce(a.instance("pricing").withReady(false));
      Duration time = seen.awaitWithin(
          BOUND,
          "a change after that",
          v -> v.problem().isEmpty()
              && v.instances().equals(List.of(a.instance("pricing").withReady(false))));
      System.err.println("    a change seen after that: " + time.toMillis() + " ms");
      assertThat(seen.all().stream().dropWhile(v -> v.instances().isEmpty()))
          .allMatch(v -> v.instances().size() == 1);
    } finally {
      agent.close();
      servers.forEach(ConsulAgent::close);
    }
  }
}
