package io.liblink.proof.schedule;

import io.liblink.Event;
import io.liblink.Node;
import io.liblink.Service;
import io.liblink.Subscription;
import io.liblink.Topic;
import io.liblink.delivery.Start;
import io.liblink.delivery.SubscribeOptions;
import io.liblink.delivery.TopicOptions;
import io.liblink.delivery.WhenFull;
import io.liblink.message.NodeId;
import io.liblink.proof.pubsub.Follower;
import io.liblink.testkit.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Two publishers and two nodes that subscribe. What happens: messages, cuts, stalls, refused connections, a registry
 * that is away, time that jumps, subscriptions that come and go, handlers that block, nodes that crash, close and
 * come back. At the end all is healed; then every subscription must have come to the end of what each publisher
 * published, without a hole or a repeat.
 */
public final class PubsubSchedule implements Schedules.Schedule {
  private static final int STEPS = 60;
  private static final int MOST_SUBSCRIPTIONS = 5;
  private static final int KEEP = 150;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration JUMP = Duration.ofMillis(100);
  private static final List<String> PUBLISHERS = List.of("p1", "p2");
  private static final List<String> SUBSCRIBERS = List.of("s1", "s2");
  private static final List<String> ALL = List.of("p1", "p2", "s1", "s2");

  /** One run of it. */
  private static final class Run {
    private final SplittableRandom random;
    private final Story story;
    private final TestCluster cluster;
    private final Weather weather;
    private final List<Subscribed> subscribed = new ArrayList<>();
    private final Map<NodeId, Long> ended = new HashMap<>();

    Run(SplittableRandom random, Story story, TestCluster cluster) {
      this.random = random;
      this.story = story;
      this.cluster = cluster;
      this.weather = new Weather(cluster, random, ALL, story);
    }

    void run() {
      PUBLISHERS.forEach(this::serve);
      SUBSCRIBERS.forEach(s -> cluster.node(s).service("feed").awaitReady(2, PATIENCE));
      subscribe();
      for (int i = 0; i < STEPS; i++) {
        step();
      }
      settle();
      subscribed.forEach(s -> s.subscription().close());
    }

    private void step() {
      switch (random.nextInt(16)) {
        case 0, 1, 2, 3, 4 -> publish();
        case 5, 6, 7, 8, 9, 10 -> weather.change();
        case 11 -> subscribe();
        case 12 -> unsubscribe();
        case 13 -> turnGate();
        case 14 -> restart(one(SUBSCRIBERS));
        default -> restart(one(PUBLISHERS));
      }
    }

    private <T> T one(List<T> list) {
      return list.get(random.nextInt(list.size()));
    }

    private void serve(String publisher) {
      Node node = cluster.node(publisher);
      node.serve(Service.named("feed")
          .topic("numbers", byte[].class, TopicOptions.defaults().keep(KEEP, 16L << 20)));
    }

    private Topic topic(String publisher) {
      return cluster.node(publisher).topic("feed/numbers");
    }

    private void publish() {
      Topic topic = topic(one(PUBLISHERS));
      int n = 1 + random.nextInt(random.nextInt(4) == 0 ? 2 * KEEP : KEEP / 3);
      for (int i = 0; i < n; i++) {
        int bytes = random.nextInt(50) == 0 ? 40_000 : 8 + random.nextInt(200);
        byte[] payload = Follower.payload(topic.published() + 1, bytes);
        if (random.nextBoolean()) {
          topic.publish("key-" + random.nextInt(5), payload);
        } else {
          topic.publish(payload);
        }
      }
      story.tell("publish " + n + ", now " + topic.published());
      story.count("messages published", n);
    }

    private void subscribe() {
      if (subscribed.size() >= MOST_SUBSCRIPTIONS) {
        return;
      }
      weather.connect(); // it would wait, and may say so instead
      WhenFull whenFull = one(List.of(WhenFull.values()));
      SubscribeOptions options = SubscribeOptions.defaults()
          .from(random.nextBoolean() ? Start.latest() : Start.earliest())
          .whenFull(whenFull);
      if (random.nextBoolean()) {
        options = options.queue(1 + random.nextInt(2 * KEEP));
      }
      String node = one(SUBSCRIBERS);
      Follower follower =
          new Follower(node + " " + whenFull.text(), whenFull == WhenFull.LATEST_PER_KEY);
      Subscribed.Gate gate = new Subscribed.Gate();
      story.tell("subscribe " + follower.name() + " from " + options.from());
      Subscription subscription = begin(node, follower.listening(options), follower, gate);
      Map<NodeId, Long> starts = new HashMap<>();
      PUBLISHERS.forEach(p -> starts.put(cluster.node(p).id(), topic(p).published() + 1));
      subscribed.add(new Subscribed(node, whenFull, subscription, follower, gate, starts));
      story.count("subscriptions", 1);
    }

