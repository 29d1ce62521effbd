package io.liblink.registry.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.registry.Await;
import io.liblink.registry.Instance;
import io.liblink.registry.Registries;
import io.liblink.registry.Registry;
import io.liblink.registry.RegistryProvider.Context;
import io.liblink.registry.Samples;
import io.liblink.registry.Views;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many changes at once end in the same view for all. */
class ChurnTest {
  private static final int NODES = 8;
  private static final int CHANGES = 1000;
  private static final List<String> SERVICES = List.of("pricing", "billing", "stock");

  @TempDir
  Path temporary;

  @Test
  void eightNodesThatChangeAThousandTimesEndConsistent() throws Exception {
    long seed = new Random().nextLong();
    List<Node> nodes = new ArrayList<>();
    ExecutorService pool = Executors.newFixedThreadPool(NODES);
    try {
      for (int i = 0; i < NODES; i++) {
        nodes.add(new Node(i, "local:" + temporary.resolve("run")));
      }
      List<Future<Map<String, Instance>>> runs = new ArrayList<>();
      for (Node node : nodes) {
        runs.add(pool.submit(() -> node.churn(new Random(seed + node.index))));
      }
      Map<String, List<Instance>> expected = new HashMap<>();
      for (Future<Map<String, Instance>> run : runs) {
        run.get()
            .forEach(
                (s, i) -> expected.computeIfAbsent(s, k -> new ArrayList<>()).add(i));
      }
      for (Node node : nodes) {
        for (String service : SERVICES) {
          List<Instance> want = expected.getOrDefault(service, List.of());
          node.views
              .get(service)
              .await(
                  "seed " + seed + ", node " + node.index + ": " + want,
                  v -> v.problem().isEmpty()
                      && v.instances().size() == want.size()
                      && v.instances().containsAll(want));
        }
        assertThat(Await.get(node.registry.services())).isEqualTo(expected.keySet());
      }
    } finally {
      pool.shutdownNow();
      nodes.forEach(n -> n.registry.close());
    }
  }

  private static final class Node {
    private final int index;
    private final Context context;
    private final Registry registry;
    private final Map<String, Views> views = new HashMap<>();

    private Node(int index, String uri) {
      this.index = index;
      this.context = Samples.context("node-" + index);
      this.registry = Registries.open(uri, context);
      for (String service : SERVICES) {
        Views v = new Views();
        views.put(service, v);
        registry.watch(service, v);
      }
    }

    /** Announces and withdraws at random; returns what it announces at the end. */
    private Map<String, Instance> churn(Random random) {
      Map<String, Instance> announced = new HashMap<>();
      for (int i = 0; i < CHANGES / NODES; i++) {
        String service = SERVICES.get(random.nextInt(SERVICES.size()));
        var stage = registry.withdraw(service);
        if (random.nextInt(4) == 0) {
          announced.remove(service);
        } else {
          Instance instance = Samples.instance(service, context, 7000 + random.nextInt(1000))
              .withReady(random.nextBoolean());
          // One node has one list of addresses, whichever service named it last.
          announced.replaceAll((s, old) -> moved(old, instance));
          announced.put(service, instance);
          stage = registry.announce(instance);
        }
        if (random.nextInt(3) == 0) {
          Await.get(stage);
        }
      }
      announced.values().forEach(registry::announce);
      return announced;
    }

    private static Instance moved(Instance old, Instance to) {
      return new Instance(
          old.service(),
          old.node(),
          old.id(),
          to.addresses(),
          old.version(),
          old.metadata(),
          old.ready(),
          old.startedMillis(),
          old.endpoints());
    }
  }
}
