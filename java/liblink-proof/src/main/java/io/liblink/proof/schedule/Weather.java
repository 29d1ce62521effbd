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
  private final Story story;
  private final Map<Class<?>, TestCluster.Injected> present = new HashMap<>();

  Weather(TestCluster cluster, SplittableRandom random, List<String> nodes, Story story) {
    this.cluster = cluster;
    this.random = random;
    this.nodes = nodes;
    this.story = story;
  }

  /** Some change of it. */
  void change() {
    switch (random.nextInt(8)) {
      case 0, 1, 2 -> cut();
      case 3 -> turn(Fault.stall());
      case 4 -> turn(Fault.refuse());
      case 5 -> turn(Fault.registryLost());
      case 6 -> turn(Fault.delay(Duration.ofMillis(1 + random.nextInt(5))));
      default -> advance();
    }
  }

  private void advance() {
    long millis = someMillis();
    story.tell("advance " + millis + " ms");
    cluster.clock().advance(Duration.ofMillis(millis));
  }

  private long someMillis() {
    return random.nextInt(5) == 0 ? random.nextInt(30_000) : random.nextInt(1_000);
  }

  private void cut() {
    story.count("cuts", 1);
    if (random.nextInt(3) == 0) {
      story.tell("cut all");
      cluster.inject(Fault.cut());
    } else {
      String node = nodes.get(random.nextInt(nodes.size()));
      story.tell("cut " + node);
      cluster.inject(Fault.cut(), node);
    }
  }

  private void turn(Fault fault) {
    if (present.containsKey(fault.getClass())) {
      end(fault.getClass());
    } else {
      String node = nodes.get(random.nextInt(nodes.size()));
      story.tell(fault + " around " + node);
      present.put(fault.getClass(), cluster.inject(fault, node));
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
      story.tell("no more " + fault.getSimpleName());
      there.close();
    }
  }

  /** All is well. */
  void clear() {
    story.tell("all is well");
    present.clear();
    cluster.heal();
  }
}
