package io.liblink.behaviour;

import static io.liblink.behaviour.Calls.count;
import static io.liblink.testkit.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.Node;
import io.liblink.RemoteService;
import io.liblink.Service;
import io.liblink.SubscriberState;
import io.liblink.Subscription;
import io.liblink.Topic;
import io.liblink.delivery.Gap;
import io.liblink.delivery.PublisherState.Phase;
import io.liblink.delivery.SubscribeOptions;
import io.liblink.delivery.TopicOptions;
import io.liblink.delivery.WhenFull;
import io.liblink.message.Message;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import io.liblink.testkit.Fault;
import io.liblink.testkit.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Subscribers that do not keep up, beside others that do. */
class SlowSubscriberTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int KEEP = 1000;
  private static final int QUEUE = 100;

  private TestCluster cluster;
  private Node publisher;
  private RemoteService pricing;
  private Topic changed;
  private final Recorder<Long> slow = new Recorder<>();

  @BeforeEach
  void start() {
    cluster = TestCluster.builder()
        .options("c", o -> o.limits(l -> l.messageBytes(20_000)))
        .start("a", "b", "c");
    publisher = cluster.node("b");
    publisher.serve(Service.named("pricing")
        .topic("changed", Long.class, TopicOptions.defaults().keep(KEEP, 1 << 20))
        .topic("raw", byte[].class, TopicOptions.defaults().keep(KEEP, 4 << 20)));
    changed = publisher.topic("pricing/changed");
    pricing = cluster.node("a").service("pricing");
    pricing.awaitReady(1, SOON);
    cluster.node("c").service("pricing").awaitReady(1, SOON);
  }

  @AfterEach
  void end() {
    cluster.close();
  }

  private Subscription subscribe(WhenFull whenFull) {
    return pricing.subscribe(
        "changed",
        Long.class,
        slow.options(SubscribeOptions.defaults().queue(QUEUE).whenFull(whenFull)),
        slow);
  }

  /** Publishes so that the publisher sends 32, which is the first credit, and the others wait. */
  private void publishPastTheCredit(int many) {
    long first = changed.published();
    for (long i = 1; i <= 32; i++) {
      changed.publish(first + i);
    }
    await("the credit is used up", () -> changed.subscribers().get(0).sent() >= first + 32);
    for (long i = 33; i <= many; i++) {
      changed.publish(first + i);
    }
  }

  @Test
  void theOldestOfTheQueueAreOneGap() {
    CountDownLatch go = slow.block();
    subscribe(WhenFull.DROP_OLDEST);
    publishPastTheCredit(500);
    go.countDown();
    slow.awaitCovered(500);
    assertThat(slow.gaps()).singleElement().satisfies(gap -> {
      assertThat(gap.count()).isEqualTo(500 - 32 - QUEUE);
      assertThat(gap.last()).isEqualTo(400);
      assertThat(gap.reason()).isEqualTo(Gap.Reason.QUEUE);
    });
    assertThat(slow.values()).isEqualTo(numbers(1, 32, 401, 500));
    assertThat(count(publisher, "topics.missed.queue")).isEqualTo(368);
    assertThat(count(cluster.node("a"), "subscriptions.missed")).isEqualTo(368);
    SubscriberState state = changed.subscribers().get(0);
    assertThat(state.missed()).isEqualTo(368);
    assertThat(state.sent()).isEqualTo(132);
  }

  @Test
  void whatComesWhileTheQueueIsFullIsOneGap() {
    CountDownLatch go = slow.block();
    subscribe(WhenFull.DROP_NEWEST);
    publishPastTheCredit(500);
    go.countDown();
    slow.awaitCovered(500);
    assertThat(slow.gaps()).singleElement().satisfies(gap -> {
      assertThat(gap.count()).isEqualTo(368);
      assertThat(gap.last()).isEqualTo(500);
      assertThat(gap.reason()).isEqualTo(Gap.Reason.QUEUE);
    });
    assertThat(slow.values()).isEqualTo(numbers(1, 132, 1, 0));
    changed.publish(501L);
    slow.awaitCovered(501);
    assertThat(slow.values()).endsWith(501L);
  }

  @Test
  void whatTheTailDoesNotKeepIsAGapToo() {
    CountDownLatch go = slow.block();
    pricing.subscribe("changed", Long.class, slow.options(), slow);
    publishPastTheCredit(5000);
    go.countDown();
    slow.awaitCovered(5000);
    assertThat(slow.gaps()).singleElement().satisfies(gap -> {
      assertThat(gap.count()).isEqualTo(5000 - 32 - KEEP);
      assertThat(gap.reason()).isEqualTo(Gap.Reason.TAIL);
    });
    assertThat(count(publisher, "topics.missed.tail")).isEqualTo(3968);
  }

  @Test
  void ofEachKeyTheLatestIsThereInTheEnd() {
    Recorder<Long> got = new Recorder<>();
    CountDownLatch go = got.block();
    pricing.subscribe(
        "changed",
        Long.class,
        got.options(SubscribeOptions.defaults().queue(QUEUE).whenFull(WhenFull.LATEST_PER_KEY)),
        got);
    Map<String, Long> last = new TreeMap<>();
    for (long i = 1; i <= 900; i++) {
      String key = "k" + i * 7919 % 20;
      changed.publish(key, i);
      last.put(key, i);
    }
    go.countDown();
    await("the newest came", () -> got.values().contains(900L));
    Map<String, Long> seen = new TreeMap<>();
    got.events().forEach(e -> seen.put(e.key(), e.value()));
    assertThat(seen).isEqualTo(last);
    assertThat(got.gaps()).isEmpty();
    long superseded = count(publisher, "topics.superseded");
    assertThat(superseded).isEqualTo(900 - got.events().size()).isGreaterThan(700);
  }

  @Test
  void whoWantsToIsDisconnected() {
    CountDownLatch go = slow.block();
    Subscription s = subscribe(WhenFull.DISCONNECT);
    publishPastTheCredit(32 + QUEUE);
    assertThat(changed.subscribers()).hasSize(1);
    changed.publish(0L);
    await("disconnected", () -> changed.subscribers().isEmpty());
    go.countDown();
    await("told", () -> slow.was(Phase.REFUSED));
    LinkException failure = s.failure();
    assertThat(failure).isNotNull();
    assertThat(failure.status()).isEqualTo(Status.RESOURCE_EXHAUSTED);
    assertThat(failure.problem()).contains("more than 100 messages");
    assertThat(s.publishers()).singleElement().satisfies(p -> {
      assertThat(p.phase()).isEqualTo(Phase.REFUSED);
      assertThat(p.problem()).contains("more than 100 messages");
    });
    assertThat(slow.values()).isEqualTo(numbers(1, 32, 1, 0));
    assertThat(count(publisher, "topics.disconnected")).isEqualTo(1);
    changed.publish(1L);
    assertThat(changed.subscribers()).isEmpty(); // it does not come back by itself
  }

  @Test
  void aMessageThatIsTooLargeForASubscriberIsAGapForItAlone() {
    Recorder<byte[]> small = new Recorder<>();
    Recorder<byte[]> large = new Recorder<>();
    cluster.node("c").service("pricing").subscribe("raw", byte[].class, small.options(), small);
    pricing.subscribe("raw", byte[].class, large.options(), large);
    for (int size : new int[] {10, 20_000, 20_001, 20_001, 5}) {
      publisher.publish("pricing/raw", new byte[size]);
    }
    large.awaitCount(5);
    small.awaitCovered(5);
    assertThat(small.sequences()).containsExactly(1L, 2L, 5L);
    assertThat(small.gaps()).allSatisfy(gap -> {
      assertThat(gap.count()).isEqualTo(1);
      assertThat(gap.reason()).isEqualTo(Gap.Reason.SIZE);
    });
    assertThat(count(publisher, "topics.missed.size")).isEqualTo(2);
  }

  @Test
  void aLinkThatTakesNothingSlowsNobodyElse() {
    Recorder<byte[]> stopped = new Recorder<>();
    Recorder<byte[]> healthy = new Recorder<>();
    pricing.subscribe("raw", byte[].class, stopped.options(), stopped);
    cluster.node("c").service("pricing").subscribe("raw", byte[].class, healthy.options(), healthy);
    publisher.topic("pricing/raw").awaitSubscribers(2, SOON);
    int count = 20_000;
    try (TestCluster.Injected stall = cluster.inject(Fault.stall(), "a", "b")) {
      Topic raw = publisher.topic("pricing/raw");
      for (int i = 1; i <= count; i++) {
        raw.publish(new byte[2000]);
        int now = i;
        if (i % 100 == 0) {
          await("the healthy one keeps up", () -> healthy.events().size() >= now - 200);
        }
      }
      healthy.awaitCount(count);
      SubscriberState behind = raw.subscribers().stream()
          .filter(s -> s.node().equals("a"))
          .findFirst()
          .orElseThrow();
      // Some megabytes are on the way; the others wait, or are gone.
      assertThat(behind.sent()).isLessThan(count / 2);
      assertThat(behind.lag()).isGreaterThan(KEEP);
    }
    stopped.awaitCovered(count);
    assertThat(stopped.missed()).isGreaterThan(0);
    assertThat(healthy.gaps()).isEmpty();
  }

  @Test
  void subscribersOfOneNodeHaveTheirOwnQueues() {
    List<Recorder<Long>> fast = new ArrayList<>();
    CountDownLatch go = slow.block();
    pricing.subscribe("changed", Long.class, slow.options(), slow);
    for (int i = 0; i < 10; i++) {
      Recorder<Long> r = new Recorder<>();
      fast.add(r);
      pricing.subscribe("changed", Long.class, r.options(), r);
    }
    for (long i = 1; i <= 5000; i++) {
      changed.publish(i);
      if (i % 200 == 0) {
        long now = i;
        await("they keep up", () -> fast.stream().allMatch(r -> r.events().size() >= now - 400));
      }
    }
    fast.forEach(r -> r.awaitCount(5000));
    assertThat(slow.events()).isEmpty();
    go.countDown();
    slow.awaitCovered(5000);
  }

  @Test
  void whatIsHeldForASlowHandlerIsBounded() {
    Recorder<Message> held = new Recorder<>();
    CountDownLatch later = held.block();
    pricing.subscribe("raw", Message.class, held.options(), held);
    Topic raw = publisher.topic("pricing/raw");
    for (int i = 1; i <= 200; i++) {
      raw.publish(new byte[100_000]);
      if (i <= 32) {
        raw.awaitLag(0, SOON);
      }
    }
    assertThat(raw.subscribers().get(0).sent()).isEqualTo(32);
    later.countDown();
    held.awaitCovered(200);
    assertThat(count(publisher, "topics.sent")).isEqualTo(held.events().size());
  }

  private static List<Long> numbers(long from, long to, long andFrom, long andTo) {
    return LongStream.concat(
            LongStream.rangeClosed(from, to), LongStream.rangeClosed(andFrom, andTo))
        .boxed()
        .toList();
  }
}
