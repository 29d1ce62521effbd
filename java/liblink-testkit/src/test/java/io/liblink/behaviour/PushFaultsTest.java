package io.liblink.behaviour;

import static io.liblink.behaviour.Calls.count;
import static io.liblink.behaviour.Pushes.awaitWorkers;
import static io.liblink.behaviour.Pushes.eager;
import static io.liblink.testkit.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.Node;
import io.liblink.Producer;
import io.liblink.RemoteService;
import io.liblink.Service;
import io.liblink.Trait;
import io.liblink.delivery.ItemId;
import io.liblink.delivery.QueueOptions;
import io.liblink.testkit.Fault;
import io.liblink.testkit.TestCluster;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Items through a network that does what it likes, and workers that come and go: none is lost. */
class PushFaultsTest {
  private static final Logger LOG = Logger.getLogger("io.liblink");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<String> WORKERS = List.of("w1", "w2", "w3");

  private final Set<Integer> done = ConcurrentHashMap.newKeySet();
  private final Set<ItemId> ids = ConcurrentHashMap.newKeySet();
  private final AtomicInteger worked = new AtomicInteger();
  private final ConcurrentLinkedQueue<String> unmarked = new ConcurrentLinkedQueue<>();

  /** What is injected here is logged by the dozen. */
  @BeforeAll
  static void quiet() {
    LOG.setLevel(Level.OFF);
  }

  @AfterAll
  static void loud() {
    LOG.setLevel(null);
  }

  /** An item that comes a second time must say so. */
  private void see(String text, io.liblink.Item item) {
    worked.incrementAndGet();
    int number = Integer.parseInt(text.substring(0, text.indexOf(' ')));
    if (!ids.add(item.id()) && item.attempt() == 1) {
      unmarked.add(text + " " + item.id());
    }
    done.add(number);
  }

  @Test
  void nothingIsLostWhileLinksAreCutAndStall() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    try (TestCluster cluster = TestCluster.of("w1", "w2", "w3", "producer")) {
      for (String name : WORKERS) {
        cluster
            .node(name)
            .serve(Service.named("work")
                .queue("q", String.class, QueueOptions.defaults(), this::see)
                .queue(
                    "loop", String.class, QueueOptions.defaults(), this::see, Trait.NON_BLOCKING));
      }
      RemoteService work = cluster.node("producer").service("work");
      try (Producer q = work.producer("q", eager().attempts(1_000_000));
          Producer loop = work.producer("loop", eager().attempts(1_000_000))) {
        awaitWorkers(q, 3);
        AtomicBoolean stop = new AtomicBoolean();
        Thread harm = new Thread(() -> harm(cluster, random, stop));
        harm.start();
        int items = 20_000;
        for (int i = 0; i < items; i++) {
          String text = i + " " + "x".repeat(random.nextInt(50) == 0 ? 30_000 : 50);
          (i % 2 == 0 ? q : loop).push(text);
        }
        stop.set(true);
        TestCluster.await("no more harm", () -> !harm.isAlive());
        cluster.heal();
        q.drain(PATIENCE);
        loop.drain(PATIENCE);
        String seen = "seed " + seed + ", worked on " + worked + ": "
            + cluster.node("producer").counters();
        assertThat(done).as(seen).hasSize(items);
        assertThat(unmarked).as(seen).isEmpty();
        assertThat(count(cluster.node("producer"), "queue.settled")).as(seen).isEqualTo(items);
        assertThat(count(cluster.node("producer"), "queue.dead")).as(seen).isZero();
        assertThat(ids).hasSize(items);
      }
    }
  }

  private static void harm(TestCluster cluster, Random random, AtomicBoolean stop) {
    while (!stop.get()) {
      String worker = WORKERS.get(random.nextInt(3));
      switch (random.nextInt(4)) {
        case 0, 1 -> cluster.inject(Fault.cut(), "producer", worker);
        case 2 -> {
          TestCluster.Injected stall = cluster.inject(Fault.stall(), "producer", worker);
          pause(random.nextInt(30));
          stall.close();
        }
        default -> {
          TestCluster.Injected refuse = cluster.inject(Fault.refuse(), "producer", worker);
          pause(random.nextInt(30));
          refuse.close();
        }
      }
      pause(random.nextInt(40));
    }
  }

  @Test
  void nothingIsLostThroughTwoStagesWhileWorkersAreKilled() {
    try (TestCluster cluster = TestCluster.of("a1", "a2", "b1", "b2", "producer")) {
      AtomicBoolean stop = new AtomicBoolean();
      List<String> names = List.of("a1", "a2", "b1", "b2");
      names.forEach(n -> serve(cluster, n));
      int items = 4_000;
      try (Producer producer = cluster
          .node("producer")
          .service("first")
          .producer("q", eager().attempts(1_000_000).itemTimeout(Duration.ofSeconds(5)))) {
        awaitWorkers(producer, 2);
        Thread killer = new Thread(() -> {
          Random random = new Random(7);
          while (!stop.get()) {
            String name = names.get(random.nextInt(4));
            cluster.start(name); // ends the run before without a drain
            serve(cluster, name);
            pause(20);
          }
        });
        killer.start();
        for (int i = 0; i < items; i++) {
          producer.push(i + " ");
        }
        await("half is done", () -> done.size() > items / 2);
        stop.set(true);
        await("no more are killed", () -> !killer.isAlive());
        producer.drain(PATIENCE);
        assertThat(done).hasSize(items);
        assertThat(count(cluster.node("producer"), "queue.settled")).isEqualTo(items);
      }
    }
  }

  private void serve(TestCluster cluster, String name) {
    Node node = cluster.node(name);
    if (name.startsWith("a")) {
      RemoteService next = node.service("second");
      node.serve(Service.named("first")
          .queueAsync(
              "q",
              String.class,
              QueueOptions.defaults(),
              (text, item) -> next.push("q", text).done()));
    } else {
      node.serve(
          Service.named("second").queue("q", String.class, QueueOptions.defaults(), this::see));
    }
  }

  private static void pause(int millis) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
  }
}
