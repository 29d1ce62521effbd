package io.liblink.testkit.examples;

import static io.liblink.testkit.TestCluster.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.liblink.RemoteService;
import io.liblink.Service;
import io.liblink.message.Message;
import io.liblink.testkit.Fault;
import io.liblink.testkit.TestClock;
import io.liblink.testkit.TestCluster;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class TestingGuideTest {
  @Test
  void whoIsRefusedIsPassedOver() {
    try (TestCluster cluster = TestCluster.of("shop", "pricing-1", "pricing-2")) {
      for (String node : List.of("pricing-1", "pricing-2")) {
        cluster.node(node).serve(Service.named("pricing").method("who", r -> Message.text(node)));
      }
      RemoteService pricing = cluster.node("shop").service("pricing");
      pricing.awaitReady(2, Duration.ofSeconds(10));

      cluster.inject(Fault.refuse(), "shop", "pricing-1");
      assertEquals("pricing-2", pricing.call("who", null, String.class));
    }
  }

  @Test
  void whatIsStalledWaits() {
    try (TestCluster cluster = TestCluster.of("shop", "pricing-1")) {
      cluster.node("pricing-1").serve(Service.named("pricing").method("who", r -> r.message()));
      RemoteService pricing = cluster.node("shop").service("pricing");
      try (TestCluster.Injected stalled = cluster.inject(Fault.stall(), "shop", "pricing-1")) {
        CompletableFuture<String> waiting =
            pricing.to("pricing-1").callAsync("who", null, String.class);
        assertFalse(waiting.isDone());
      }
      pricing.call("who", null, String.class);
    }
  }

  @Test
  void aStoppedClockMovesByHand() {
    TestCluster cluster = TestCluster.builder().clock(TestClock.stopped()).start("shop", "pricing");
    try (cluster) {
      CountDownLatch never = new CountDownLatch(1);
      cluster.node("pricing").serve(Service.named("pricing").method("slow", r -> {
        never.await();
        return r.message();
      }));
      CompletableFuture<String> call =
          cluster.node("shop").service("pricing").callAsync("slow", null, String.class);
      cluster.clock().advance(Duration.ofSeconds(6));
      await("the deadline", call::isCompletedExceptionally);
    }
  }
}
