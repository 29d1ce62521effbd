package io.liblink.proof.pubsub;

import io.liblink.EventStream;
import io.liblink.Node;
import io.liblink.RemoteService;
import io.liblink.Service;
import io.liblink.Topic;
import io.liblink.delivery.PublisherState.Phase;
import io.liblink.delivery.SubscribeOptions;
import io.liblink.delivery.TopicOptions;
import io.liblink.delivery.WhenFull;
import io.liblink.proof.books.Findings;
import io.liblink.proof.books.Pace;
import io.liblink.testkit.Fault;
import io.liblink.testkit.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Two publishers, four subscribers, and every connection between them is cut again and again. For each subscriber
 * and publisher, received + missed must be what was published, in order, without duplicates.
 *
 * <p>After each cut the clock is turned ahead, or connections would be down most of the time, waiting.
 *
 * <p>One publisher keeps what is usual, so that a subscriber that comes back misses little or nothing. The other
 * keeps next to nothing, so that it misses something nearly each time and must be told. The subscribers take
 * messages one by one, in batches, as a stream with a short queue, and on the event loop.
 */
public final class PubsubCuts {
  private static final int BYTES = 64;

  /** Links that break again and again are made anew after up to so long, and proofs have no time. */
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(5);

  private static final int NOTICED_MILLIS = 20;
  private static final TopicOptions SHORT_TAIL = TopicOptions.defaults().keep(300, 1 << 20);

  /**
   * How much of it.
   *
   * @param messages published by both together
   * @param perSecond by both together
   * @param cutEvery all connections at once
   * @param patience for the end, once nothing is cut any more
   */
  public record Size(long messages, int perSecond, Duration cutEvery, Duration patience) {
    /** For a look, and for every build. */
    public static final Size SHORT =
        new Size(50_000, 10_000, Duration.ofMillis(200), Duration.ofMinutes(1));

    /** The whole of it. */
    public static final Size FULL =
        new Size(1_000_000, 20_000, Duration.ofMillis(200), Duration.ofMinutes(1));
  }

  private final Size size;
  private final Consumer<String> progress;
  private final List<Follower> followers = new ArrayList<>();

  /** One run. */
  public PubsubCuts(Size size, Consumer<String> progress) {
    this.size = size;
    this.progress = progress;
  }

  /** Runs it. */
  public Findings run() throws Exception {
    Findings findings = new Findings();
    try (TestCluster cluster =
        TestCluster.of("publisher-1", "publisher-2", "one", "batch", "stream", "loop")) {
      List<Topic> topics = List.of(
          serve(cluster.node("publisher-1"), TopicOptions.defaults()),
          serve(cluster.node("publisher-2"), SHORT_TAIL));
      List<String> names = List.of("one", "batch", "stream", "loop");
      for (String name : names) {
        followers.add(new Follower(name));
        feed(cluster, name).awaitReady(2, size.patience());
      }
      subscribe(cluster);
      long cuts = publishAndCut(cluster, topics);
      cluster.heal();
      progress.accept("published, " + cuts + " cuts; waiting for the last messages");
      boolean complete = await(() -> isComplete(cluster));
      findings.must(complete, "every subscriber comes to the end of what was published");
      judge(findings, cluster, cuts);
    }
    return findings;
  }

  private static Topic serve(Node node, TopicOptions keep) {
    node.serve(Service.named("feed").topic("numbers", byte[].class, keep));
    return node.topic("feed/numbers");
  }

  private RemoteService feed(TestCluster cluster, String subscriber) {
    return cluster.node(subscriber).service("feed").timeout(size.patience());
  }

  private void subscribe(TestCluster cluster) {
    SubscribeOptions usual = SubscribeOptions.defaults();
    Follower one = followers.get(0);
    feed(cluster, "one")
        .subscribe(
            "numbers", byte[].class, one.listening(usual), (value, event) -> one.message(event));
    Follower batch = followers.get(1);
    feed(cluster, "batch")
        .subscribeBatches(
            "*", byte[].class, batch.listening(usual), events -> events.forEach(batch::message));
    Follower stream = followers.get(2);
    EventStream<byte[]> events = feed(cluster, "stream")
        .events(
            "numbers",
            byte[].class,
            stream.listening(usual.queue(500).whenFull(WhenFull.DROP_NEWEST)));
    Thread reader = new Thread(() -> events.forEachRemaining(stream::message), "stream");
    reader.setDaemon(true);
    reader.start();
    Follower loop = followers.get(3);
    RemoteService feed = feed(cluster, "loop");
    feed.subscribe(
        "numbers",
        byte[].class,
        loop.listening(usual.nonBlocking()),
        (value, event) -> loop.message(event));
  }

  private long publishAndCut(TestCluster cluster, List<Topic> topics) throws Exception {
    List<Thread> publishers = new ArrayList<>();
    List<Throwable> failed = java.util.Collections.synchronizedList(new ArrayList<>());
    for (Topic topic : topics) {
      Thread t = new Thread(() -> publish(topic, size.messages() / topics.size()), "publisher");
      t.setUncaughtExceptionHandler((thread, e) -> failed.add(e));
      t.start();
      publishers.add(t);
    }
    long cuts = 0;
    for (Thread t : publishers) {
      while (t.isAlive()) {
        t.join(size.cutEvery().toMillis());
        if (t.isAlive()) {
          cluster.inject(Fault.cut());
          cuts++;
          t.join(NOTICED_MILLIS);
          cluster.clock().advance(LONGEST_BACKOFF);
          if (cuts % 25 == 0) {
            progress.accept(cuts + " cuts, published " + topics.get(0).published() + " and "
                + topics.get(1).published());
          }
        }
      }
    }
    if (!failed.isEmpty()) {
      throw new IllegalStateException("publishing failed", failed.get(0));
    }
    return cuts;
  }

  private void publish(Topic topic, long messages) {
    Pace pace = new Pace(size.perSecond() / 2.0);
    for (long i = 1; i <= messages; i++) {
      pace.await();
      topic.publish(Follower.payload(i, BYTES));
    }
  }

  private boolean isComplete(TestCluster cluster) {
    for (Follower f : followers) {
      for (String name : List.of("publisher-1", "publisher-2")) {
        Node node = cluster.node(name);
        if (f.of(node.id()).last() != node.topic("feed/numbers").published()) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + size.patience().toNanos();
    while (!condition.getAsBoolean()) {
      if (end - System.nanoTime() < 0) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
    return true;
  }

  private void judge(Findings findings, TestCluster cluster, long cuts) {
    findings.count("published", size.messages() / 2 * 2);
    findings.count("times that all connections were cut", cuts);
    findings.count("connections made", cluster.dials());
    for (Follower f : followers) {
      for (String name : List.of("publisher-1", "publisher-2")) {
        Node node = cluster.node(name);
        long published = node.topic("feed/numbers").published();
        Follower.Account a = f.of(node.id());
        String who = f.name() + " of " + name;
        findings.count(who + ": received", a.received());
        findings.count(who + ": missed, told in gaps", a.missed());
        findings.count(who + ": gaps", a.gaps());
        findings.must(a.start() == 1, who + " begins with the first message");
        findings.must(
            a.total() == published,
            who + ": received " + a.received() + " and missed " + a.missed() + " is " + published
                + " published");
      }
      findings.count(f.name() + ": publishers lost and found again", f.times(Phase.LOST));
      f.wrong().forEach(w -> findings.must(false, "in order and once: " + w));
    }
  }
}
