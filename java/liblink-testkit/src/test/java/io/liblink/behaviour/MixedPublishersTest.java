package io.liblink.behaviour;

import static io.liblink.testkit.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.Served;
import io.liblink.Service;
import io.liblink.Subscription;
import io.liblink.delivery.PublisherState;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import io.liblink.testkit.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Instances of one service that do not all have the same topics. */
class MixedPublishersTest {
  private TestCluster cluster;

  @BeforeEach
  void start() {
    cluster = TestCluster.of("a", "b", "c");
    cluster.node("b").serve(Service.named("pricing").topic("old", Long.class));
  }

  @AfterEach
  void end() {
    cluster.close();
  }

  @Test
  void whoHasTheTopicIsSubscribedAndWhoHasNotIsLeftAlone() {
    Served served = cluster.node("c").serve(Service.named("pricing").topic("changed", Long.class));
    cluster.node("a").service("pricing").awaitReady(2, Duration.ofSeconds(10));
    List<Long> got = Collections.synchronizedList(new ArrayList<>());
    try (Subscription s =
        cluster.node("a").service("pricing").subscribe("changed", Long.class, got::add)) {
      cluster.node("c").publish("pricing/changed", 7L);
      await("it came", () -> got.equals(List.of(7L)));

      assertThat(s.publishers()).extracting(PublisherState::node).containsExactly("c");
      assertThat(s.failure()).isNull();
      served.close();
    }
  }

  @Test
  void aTopicThatNobodyHasIsRefusedInWords() {
    assertThatThrownBy(() ->
            cluster.node("a").service("pricing").subscribe("chnaged", Long.class, value -> {}))
        .isInstanceOfSatisfying(LinkException.class, e -> {
          assertThat(e.status()).isEqualTo(Status.UNIMPLEMENTED);
          assertThat(e.problem()).contains("has no topic 'chnaged'");
        });
  }

  @Test
  void whatIsHandledAfterItsPublisherHasGoneIsCounted() throws Exception {
    Served served = cluster.node("c").serve(Service.named("news").topic("all", Long.class));
    CountDownLatch handle = new CountDownLatch(1);
    try (Subscription s = cluster.node("a").service("news").subscribe("all", Long.class, value -> {
      assertThat(handle.await(60, TimeUnit.SECONDS)).isTrue();
    })) {
      for (long i = 0; i < 3; i++) {
        cluster.node("c").publish("news/all", i);
      }
      cluster.node("c").topic("news/all").awaitLag(0, Duration.ofSeconds(30));
      served.close();
      await("it is gone", () -> s.publishers().isEmpty());
      handle.countDown();

      await("all are counted", () -> s.received() == 3);
      assertThat(s.missed()).isZero();
    }
  }
}
