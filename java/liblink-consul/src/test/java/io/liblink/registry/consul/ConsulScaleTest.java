package io.liblink.registry.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.message.Address;
import io.liblink.message.NodeId;
import io.liblink.registry.Endpoint;
import io.liblink.registry.Instance;
import io.liblink.registry.Views;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A thousand instances of one service, and ten of them that never rest. */
class ConsulScaleTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int MANY = 1000;
  private static final int CHUNK = 50;

  private static Instance instance(int n, String note) {
    return new Instance(
        "pricing",
        "node-" + n,
        new NodeId(7, n),
        List.of(new Address("10.0." + n / 250 + "." + n % 250, 7400)),
        "1.2.3",
        Map.of("zone", "eu", "note", note),
        true,
        1_732_000_000_123L,
        List.of(new Endpoint("quote", Endpoint.Kind.METHOD, true)),
        1,
        "dc1",
        "");
  }

  private static void put(ConsulAgent agent, List<Instance> instances) {
    for (int from = 0; from < instances.size(); from += CHUNK) {
      ArrayNode operations = JSON.createArrayNode();
      for (Instance i : instances.subList(from, Math.min(from + CHUNK, instances.size()))) {
        ObjectNode set = operations.addObject().putObject("Service");
        set.put("Verb", "set").put("Node", "many");
        ObjectNode service = set.putObject("Service");
        service.put("ID", Registration.id(i)).put("Service", i.service());
        service.put("Address", i.addresses().get(0).host()).put("Port", 7400);
        service.putObject("Weights").put("Passing", 1).put("Warning", 1);
        ObjectNode meta = service.putObject("Meta");
        MetaWriter.pairs(i, "shop").forEach(meta::put);
      }
      agent.put("/v1/txn", operations.toString());
    }
  }

  private static List<Instance> instances(int count, String note) {
    return IntStream.range(0, count).mapToObj(n -> instance(n, note)).toList();
  }

  @Test
  void aThousandInstancesAreSeenAtOnceAndThoseThatFlapAreFollowedOnceASecond() {
    try (ConsulAgent agent = ConsulAgent.start();
        ConsulMember a = new ConsulMember(agent.uri(), "shop", "a")) {
      agent.put("/v1/catalog/register", "{\"Node\":\"many\",\"Address\":\"10.9.9.9\"}");
      put(agent, instances(MANY, "first"));

      long start = System.nanoTime();
      Views seen = a.watch("pricing");
      seen.await("all", v -> v.instances().size() == MANY);
      long first = (System.nanoTime() - start) / 1_000_000;

      long begin = System.nanoTime();
      int round = 0;
      while (System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(4)) {
        put(agent, instances(10, "round " + round++));
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      int views = seen.all().size();
      String last = "round " + (round - 1);
      long changed = System.nanoTime();
      seen.await(
          "the last",
          v -> v.instances().stream()
                  .filter(i -> last.equals(i.metadata().get("note")))
                  .count()
              == 10);
      System.err.printf(
          "    1,000 instances: first view %d ms; %d rounds of 10 changes in %.1f s made %d views;"
              + " the last seen after %d ms%n",
          first, round, seconds, views, (System.nanoTime() - changed) / 1_000_000);
      assertThat((double) views).isLessThan(Pace.BURST + seconds + 4);
    }
  }
}
