package io.liblink.behaviour;

import static io.liblink.behaviour.Calls.count;
import static io.liblink.behaviour.Calls.failure;
import static io.liblink.behaviour.Calls.pass;
import static io.liblink.testkit.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.Event;
import io.liblink.Node;
import io.liblink.RemoteService;
import io.liblink.Service;
import io.liblink.SubscriberState;
import io.liblink.Subscription;
import io.liblink.Topic;
import io.liblink.delivery.Start;
import io.liblink.delivery.SubscribeOptions;
import io.liblink.delivery.TopicOptions;
import io.liblink.delivery.WhenFull;
import io.liblink.message.Message;
import io.liblink.status.Status;
import io.liblink.testkit.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages from publishers to subscribers, while nothing is wrong. */
class SubscribeTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  record Price(String sku, int cents) {}

  private TestCluster cluster;
  private Node publisher;
  private RemoteService pricing;
  private Topic changed;

  @BeforeEach
  void start() {
    cluster = TestCluster.of("a", "b", "c");
    publisher = cluster.node("b");
    publisher.serve(Service.named("pricing")
        .topic("changed", Long.class, TopicOptions.defaults().keep(100, 1 << 20))
        .topic("news.eu", String.class)
        .topic("news.us.ny", String.class)
        .topic("prices", Price.class, TopicOptions.defaults().lastValues(100))
        .topic("raw", byte[].class)
        .topic("messages", Message.class)
        .method("echo", r -> r.message()));
    changed = publisher.topic("pricing/changed");
    pricing = cluster.node("a").service("pricing");
    pricing.awaitReady(1, SOON);
  }

  @AfterEach
  void end() {
    cluster.close();
  }

  @Test
  void whatIsPublishedAfterTheConfirmationComesInOrder() {
    for (boolean nonBlocking : new boolean[] {false, true}) {
      long before = changed.published();
      SubscribeOptions options = SubscribeOptions.defaults();
      List<Long> got = Collections.synchronizedList(new ArrayList<>());
      try (Subscription s = pricing.subscribe(
          "changed", Long.class, nonBlocking ? options.nonBlocking() : options, v -> got.add(v))) {
        for (long i = 0; i < 10_000; i++) {
          assertThat(changed.publish(i)).isEqualTo(before + i + 1);
          if (i % 50 == 0) {
            changed.awaitLag(40, SOON);
          }
        }
        await("all came", () -> got.size() == 10_000);
        assertThat(got).isEqualTo(LongStream.range(0, 10_000).boxed().toList());
        assertThat(s.received()).isEqualTo(10_000);
        assertThat(s.missed()).isZero();
        assertThat(s.publishers()).singleElement().satisfies(p -> {
          assertThat(p.start()).isEqualTo(before + 1);
          assertThat(p.last()).isEqualTo(before + 10_000);
          assertThat(p.topic()).isEqualTo("pricing/changed");
          assertThat(p.node()).isEqualTo("b");
          assertThat(p.id()).isEqualTo(publisher.id());
          assertThat(p.problem()).isEmpty();
        });
      }
      await("it is gone", () -> changed.subscribers().isEmpty());
    }
    assertThat(count(publisher, "topics.published")).isEqualTo(20_000);
    assertThat(count(publisher, "topics.sent")).isEqualTo(20_000);
    assertThat(count(cluster.node("a"), "subscriptions.received")).isEqualTo(20_000);
  }

  @Test
  void aMessageIsAValueOfTheTypeWithItsHeadersAndKey() {
    Recorder<Price> prices = new Recorder<>();
    Recorder<Message> messages = new Recorder<>();
    pricing.subscribe("prices", Price.class, prices.options(), prices);
    pricing.subscribe("messages", Message.class, messages.options(), messages);
    publisher.publish("pricing/prices", "A-1", new Price("A-1", 1299));
    publisher.publish(
        "pricing/prices", Message.json("{\"sku\":\"B\",\"cents\":5}").withHeader("Region", "eu"));
    publisher.publish("pricing/messages", "k", Message.text("hi").withHeader("x", "y"));
    prices.awaitCount(2);
    messages.awaitCount(1);

    Event<Price> first = prices.events().get(0);
    assertThat(first.value()).isEqualTo(new Price("A-1", 1299));
    assertThat(first.key()).isEqualTo("A-1");
    assertThat(first.topic()).isEqualTo("pricing/prices");
    assertThat(first.publisher()).isEqualTo(publisher.id());
    assertThat(first.node()).isEqualTo("b");
    assertThat(first.sequence()).isEqualTo(1);
    assertThat(first.lastValue()).isFalse();
    assertThat(first.message().headers()).isEmpty();
    Event<Price> second = prices.events().get(1);
    assertThat(second.value()).isEqualTo(new Price("B", 5));
    assertThat(second.key()).isNull();
    assertThat(second.message().headers()).containsOnlyKeys("region").containsValue("eu");
    Message message = messages.values().get(0);
    assertThat(message.text()).isEqualTo("hi");
    assertThat(message.contentType()).isEqualTo(Message.TEXT);
    assertThat(message.headers()).containsOnlyKeys("x");
    assertThat(messages.events().get(0).key()).isEqualTo("k");
  }

  @Test
  void aSubscriberMayBeginWithWhatIsKept() {
    for (long i = 1; i <= 150; i++) {
      changed.publish(i);
    }
    Recorder<Long> earliest = new Recorder<>();
    Recorder<Long> some = new Recorder<>();
    Recorder<Long> gone = new Recorder<>();
    Recorder<Long> age = new Recorder<>();
    SubscribeOptions options = SubscribeOptions.defaults();
    pricing.subscribe(
        "changed", Long.class, earliest.options(options.from(Start.earliest())), earliest);
    pricing.subscribe("changed", Long.class, some.options(options.from(Start.sequence(120))), some);
    pricing.subscribe("changed", Long.class, gone.options(options.from(Start.sequence(20))), gone);
    pricing.subscribe(
        "changed", Long.class, age.options(options.from(Start.within(Duration.ofHours(1)))), age);
    earliest.awaitCount(100);
    assertThat(earliest.values().get(0)).isEqualTo(51);
    assertThat(earliest.missed()).isZero();
    some.awaitCount(31);
    assertThat(some.values().get(0)).isEqualTo(120);
    gone.awaitCount(100);
    assertThat(gone.gaps()).singleElement().satisfies(gap -> {
      assertThat(gap.count()).isEqualTo(31);
      assertThat(gap.last()).isEqualTo(50);
      assertThat(gap.topic()).isEqualTo("pricing/changed");
      assertThat(gap.node()).isEqualTo("b");
    });
    age.awaitCovered(150);
    cluster.clock().advance(Duration.ofMinutes(2));
    Recorder<Long> young = new Recorder<>();
    pricing.subscribe(
        "changed",
        Long.class,
        young.options(options.from(Start.within(Duration.ofMinutes(1)))),
        young);
    changed.publish(151L);
    young.awaitCount(1);
    assertThat(young.values()).containsExactly(151L);
  }

  @Test
  void lastValuesComeFirst() {
    for (int i = 0; i < 300; i++) {
      publisher.publish("pricing/prices", "sku" + i % 3, new Price("sku" + i % 3, i));
    }
    Recorder<Price> got = new Recorder<>();
    pricing.subscribe("prices", Price.class, got.options(), got);
    publisher.publish("pricing/prices", "sku0", new Price("sku0", 1000));
    got.awaitCount(4);
    assertThat(got.values().stream().map(Price::cents)).containsExactly(297, 298, 299, 1000);
    assertThat(got.events().stream().map(Event::lastValue))
        .containsExactly(true, true, true, false);
  }

  @Test
  void aPatternMeansEveryTopicThatIsAnnouncedAndMatches() {
    Recorder<String> one = new Recorder<>();
    Recorder<String> all = new Recorder<>();
    Recorder<byte[]> everything = new Recorder<>();
    Subscription s = pricing.subscribe("news.*", String.class, one.options(), one);
    pricing.subscribe("news.>", String.class, all.options(), all);
    pricing.subscribe(">", byte[].class, everything.options(), everything);
    publisher.publish("pricing/news.eu", "bonjour");
    publisher.publish("pricing/news.us.ny", "hi");
    publisher.publish("pricing/raw", new byte[] {1});
    one.awaitCount(1);
    all.awaitCount(2);
    everything.awaitCount(3);
    assertThat(one.events().get(0).topic()).isEqualTo("pricing/news.eu");
    assertThat(s.publishers()).hasSize(1);
    assertThat(all.events().stream().map(Event::topic))
        .containsExactlyInAnyOrder("pricing/news.eu", "pricing/news.us.ny");
    Subscription none = pricing.subscribe("nothing.>", String.class, v -> {});
    assertThat(none.publishers()).isEmpty(); // at once: a later publisher may have such a topic
  }

  @Test
  void aSelectorChoosesAmongInstances() {
    for (String node : List.of("a", "c")) {
      cluster.node(node).serve(Service.named("news").meta("zone", node).topic("t", String.class));
    }
    RemoteService news = cluster.node("b").service("news");
    news.awaitReady(2, SOON);
    Recorder<String> both = new Recorder<>();
    Recorder<String> chosen = new Recorder<>();
    Recorder<String> named = new Recorder<>();
    assertThat(news.subscribe("t", String.class, both.options(), both).publishers())
        .hasSize(2);
    news.where("zone == 'c'").subscribe("t", String.class, chosen.options(), chosen);
    news.to("a").subscribe("t", String.class, named.options(), named);
    cluster.node("a").publish("news/t", "from a");
    cluster.node("c").publish("news/t", "from c");
    both.awaitCount(2);
    chosen.awaitCount(1);
    named.awaitCount(1);
    assertThat(chosen.values()).containsExactly("from c");
    assertThat(named.values()).containsExactly("from a");
    assertThat(both.values()).containsExactlyInAnyOrder("from a", "from c");
  }

  @Test
  void aPublisherThatIsNotReadyPublishesAllTheSame() {
    cluster.node("c").serve(Service.named("shy").topic("t", String.class).notReady());
    RemoteService shy = cluster.node("a").service("shy");
    await("it is known", () -> shy.instances().size() == 1);
    Recorder<String> got = new Recorder<>();
    shy.subscribe("t", String.class, got.options(), got);
    cluster.node("c").publish("shy/t", "psst");
    got.awaitCount(1);
  }

  @Test
  void theFilterIsTestedAtThePublisher() {
    Recorder<Message> got = new Recorder<>();
    pricing.subscribe(
        "messages",
        Message.class,
        got.options(SubscribeOptions.defaults().filter("zone == 'eu' or liblink-key == 'k'")),
        got);
    for (int i = 0; i < 300; i++) {
      publisher.publish(
          "pricing/messages", Message.empty().withHeader("zone", i % 100 == 0 ? "eu" : "us"));
    }
    publisher.publish("pricing/messages", "k", Message.empty());
    got.awaitCount(4);
    assertThat(got.sequences()).containsExactly(1L, 101L, 201L, 301L);
    assertThat(got.missed()).isZero();
    assertThat(count(publisher, "topics.sent")).isEqualTo(4);
    assertThat(count(publisher, "topics.filtered")).isEqualTo(297);
  }

  @Test
  void largeMessagesAndSmallOnesComeInOrder() {
    Recorder<byte[]> got = new Recorder<>();
    Subscription s = pricing.subscribe("raw", byte[].class, got.options(), got);
    int[] sizes = {0, 16_384, 16_385, 100, 1 << 20, 5, 3 << 20, 17_000, 1, 40_000, 16_385, 0};
    for (int round = 0; round < 3; round++) {
      for (int size : sizes) {
        byte[] payload = new byte[size];
        Arrays.fill(payload, (byte) size);
        publisher.publish("pricing/raw", payload);
      }
    }
    got.awaitCount(3 * sizes.length);
    List<byte[]> values = got.values();
    for (int i = 0; i < values.size(); i++) {
      int size = sizes[i % sizes.length];
      byte[] expected = new byte[size];
      Arrays.fill(expected, (byte) size);
      assertThat(values.get(i)).isEqualTo(expected);
    }
    assertThat(s.missed()).isZero();
  }

  @Test
  void batchesComeInOrderAndTakeWhatIsThere() {
    List<Event<Long>> got = Collections.synchronizedList(new ArrayList<>());
    List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch gate = new CountDownLatch(1);
    pricing.subscribeBatches("changed", Long.class, SubscribeOptions.defaults(), batch -> {
      sizes.add(batch.size());
      got.addAll(batch);
      pass(gate);
    });
    changed.publish(1L);
    await("the first batch", () -> sizes.size() == 1);
    for (long i = 2; i <= 60; i++) {
      changed.publish(i);
    }
    gate.countDown();
    await("all came", () -> got.size() == 60);
    assertThat(got.stream().map(Event::value))
        .isEqualTo(LongStream.rangeClosed(1, 60).boxed().toList());
    assertThat(sizes).allMatch(n -> n >= 1 && n <= 1024);
    assertThat(sizes.size()).isLessThan(60);
  }

  @Test
  void aHandlerThatThrowsGetsTheNextMessage() {
    List<Long> got = Collections.synchronizedList(new ArrayList<>());
    Subscription s = pricing.subscribe("changed", Long.class, value -> {
      got.add(value);
      if (value % 2 == 0) {
        throw new IllegalStateException("even");
      }
    });
    for (long i = 1; i <= 10; i++) {
      changed.publish(i);
    }
    await("all came", () -> got.size() == 10);
    await("counted", () -> count(cluster.node("a"), "subscriber.failed") == 5);
    assertThat(s.received()).isEqualTo(10);
    assertThat(s.failure()).isNull();
  }

  @Test
  void aMessageThatIsNoValueOfTheTypeFailsAndTheNextOneComes() {
    Recorder<Price> got = new Recorder<>();
    pricing.subscribe("messages", Price.class, got.options(), got);
    publisher.publish("pricing/messages", Message.text("no price"));
    publisher.publish("pricing/messages", Message.json("{\"sku\":\"A\",\"cents\":1}"));
    got.awaitCount(1);
    assertThat(count(cluster.node("a"), "subscriber.failed")).isEqualTo(1);
  }

  @Test
  void thePublisherSeesItsSubscribersAndTheirLag() {
    assertThat(changed.subscribers()).isEmpty();
    assertThat(failure(() -> changed.awaitSubscribers(1, Duration.ofMillis(20))))
        .satisfies(e -> assertThat(e.status()).isEqualTo(Status.DEADLINE_EXCEEDED))
        .hasMessageContaining("there are 0");
    Recorder<Long> slow = new Recorder<>();
    CountDownLatch go = slow.block();
    pricing.subscribe(
        "changed",
        Long.class,
        slow.options(SubscribeOptions.defaults().queue(90).whenFull(WhenFull.DROP_NEWEST)),
        slow);
    changed.awaitSubscribers(1, SOON);
    for (long i = 0; i < 60; i++) {
      changed.publish(i);
    }
    await("the credit is used up", () -> changed.subscribers().get(0).sent() == 32);
    SubscriberState state = changed.subscribers().get(0);
    assertThat(state.id()).isEqualTo(cluster.node("a").id());
    assertThat(state.node()).isEqualTo("a");
    assertThat(state.identity()).isEqualTo(cluster.node("a").identity());
    assertThat(state.address()).startsWith("127.0.0.1:");
    assertThat(state.lag()).isEqualTo(28);
    assertThat(state.missed()).isZero();
    assertThat(state.filter()).isEmpty();
    assertThat(state.whenFull()).isEqualTo(WhenFull.DROP_NEWEST);
    changed.awaitLag(28, SOON);
    assertThat(failure(() -> changed.awaitLag(27, Duration.ofMillis(20))))
        .satisfies(e -> assertThat(e.status()).isEqualTo(Status.DEADLINE_EXCEEDED))
        .hasMessageContaining("a@");
    go.countDown();
    changed.awaitLag(0, SOON);
    slow.awaitCount(60);
  }

  @Test
  void aHandlerMayCloseItsOwnSubscription() {
    AtomicReference<Subscription> mine = new AtomicReference<>();
    CountDownLatch started = new CountDownLatch(1);
    List<Long> got = Collections.synchronizedList(new ArrayList<>());
    mine.set(pricing.subscribe("changed", Long.class, value -> {
      pass(started);
      got.add(value);
      mine.get().close();
    }));
    started.countDown();
    changed.publish(1L);
    await("it is gone", () -> changed.subscribers().isEmpty());
    changed.publish(2L);
    assertThat(got).containsExactly(1L);
  }

  @Test
  void aHandlerMayPublish() {
    Recorder<String> got = new Recorder<>();
    cluster.node("c").serve(Service.named("answers").topic("t", String.class));
    RemoteService answers = cluster.node("a").service("answers");
    answers.awaitReady(1, SOON);
    answers.subscribe("t", String.class, got.options(), got);
    RemoteService there = cluster.node("c").service("pricing");
    there.awaitReady(1, SOON);
    for (boolean nonBlocking : new boolean[] {false, true}) {
      SubscribeOptions options = SubscribeOptions.defaults();
      there.subscribe(
          "changed",
          Long.class,
          nonBlocking ? options.nonBlocking() : options,
          value -> cluster.node("c").publish("answers/t", value + "!"));
    }
    changed.publish(7L);
    got.awaitCount(2);
    assertThat(got.values()).containsExactly("7!", "7!");
  }

  @Test
  void aNodeSubscribesToItself() {
    RemoteService own = publisher.service("pricing");
    own.awaitReady(1, SOON);
    Recorder<Long> got = new Recorder<>();
    own.subscribe("changed", Long.class, got.options(), got);
    changed.publish(1L);
    got.awaitCount(1);
  }

  @Test
  void mistakesOfThePublisherAreSaidAtOnce() {
    assertThatThrownBy(() -> publisher.publish("pricing/none", "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no topic 'pricing/none'");
    assertThatThrownBy(() -> publisher.topic("changed"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> cluster.node("a").publish("pricing/changed", 1L))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> changed.publish("a text"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.Long");
    assertThatThrownBy(() -> changed.publish("", 1L)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() ->
            publisher.publish("pricing/messages", Message.empty().withHeader("liblink-gap", "5")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("reserved");
    assertThatThrownBy(
            () -> publisher.publish("pricing/messages", Message.empty().withHeader("a b", "5")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(failure(() -> publisher.publish("pricing/raw", new byte[(64 << 20) + 1]))
            .status())
        .isEqualTo(Status.RESOURCE_EXHAUSTED);
    assertThat(changed.published()).isZero();
    assertThat(publisher.publish("pricing/messages", Message.empty())).isEqualTo(1);
  }

  @Test
  void mistakesOfTheSubscriberAreSaidAtOnce() {
    assertThatThrownBy(() -> pricing.subscribe("a..b", String.class, v -> {}))
        .isInstanceOf(IllegalArgumentException.class);
    SubscribeOptions wrong = SubscribeOptions.defaults().filter("zone ==");
    assertThatThrownBy(() -> pricing.subscribe("changed", Long.class, wrong, v -> {}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> pricing.eventPublisher("changed", Long.class, wrong))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SubscribeOptions.defaults().queue(0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(failure(() -> pricing.subscribe("none", Long.class, v -> {})))
        .satisfies(e -> assertThat(e.status()).isEqualTo(Status.UNIMPLEMENTED))
        .hasMessageContaining("no topic 'none'");
    assertThat(failure(() -> pricing.subscribe("echo", Long.class, v -> {})).status())
        .isEqualTo(Status.UNIMPLEMENTED);
    assertThat(failure(() -> pricing.call("changed", Message.empty())).status())
        .isEqualTo(Status.UNIMPLEMENTED);
    SubscribeOptions tooFar = SubscribeOptions.defaults().from(Start.sequence(5));
    assertThat(failure(() -> pricing.subscribe("changed", Long.class, tooFar, v -> {})))
        .satisfies(e -> assertThat(e.status()).isEqualTo(Status.OUT_OF_RANGE))
        .hasMessageContaining("has 0 messages");
    assertThat(changed.subscribers()).isEmpty();
    assertThat(count(publisher, "drop.subscription_refused")).isEqualTo(1);
    assertThat(count(publisher, "drop.unknown_endpoint")).isEqualTo(3);
  }

  @Test
  void nobodyWaitsWhereThereIsNoPublisher() {
    RemoteService none = cluster.node("a").service("nobody");
    Recorder<String> got = new Recorder<>();
    Subscription s = none.subscribe("t", String.class, got.options(), got);
    assertThat(s.publishers()).isEmpty();
    cluster.node("c").serve(Service.named("nobody").topic("t", String.class));
    cluster.node("c").publish("nobody/t", "late, and not missed");
    got.awaitCount(1);
  }
}