    private Subscription begin(
        String node, SubscribeOptions options, Follower follower, Subscribed.Gate gate) {
      var feed = cluster.node(node).service("feed").timeout(PATIENCE);
      return switch (random.nextInt(3)) {
        case 0 ->
          feed.subscribeBatches("numbers", byte[].class, options, events -> {
            gate.pass();
            events.forEach(follower::message);
          });
        case 1 ->
          feed.subscribe("*", byte[].class, options, (byte[] value, Event<byte[]> event) -> {
            gate.pass();
            follower.message(event);
          });
        default ->
          feed.subscribe(
              "numbers",
              byte[].class,
              options.nonBlocking(),
              (byte[] value, Event<byte[]> event) -> follower.message(event));
      };
    }

    private void unsubscribe() {
      if (!subscribed.isEmpty()) {
        Subscribed s = subscribed.remove(random.nextInt(subscribed.size()));
        story.tell("unsubscribe " + s.follower().name());
        s.gate().open();
        s.subscription().close();
        check(s);
      }
    }

    private void turnGate() {
      if (!subscribed.isEmpty()) {
        Subscribed s = one(subscribed);
        story.tell("turn the gate of " + s.follower().name());
        s.gate().turn();
      }
    }

    /** A crash, or an end in good order and a new run. */
    private void restart(String name) {
      weather.register();
      boolean publishes = PUBLISHERS.contains(name);
      if (publishes) {
        ended.put(cluster.node(name).id(), topic(name).published());
      }
      subscribed.stream()
          .filter(s -> s.node().equals(name))
          .forEach(s -> s.gate().open());
      if (random.nextBoolean()) {
        cluster.node(name).close(Duration.ofMillis(random.nextInt(200)));
        story.tell("close " + name);
        story.count("nodes closed in good order", 1);
      } else {
        story.tell("crash " + name);
        story.count("nodes crashed", 1);
      }
      cluster.start(name);
      subscribed.stream().filter(s -> s.node().equals(name)).toList().forEach(s -> {
        subscribed.remove(s);
        check(s);
      });
      if (publishes) {
        serve(name);
      } else {
        cluster.node(name).service("feed").awaitReady(2, PATIENCE);
      }
    }

    private void settle() {
      weather.clear();
      subscribed.forEach(s -> s.gate().open());
      // Sends something to everybody, so that each has to come to an end that is not behind it.
      PUBLISHERS.forEach(p -> topic(p).publish(Follower.payload(topic(p).published() + 1, 8)));
      for (String p : PUBLISHERS) {
        NodeId id = cluster.node(p).id();
        long published = topic(p).published();
        for (Subscribed s : subscribed) {
          Awaiting.until(
              () -> {
                cluster.clock().advance(JUMP);
                return s.isAt(id, published);
              },
              () -> s.follower().name() + " comes to " + published + " of " + p + "; it is "
                  + s.follower().of(id) + ", " + s.subscription().publishers());
        }
      }
      subscribed.forEach(this::check);
    }

    private void check(Subscribed s) {
      Follower f = s.follower();
      for (String p : PUBLISHERS) {
        judge(s, cluster.node(p).id(), topic(p).published());
      }
      ended.forEach((id, published) -> judge(s, id, published));
      story.count("messages received", f.sum(Follower.Account::received));
      story.count("messages missed, told in gaps", f.sum(Follower.Account::missed));
      story.count("gaps", f.sum(Follower.Account::gaps));
    }

    private static void judge(Subscribed s, NodeId publisher, long published) {
      String wrong = s.wrong(publisher, published);
      if (!wrong.isEmpty()) {
        throw new AssertionError(s.follower().name() + " of " + publisher + ": " + wrong);
      }
      if (s.follower().of(publisher).last() > published) {
        throw new AssertionError(
            s.follower().name() + " has more than the " + published + " published");
      }
    }
  }

  @Override
  public void run(SplittableRandom random, Story story) {
    try (TestCluster cluster = TestCluster.of(ALL.toArray(new String[0]))) {
      new Run(random, story, cluster).run();
    }
  }
}
