package io.liblink.behaviour;

import static io.liblink.testkit.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.Service;
import io.liblink.Subscription;
import io.liblink.Topic;
import io.liblink.testkit.TestCluster;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages from a publisher to its subscribers. */
class SubscribeTest {
  private TestCluster cluster;
  private Topic changed;

  @BeforeEach
  void start() {
    cluster = TestCluster.of("a", "b", "c");
    cluster.node("b").serve(Service.named("pricing").topic("changed", Long.class));
    changed = cluster.node("b").topic("pricing/changed");
  }

  @AfterEach
  void end() {
    cluster.close();
  }

  @Test
  void whatIsPublishedAfterTheConfirmationComesInOrder() {
    List<Long> got = Collections.synchronizedList(new ArrayList<>());
    try (Subscription s =
        cluster.node("a").service("pricing").subscribe("changed", Long.class, got::add)) {
      for (long i = 0; i < 10_000; i++) {
        assertThat(changed.publish(i)).isEqualTo(i + 1);
      }
      await("all came", () -> got.size() == 10_000);
      assertThat(got).isEqualTo(LongStream.range(0, 10_000).boxed().toList());
      assertThat(s.received()).isEqualTo(10_000);
      assertThat(s.missed()).isZero();
    }
    await("it is gone", () -> changed.subscribers().isEmpty());
  }
}
