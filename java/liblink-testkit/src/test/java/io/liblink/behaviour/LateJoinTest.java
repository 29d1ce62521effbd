package io.liblink.behaviour;

import static io.liblink.testkit.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.Node;
import io.liblink.Service;
import io.liblink.Subscription;
import io.liblink.Topic;
import io.liblink.delivery.Start;
import io.liblink.delivery.SubscribeOptions;
import io.liblink.delivery.TopicOptions;
import io.liblink.testkit.Fault;
import io.liblink.testkit.TestCluster;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A publisher that is joined after the subscription began is joined from there. */
@Timeout(60)
class LateJoinTest {
  private static Topic serve(Node node, int keep) {
    node.serve(Service.named("feed")
        .topic("news", String.class, TopicOptions.defaults().keep(keep, 1 << 20)));
    return node.topic("feed/news");
  }

  private static void awaitAll(TestCluster cluster, Subscription subscription, Topic topic) {
    await("all is received or told as missed", () -> {
      cluster.clock().advance(Duration.ofMillis(20));
      return subscription.received() + subscription.missed() == topic.published();
    });
  }

  @Test
  void nothingIsMissedHoweverLongTheRequestTakes() {
    try (TestCluster cluster = TestCluster.of("reader", "writer")) {
      cluster.node("writer").serve(Service.named("other").method("hi", String.class, s -> s));
      cluster.node("reader").service("other").awaitReady(1, Duration.ofSeconds(10));
      cluster.node("reader").service("other").call("hi", "a link is there", String.class);
      List<String> received = new CopyOnWriteArrayList<>();
      Subscription subscription =
          cluster.node("reader").service("feed").subscribe("news", String.class, received::add);
      cluster.inject(Fault.delay(Duration.ofSeconds(4)), "reader", "writer");
      Topic topic = serve(cluster.node("writer"), 100);
      topic.publish("one");
      topic.publish("two");

      awaitAll(cluster, subscription, topic);
      assertThat(received).containsExactly("one", "two");
    }
  }

  @Test
  void nothingIsMissedOfWhoCouldNotBeReachedAtFirst() {
    try (TestCluster cluster = TestCluster.of("reader", "writer")) {
      Topic topic = serve(cluster.node("writer"), 100);
      topic.publish("before");
      cluster.inject(Fault.refuse(), "reader", "writer");
      cluster.node("reader").service("feed").awaitReady(1, Duration.ofSeconds(10));
      cluster.clock().advance(Duration.ofMinutes(1));
      List<String> received = new CopyOnWriteArrayList<>();
      Subscription subscription =
          cluster.node("reader").service("feed").subscribe("news", String.class, received::add);
      assertThat(subscription.publishers()).allMatch(p -> !p.problem().isEmpty());
      topic.publish("after");
      cluster.heal();

      await("what was published meanwhile", () -> {
        cluster.clock().advance(Duration.ofMillis(20));
        return !received.isEmpty();
      });
      assertThat(received).containsExactly("after");
    }
  }

  @Test
  void whatIsNotKeptAnyMoreIsToldToWhoWantsTheEarliest() {
    try (TestCluster cluster = TestCluster.of("reader", "writer")) {
      List<String> received = new CopyOnWriteArrayList<>();
      Subscription subscription = cluster
          .node("reader")
          .service("feed")
          .subscribe(
              "news",
              String.class,
              SubscribeOptions.defaults().from(Start.earliest()),
              text -> received.add(text));
      cluster.inject(Fault.refuse(), "reader", "writer");
      Topic topic = serve(cluster.node("writer"), 2);
      for (int i = 1; i <= 5; i++) {
        topic.publish("number " + i);
      }
      cluster.heal();

      awaitAll(cluster, subscription, topic);
      assertThat(received).containsExactly("number 4", "number 5");
      assertThat(subscription.missed()).isEqualTo(3);
    }
  }

  @Test
  void whatWasKeptBeforeTheSubscriptionBeganIsGivenToWhoWantsTheEarliest() {
    try (TestCluster cluster = TestCluster.of("reader", "writer")) {
      Topic topic = serve(cluster.node("writer"), 2);
      topic.publish("old 1");
      topic.publish("old 2");
      topic.publish("old 3");
      cluster.clock().advance(Duration.ofMinutes(1));
      cluster.inject(Fault.refuse(), "reader", "writer");
      cluster.node("reader").service("feed").awaitReady(1, Duration.ofSeconds(10));
      List<String> received = new CopyOnWriteArrayList<>();
      Subscription subscription = cluster
          .node("reader")
          .service("feed")
          .subscribe(
              "news",
              String.class,
              SubscribeOptions.defaults().from(Start.earliest()),
              text -> received.add(text));
      cluster.heal();

      await("what is kept", () -> {
        cluster.clock().advance(Duration.ofMillis(20));
        return received.size() == 2;
      });
      assertThat(received).containsExactly("old 2", "old 3");
      assertThat(subscription.missed()).isZero();
    }
  }
}
