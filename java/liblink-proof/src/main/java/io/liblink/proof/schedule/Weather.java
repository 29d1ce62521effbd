package io.liblink.proof.schedule;

import io.liblink.testkit.Fault;
import io.liblink.testkit.TestCluster;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Faults that come and go. For one thread. */
final class Weather {
  private final TestCluster cluster;
  private final SplittableRandom random;
  private final List<String> nodes;
  private final Map<Class<?>, TestCluster.Injected> present = new HashMap<>();
  private long cuts;

  Weather(TestCluster cluster, SplittableRandom random, List<String> nodes) {
    this.cluster = cluster;
    this.random = random;
    this.nodes = nodes;
  }

  /** Some change of it. */
  void change() {
    switch (random.nextInt(8)) {
      case 0, 1, 2 -> cut();
      case 3 -> turn(Fault.stall());
      case 4 -> turn(Fault.refuse());
      case 5 -> turn(Fault.registryLost());
      case 6 -> turn(Fault.delay(Duration.ofMillis(1 + random.nextInt(5))));
      default -> cluster.clock().advance(Duration.ofMillis(someMillis()));
    }
  }

  private long someMillis() {
    return random.nextInt(5) == 0 ? random.nextInt(30_000) : random.nextInt(1_000);
  }

  private void cut() {
    cuts++;
    if (random.nextInt(3) == 0) {
      cluster.inject(Fault.cut());
    } else {
      cluster.inject(Fault.cut(), nodes.get(random.nextInt(nodes.size())));
    }
  }

  private void turn(Fault fault) {
    TestCluster.Injected there = present.remove(fault.getClass());
    if (there != null) {
      there.close();
    } else {
      present.put(fault.getClass(), cluster.inject(fault, nodes.get(random.nextInt(nodes.size()))));
    }
  }

  /** Ends what a new subscription may wait for. */
  void connect() {
    end(Fault.Stall.class);
    end(Fault.Refuse.class);
  }

  /** Ends what a node that comes or goes waits for. */
  void register() {
    end(Fault.RegistryLost.class);
  }

  private void end(Class<? extends Fault> fault) {
    TestCluster.Injected there = present.remove(fault);
    if (there != null) {
      there.close();
    }
  }

  /** All is well. */
  void clear() {
    present.clear();
    cluster.heal();
  }

  long cuts() {
    return cuts;
  }
}
