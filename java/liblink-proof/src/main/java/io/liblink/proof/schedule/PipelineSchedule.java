package io.liblink.proof.schedule;

import io.liblink.Item;
import io.liblink.Node;
import io.liblink.Producer;
import io.liblink.Receipt;
import io.liblink.Service;
import io.liblink.delivery.DeadLetter;
import io.liblink.delivery.ItemId;
import io.liblink.delivery.ProducerOptions;
import io.liblink.delivery.QueueOptions;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import io.liblink.testkit.TestCluster;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One producer and three workers. What happens: items one by one and many at once, cuts, stalls, refused connections,
 * a registry that is away, time that jumps past every timeout, workers that reject, refuse for good, block, crash,
 * close and come back. At the end all is healed; then every item that was accepted must have been done by a worker or
 * be a dead letter, one of both, and no item may have come twice as the same attempt.
 */
public final class PipelineSchedule implements Schedules.Schedule {
  private static final int STEPS = 60;
  private static final int ATTEMPTS = 6;
  private static final int BUFFER = 300;
  private static final Duration JUMP = Duration.ofMillis(100);
  private static final List<String> WORKERS = List.of("w1", "w2", "w3");
  private static final List<String> ALL = List.of("p", "w1", "w2", "w3");

  /** One run of it. */
  private static final class Run {
    private final SplittableRandom random;
    private final Story story;
    private final TestCluster cluster;
    private final Weather weather;
    private final int concurrency;
    private final Producer producer;
    private final Visits visits = new Visits();
    private final Subscribed.Gate gate = new Subscribed.Gate();
    private final Map<ItemId, DeadLetter> deadLetters = new ConcurrentHashMap<>();
    private final List<Receipt> receipts = new ArrayList<>();
    private final Set<Long> refused = new HashSet<>();
    private final Set<Long> seen = ConcurrentHashMap.newKeySet();
    private volatile int rejectPercent;
    private long next;

    Run(SplittableRandom random, Story story, TestCluster cluster) {
      this.random = random;
      this.story = story;
      this.cluster = cluster;
      this.weather = new Weather(cluster, random, ALL, story);
      this.concurrency = 1 + random.nextInt(12);
      this.producer = cluster.node("p").service("work").producer("items", options());
    }

    private ProducerOptions options() {
      return ProducerOptions.defaults()
          .buffer(BUFFER, 1 << 20)
          .failWhenFull()
          .attempts(ATTEMPTS)
          .itemTimeout(Duration.ofSeconds(1 + random.nextInt(30)))
          .backoff(Duration.ofMillis(10), Duration.ofSeconds(2))
          .deadLetter(letter -> {
            if (deadLetters.put(letter.id(), letter) != null) {
              visits.wrong(letter.id() + " is a dead letter twice");
            }
          });
    }

    void run() throws Exception {
      WORKERS.forEach(this::serve);
      for (int i = 0; i < STEPS; i++) {
        step();
      }
      settle();
      judge();
      producer.close();
    }

    private void step() throws Exception {
      switch (random.nextInt(16)) {
        case 0, 1, 2, 3, 4 -> push();
        case 5, 6, 7, 8, 9, 10 -> weather.change();
        case 11 -> gate.turn();
        case 12 -> rejectPercent = random.nextInt(3) * 20;
        default -> restart(WORKERS.get(random.nextInt(WORKERS.size())));
      }
    }

    private void serve(String worker) {
      AtomicInteger now = new AtomicInteger();
      Node node = cluster.node(worker);
      node.serve(Service.named("work")
          .queue(
              "items",
              byte[].class,
              QueueOptions.defaults().concurrency(concurrency),
              (byte[] payload, Item item) -> {
                try {
                  if (now.incrementAndGet() > concurrency) {
                    visits.wrong(worker + " works on more than " + concurrency + " items");
                  }
                  work(
                      worker, Long.parseLong(new String(payload, StandardCharsets.US_ASCII)), item);
                } finally {
                  now.decrementAndGet();
                }
              }));
    }

