package io.liblink.behaviour;

import static io.liblink.behaviour.Calls.count;
import static io.liblink.behaviour.Calls.failure;
import static io.liblink.testkit.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.Event;
import io.liblink.Node;
import io.liblink.RemoteService;
import io.liblink.Served;
import io.liblink.Service;
import io.liblink.Subscription;
import io.liblink.Topic;
import io.liblink.delivery.PublisherState;
import io.liblink.delivery.PublisherState.Phase;
import io.liblink.delivery.Start;
import io.liblink.delivery.SubscribeOptions;
import io.liblink.delivery.TopicOptions;
import io.liblink.status.Status;
import io.liblink.testkit.Fault;
import io.liblink.testkit.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Subscriptions while links break, nodes come and go, and the registry is away. */
class SubscribeResumeTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private TestCluster cluster;
  private Node publisher;
  private Served served;
  private RemoteService pricing;
  private Topic changed;
  private final Recorder<Long> got = new Recorder<>();

  @BeforeEach
  void start() {
    cluster = TestCluster.builder()
        .options(o -> o.timeouts(t -> t.drain(Duration.ofSeconds(20))))
        .start("a", "b", "c");
    publisher = cluster.node("b");
    serve();
    pricing = cluster.node("a").service("pricing");
    pricing.awaitReady(1, SOON);
  }

  private void serve() {
    served = publisher.serve(pricing(1000));
    changed = publisher.topic("pricing/changed");
  }

  private static Service pricing(int keep) {
    return Service.named("pricing")
        .topic("changed", Long.class, TopicOptions.defaults().keep(keep, 1 << 20))
        .topic("busy", Long.class)
        .method("echo", r -> r.message());
  }

  @AfterEach
  void end() {
    cluster.close();
  }

  private Subscription subscribe() {
    return pricing.subscribe("changed", Long.class, got.options(), got);
  }

  private void publish(long from, long to) {
    for (long i = from; i <= to; i++) {
      publisher.publish("pricing/changed", i);
    }
  }

  private static List<Long> numbers(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  @Test
  void itGoesOnBehindTheLastMessageWhenTheLinkIsCut() {
    Subscription s = subscribe();
    for (int round = 0; round < 5; round++) {
      publish(round * 100 + 1, round * 100 + 50);
      cluster.inject(Fault.cut(), "a", "b");
      publish(round * 100 + 51, round * 100 + 100);
      got.awaitCount(round * 100 + 100);
    }
    assertThat(got.values()).isEqualTo(numbers(1, 500));
    assertThat(s.missed()).isZero();
    assertThat(got.gaps()).isEmpty();
    await("active", () -> s.publishers().get(0).phase() == Phase.ACTIVE);
    assertThat(s.publishers().get(0).start()).isEqualTo(1);
    assertThat(count(cluster.node("a"), "subscriptions.resumed")).isBetween(1L, 5L);
    assertThat(count(cluster.node("a"), "subscriptions.holes")).isZero();
  }

  @Test
  void everyMessageComesOnceWhileLinksAreCutAllTheTime() {
    subscribe();
    CompletableFuture<Void> published = CompletableFuture.runAsync(() -> {
      for (long i = 1; i <= 20_000; i++) {
        changed.publish(i);
        if (i % 100 == 0) {
          changed.awaitLag(500, SOON);
          long now = i;
          // Who is not connected has no lag here: the tail must not run away from it.
          await("not far behind", () -> got.events().size() > now - 700);
        }
      }
    });
    int cuts = 0;
    while (!published.isDone()) {
      cluster.inject(Fault.cut(), "a", "b");
      cuts++;
      int before = got.events().size();
      await("it moved", () -> published.isDone() || got.events().size() > before + 500);
    }
    published.join();
    got.awaitCount(20_000);
    assertThat(got.values()).isEqualTo(numbers(1, 20_000));
    assertThat(cuts).isGreaterThan(5);
  }

  @Test
  void whatIsNotKeptMeanwhileIsOneGap() {
    subscribe();
    publish(1, 10);
    got.awaitCount(10);
    try (TestCluster.Injected refused = cluster.inject(Fault.refuse(), "a", "b")) {
      cluster.inject(Fault.cut(), "a", "b");
      await("lost", () -> got.was(Phase.LOST));
      publish(11, 5000);
    }
    got.awaitCovered(5000);
    assertThat(got.gaps()).singleElement().satisfies(gap -> {
      assertThat(gap.last()).isEqualTo(4000);
      assertThat(gap.count()).isEqualTo(3990);
      assertThat(gap.publisher()).isEqualTo(publisher.id());
    });
    assertThat(got.values().subList(10, 1010)).isEqualTo(numbers(4001, 5000));
  }

  @Test
  void itMovesToAnotherLinkWhenItsOwnGrowsOld() {
    subscribe();
    for (int round = 1; round <= 2; round++) {
      long dials = cluster.dials("a", "b");
      cluster.clock().advance(Duration.ofHours(25));
      await("another link, and the old one gone", () -> {
        changed.publish(changed.published() + 1);
        changed.awaitLag(100, SOON);
        return cluster.dials("a", "b") > dials && cluster.connections("a", "b") == 1;
      });
      long more = changed.published();
      publish(more + 1, more + 100);
    }
    got.awaitCount((int) changed.published());
    assertThat(got.values()).isEqualTo(numbers(1, changed.published()));
    assertThat(got.gaps()).isEmpty();
    assertThat(got.phases()).containsOnly(Phase.ACTIVE);
    assertThat(changed.subscribers()).hasSize(1);
    assertThat(count(cluster.node("a"), "subscriptions.resumed")).isEqualTo(2);
  }

  /** What comes on the new link before the old one has stopped is kept, and handed over. */
  @Test
  void nothingIsLostWhileItMovesUnderLoad() {
    subscribe();
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> {
      while (!over.get()) {
        publish(changed.published() + 1, changed.published() + 20);
        // Not by the clock of the cluster, which jumps.
        await("room", () -> changed.subscribers().stream().allMatch(s -> s.lag() <= 100));
      }
    });
    for (int round = 1; round <= 10; round++) {
      long dials = cluster.dials("a", "b");
      cluster.clock().advance(Duration.ofHours(25));
      await(
          "another link, and the old one gone",
          () -> cluster.dials("a", "b") > dials && cluster.connections("a", "b") == 1);
    }
    over.set(true);
    publishing.join();
    got.awaitCount((int) changed.published());
    assertThat(got.values()).isEqualTo(numbers(1, changed.published()));
    assertThat(got.gaps()).isEmpty();
  }

  @Test
  void itStaysOnALinkThatDrainsUntilThereIsAnother() {
    subscribe();
    publish(1, 10);
    got.awaitCount(10);
    try (TestCluster.Injected refused = cluster.inject(Fault.refuse(), "a", "b")) {
      long dials = cluster.dials("a", "b");
      cluster.clock().advance(Duration.ofHours(25));
      await("it has tried", () -> cluster.dials("a", "b") > dials);
      publish(11, 100);
      got.awaitCount(100); // on the link that drains
    }
    await("the old one is gone", () -> {
      changed.publish(changed.published() + 1);
      return cluster.connections("a", "b") == 1
          && count(cluster.node("a"), "subscriptions.resumed") == 1;
    });
    got.awaitCount((int) changed.published());
    assertThat(got.values()).isEqualTo(numbers(1, changed.published()));
    assertThat(got.phases()).containsOnly(Phase.ACTIVE);
  }

  @Test
  void whatWasPublishedComesBeforeTheNodeIsClosed() {
    CountDownLatch go = got.block();
    subscribe();
    publish(1, 800); // far more than the credit
    CompletableFuture<Void> closing = CompletableFuture.runAsync(publisher::close);
    await("it drains", () -> {
      try {
        changed.publish(0L);
        return false;
      } catch (IllegalStateException closed) {
        return true;
      }
    });
    go.countDown();
    closing.join();
    await("gone", () -> got.was(Phase.GONE));
    List<Long> values = got.values();
    assertThat(values.subList(0, 800)).isEqualTo(numbers(1, 800));
    assertThat(values.subList(800, values.size())).allMatch(v -> v == 0); // of the wait
    assertThat(got.gaps()).isEmpty();
  }

  @Test
  void numbersGoOnWhenTheServiceIsServedAgain() {
    Subscription s = subscribe();
    publish(1, 100);
    served.close();
    got.awaitCount(100);
    serve();
    assertThat(changed.published()).isEqualTo(100);
    publish(101, 200);
    got.awaitCount(200);
    assertThat(got.values()).isEqualTo(numbers(1, 200));
    assertThat(got.sequences()).isEqualTo(numbers(1, 200));
    assertThat(s.missed()).isZero();
  }

  @Test
  void publishersThatAppearLaterAreJoinedWithoutLoss() {
    Subscription s = subscribe();
    publish(1, 10);
    got.awaitCount(10);
    cluster.node("c").serve(pricing(1000));
    for (long i = 1; i <= 500; i++) {
      cluster.node("c").publish("pricing/changed", i);
    }
    got.awaitCount(510);
    assertThat(s.publishers()).hasSize(2);
    List<Long> ofLate = got.events().stream()
        .filter(e -> e.node().equals("c"))
        .map(Event::value)
        .toList();
    assertThat(ofLate).isEqualTo(numbers(1, 500));
  }

  @Test
  void publishersThatVanishAreReportedAndAnotherRunIsAnotherPublisher() {
    subscribe();
    publish(1, 10);
    got.awaitCount(10);
    publisher.close(Duration.ZERO);
    await("gone", () -> got.was(Phase.GONE));
    PublisherState gone = got.states().get(got.states().size() - 1);
    assertThat(gone.id()).isEqualTo(publisher.id());
    assertThat(gone.problem()).isNotEmpty();
    assertThat(gone.received()).isEqualTo(10);
    publisher = cluster.start("b");
    serve();
    publish(1, 5);
    got.awaitCount(15);
    Event<Long> last = got.events().get(14);
    assertThat(last.publisher()).isEqualTo(publisher.id()).isNotEqualTo(gone.id());
    assertThat(last.sequence()).isEqualTo(5);
  }

  @Test
  void aSubscriptionOutlivesTheRegistry() {
    subscribe();
    try (TestCluster.Injected lost = cluster.inject(Fault.registryLost())) {
      publish(1, 10);
      cluster.inject(Fault.cut(), "a", "b");
      publish(11, 20);
      got.awaitCount(20);
    }
    assertThat(got.values()).isEqualTo(numbers(1, 20));
    assertThat(got.was(Phase.GONE)).isFalse();
  }

  @Test
  void aPublisherThatCantBeReachedIsReportedAndTriedOn() {
    cluster.node("c").serve(pricing(1000));
    pricing.awaitReady(2, SOON);
    Subscription s;
    try (TestCluster.Injected refused = cluster.inject(Fault.refuse(), "a", "c")) {
      s = subscribe();
      assertThat(s.publishers()).hasSize(2);
      assertThat(s.publishers().stream().filter(p -> p.node().equals("c")))
          .singleElement()
          .satisfies(p -> {
            assertThat(p.phase()).isEqualTo(Phase.CONNECTING);
            assertThat(p.problem()).isNotEmpty();
          });
      cluster.node("c").publish("pricing/changed", 7L); // nobody is there: it must not be missed
    }
    got.awaitCount(1);
    assertThat(got.values()).containsExactly(7L);
    assertThat(s.publishers()).allSatisfy(p -> assertThat(p.phase()).isEqualTo(Phase.ACTIVE));
  }

  @Test
  void whoDoesNotAnswerInTimeIsNamed() {
    pricing.call("echo", "a link is there", String.class);
    try (TestCluster.Injected stalled = cluster.inject(Fault.stall(), "a", "b")) {
      RemoteService hasty = pricing.timeout(Duration.ofMillis(200));
      assertThat(failure(() -> hasty.subscribe("changed", Long.class, v -> {})))
          .satisfies(e -> assertThat(e.status()).isEqualTo(Status.DEADLINE_EXCEEDED))
          .hasMessageContaining("b@" + publisher.id().shortText())
          .hasMessageContaining("pricing/changed");
    }
    await("it is closed", () -> changed.subscribers().isEmpty());
  }

  @Test
  void theFirstViewIsWaitedFor() {
    try (TestCluster.Injected lost = cluster.inject(Fault.registryLost(), "c")) {
      RemoteService unknown = cluster.node("c").service("pricing").timeout(Duration.ofMillis(200));
      assertThat(failure(() -> unknown.subscribe("changed", Long.class, v -> {})))
          .satisfies(e -> assertThat(e.status()).isEqualTo(Status.DEADLINE_EXCEEDED))
          .hasMessageContaining("registry");
    }
  }

  @Test
  void subscriptionsEndWithTheirNode() {
    Subscription s = subscribe();
    publish(1, 10);
    got.awaitCount(10);
    cluster.node("a").close();
    await("it is gone", () -> changed.subscribers().isEmpty());
    publish(11, 20);
    assertThat(got.values()).hasSize(10);
    assertThat(s.received()).isEqualTo(10);
  }

  @Test
  void aConfirmedSubscriptionMissesNothingWheneverItBegins() {
    Topic busy = publisher.topic("pricing/busy");
    SplittableRandom random = new SplittableRandom(42);
    for (int round = 0; round < 30; round++) {
      Recorder<Long> one = new Recorder<>();
      CountDownLatch go = new CountDownLatch(1);
      int others = random.nextInt(3);
      List<Subscription> more = new ArrayList<>();
      CompletableFuture<Void> noise = CompletableFuture.runAsync(() -> {
        Calls.pass(go);
        for (int i = 0; i < 200; i++) {
          busy.publish(-1L);
        }
      });
      for (int i = 0; i < others; i++) {
        more.add(cluster.node("c").service("pricing").subscribe("busy", Long.class, v -> {}));
      }
      go.countDown();
      if (random.nextInt(4) == 0) {
        cluster.inject(Fault.cut(), "a", "b");
      }
      Subscription s = pricing.subscribe("busy", Long.class, one.options(), one);
      long first = busy.publish((long) round);
      int cut = random.nextInt(3);
      if (cut == 0) {
        cluster.inject(Fault.cut(), "a", "b");
      }
      long last = busy.publish(1000L + round);
      noise.join();
      await("both came", () -> one.sequences().containsAll(List.of(first, last)));
      assertThat(one.gaps()).isEmpty();
      s.close();
      more.forEach(Subscription::close);
    }
  }

  @Test
  void randomFaultsLoseNothingWithoutAWord() {
    SplittableRandom random = new SplittableRandom(7);
    cluster.node("c").serve(pricing(300));
    pricing.awaitReady(2, SOON);
    Subscription s = pricing.subscribe(
        "changed",
        Long.class,
        got.options(SubscribeOptions.defaults().from(Start.earliest())),
        got);
    Map<String, Long> published = new HashMap<>();
    for (int step = 0; step < 200; step++) {
      String node = random.nextBoolean() ? "b" : "c";
      for (int n = random.nextInt(100); n > 0; n--) {
        published.put(node, cluster.node(node).publish("pricing/changed", (long) step));
      }
      switch (random.nextInt(12)) {
        case 0 -> cluster.inject(Fault.cut(), "a", node);
        case 1 -> cluster.inject(Fault.cut());
        case 2 -> {
          try (TestCluster.Injected f = cluster.inject(Fault.refuse(), "a", node)) {
            cluster.inject(Fault.cut(), "a", node);
            published.put(node, cluster.node(node).publish("pricing/changed", (long) step));
          }
        }
        case 3 -> cluster.inject(Fault.stall(), "a", node).close();
        default -> {}
      }
    }
    for (Map.Entry<String, Long> of : published.entrySet()) {
      await(
          "all of " + of.getKey(),
          () -> s.publishers().stream()
              .anyMatch(p -> p.node().equals(of.getKey()) && p.last() == of.getValue()));
    }
    for (PublisherState p : s.publishers()) {
      assertThat(p.received() + p.missed()).isEqualTo(p.last());
    }
    assertThat(got.events().size() + got.missed())
        .isEqualTo(published.values().stream().mapToLong(Long::longValue).sum());
    assertThat(s.received()).isEqualTo(got.events().size());
    assertThat(s.missed()).isEqualTo(got.missed());
  }
}
