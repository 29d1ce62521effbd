package io.liblink.behaviour;

import static io.liblink.behaviour.Calls.awaitCount;
import static io.liblink.behaviour.Calls.count;
import static io.liblink.behaviour.Calls.get;
import static io.liblink.behaviour.Calls.pass;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.liblink.Node;
import io.liblink.Served;
import io.liblink.Service;
import io.liblink.Trait;
import io.liblink.message.Message;
import io.liblink.testkit.Fault;
import io.liblink.testkit.TestCluster;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever waits on an event loop stops every link on it: refused where that is seen, else noticed. */
class EventLoopTest {
  private final TestCluster cluster = TestCluster.of("a", "b");
  private final Node a = cluster.node("a");
  private final Node b = cluster.node("b");

  @AfterEach
  void end() {
    cluster.close();
  }

  @Test
  void everythingThatWaitsIsRefused() {
    Served other = b.serve(Service.named("other").method("say", r -> r.message()));
    Map<String, ThrowingCallable> waiting = new LinkedHashMap<>();
    waiting.put("call", () -> b.service("other").call("say", Message.empty()));
    waiting.put("call of another node", () -> a.service("other").call("say", Message.empty()));
    waiting.put("stream", () -> b.service("other").stream("say", null, String.class));
    waiting.put("survey", () -> b.service("other").survey("say", null, String.class));
    waiting.put("instances", () -> {
      // Else the first view may be there before it is asked for, and there is nothing to wait for.
      try (TestCluster.Injected lost = cluster.inject(Fault.registryLost(), "b")) {
        b.service("never-seen").instances();
      }
    });
    waiting.put("awaitReady", () -> b.service("other").awaitReady(1, Duration.ofMillis(1)));
    waiting.put("services", b::services);
    waiting.put("serve", () -> b.serve(Service.named("third").method("say", r -> r.message())));
    waiting.put("ready", () -> other.ready(false));
    waiting.put("close of a service", other::close);
    waiting.put("close", b::close);
    Map<String, Throwable> thrown = new LinkedHashMap<>();
    b.serve(Service.named("bad")
        .method(
            "wait",
            r -> {
              waiting.forEach((name, wait) -> thrown.put(name, catchThrowable(wait)));
              return r.message();
            },
            Trait.NON_BLOCKING));
    a.service("bad").awaitReady(1, Duration.ofSeconds(10));
    a.service("other").awaitReady(1, Duration.ofSeconds(10));
    cluster.inject(Fault.registryLost(), "b"); // what is not known yet would be waited for
    a.service("bad").call("wait", Message.empty());
    assertThat(thrown).hasSameSizeAs(waiting);
    thrown.forEach((name, e) -> assertThat(e)
        .as(name)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("event loop"));
    assertThat(a.service("other").call("say", "still there", String.class))
        .isEqualTo("still there");
  }

  @Test
  void oneThatStandsStillIsNoticedOnce() {
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    b.serve(Service.named("bad")
        .method(
            "block",
            r -> {
              blocked.countDown();
              pass(release);
              return r.message();
            },
            Trait.NON_BLOCKING));
    CompletableFuture<Message> call =
        a.service("bad").timeout(Duration.ofMinutes(5)).callAsync("block", Message.empty());
    pass(blocked);
    TestCluster.await("it is noticed", () -> {
      cluster.clock().advance(Duration.ofSeconds(1));
      return count(b, "loops.stalled") > 0;
    });
    cluster.clock().advance(Duration.ofSeconds(10));
    awaitCount(b, "loops.stalled", 1);
    release.countDown();
    get(call);
    assertThat(count(a, "loops.stalled")).isZero();
  }
}