    private void work(String worker, long value, Item item) throws InterruptedException {
      Visits.Visit visit = visits.begin(item.id(), worker, item.attempt());
      seen.add(value);
      visit.end = Visits.End.FAILED; // unless it comes to another
      gate.pass();
      if (isUseless(value)) {
        visit.end = Visits.End.REFUSED;
        throw new LinkException(Status.INVALID_ARGUMENT, "nobody can use " + value);
      }
      if (ThreadLocalRandom.current().nextInt(100) < rejectPercent) {
        throw new LinkException(Status.ABORTED, "not this time");
      }
      visit.end = Visits.End.DONE;
    }

    private static boolean isUseless(long value) {
      return value % 97 == 13;
    }

    private void push() {
      List<byte[]> batch = new ArrayList<>();
      long first = next;
      int n = random.nextInt(3) == 0 ? 1 : 1 + random.nextInt(60);
      for (int i = 0; i < n; i++) {
        batch.add(Long.toString(next++).getBytes(StandardCharsets.US_ASCII));
      }
      try {
        receipts.addAll(n == 1 ? List.of(producer.push(batch.get(0))) : producer.pushAll(batch));
        story.tell("push " + n);
        story.count("items accepted", n);
      } catch (LinkException e) {
        if (e.status() != Status.RESOURCE_EXHAUSTED) {
          throw e;
        }
        for (long v = first; v < next; v++) {
          refused.add(v);
        }
        story.count("items refused, buffer full", n);
      }
    }

    private void restart(String worker) {
      weather.register();
      if (random.nextBoolean()) {
        gate.open();
        cluster.node(worker).close(Duration.ofMillis(random.nextInt(200)));
        story.tell("close " + worker);
        story.count("workers closed in good order", 1);
      } else {
        story.tell("crash " + worker);
        story.count("workers crashed", 1);
      }
      cluster.start(worker);
      serve(worker);
    }

    private void settle() {
      rejectPercent = 0;
      gate.open();
      weather.clear();
      Awaiting.until(
          () -> {
            cluster.clock().advance(JUMP);
            return receipts.stream().allMatch(Receipt::isDone);
          },
          () -> "every item is settled: " + producer.waiting() + " wait, " + producer.inFlight()
              + " in flight, " + producer.workers());
    }

    private void judge() {
      for (Receipt receipt : receipts) {
        ItemId id = receipt.id();
        boolean well = !receipt.done().isCompletedExceptionally();
        DeadLetter letter = deadLetters.get(id);
        check(well == (letter == null), id + " is settled in one way only", id);
        check(!well || visits.has(id, Visits.End.DONE), id + " was done by a worker", id);
        if (letter != null) {
          story.count("dead letters", 1);
          check(
              letter.causes().size() == ATTEMPTS || visits.has(id, Visits.End.REFUSED),
              id + " was given up after all attempts, not " + letter,
              id);
        }
      }
      check(producer.waiting() + producer.inFlight() == 0, "nothing is left", null);
      for (long value : refused) {
        check(!seen.contains(value), value + " was refused and is not sent", null);
      }
      if (!visits.wrong().isEmpty()) {
        throw new AssertionError(visits.wrong().toString());
      }
      story.count("deliveries", visits.all());
      story.count("duplicates, all marked", visits.all() - visits.items());
    }

    private void check(
        boolean kept, String promise, @org.jspecify.annotations.Nullable ItemId item) {
      if (!kept) {
        throw new AssertionError(
            "broken: " + promise + (item == null ? "" : "; visits " + visits.of(item)));
      }
    }
  }

  @Override
  public void run(SplittableRandom random, Story story) throws Exception {
    try (TestCluster cluster = TestCluster.of(ALL.toArray(new String[0]))) {
      new Run(random, story, cluster).run();
    }
  }
}
