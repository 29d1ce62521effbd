package io.liblink.behaviour;

import static io.liblink.testkit.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.Node;
import io.liblink.RemoteService;
import io.liblink.Service;
import io.liblink.message.Address;
import io.liblink.testkit.TestClock;
import io.liblink.testkit.TestCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A connection that fails is evidence, which the registry hears of at once. */
class SuspicionTest {
  @TempDir
  Path directory;

  private Node serve(TestCluster cluster, String bind) {
    Node node = Node.join(cluster.optionsOf("b").registry("local:" + directory).bind(bind));
    node.serve(Service.named("echo").method("say", r -> r.message()));
    return node;
  }

  /** This registry asks every five seconds, give or take one, and here less than one passes. */
  @Test
  void aNodeThatWasReplacedIsFoundBeforeTheRegistryWouldHaveAskedAgain() {
    try (TestCluster cluster = TestCluster.builder().clock(TestClock.stopped()).start()) {
      Node old = serve(cluster, "127.0.0.1:0");
      Address at = old.addresses().get(0);
      try (Node a = Node.join(cluster.optionsOf("a").registry("static:" + at))) {
        RemoteService echo = a.service("echo");
        assertThat(echo.call("say", "hi", String.class)).isEqualTo("hi");
        old.close(Duration.ZERO);
        try (Node next = serve(cluster, at.toString())) {
          assertThat(echo.instances().get(0).id()).isEqualTo(old.id());
          // It fails, with words or late, and that is what the registry hears of.
          echo.timeout(Duration.ofDays(1)).callAsync("say", "hello", String.class);
          AtomicInteger passed = new AtomicInteger();
          await("the node that is there now", () -> {
            if (passed.incrementAndGet() < 3000) {
              cluster.clock().advance(Duration.ofMillis(1));
            }
            return echo.instances().get(0).id().equals(next.id());
          });
          assertThat(echo.call("say", "again", String.class)).isEqualTo("again");
        }
      }
    }
  }
}
