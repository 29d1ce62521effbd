package io.liblink.behaviour;

import static io.liblink.behaviour.Calls.awaitCount;
import static io.liblink.behaviour.Calls.count;
import static io.liblink.behaviour.Calls.failure;
import static io.liblink.behaviour.Calls.get;
import static io.liblink.behaviour.Calls.pass;
import static io.liblink.testkit.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.Node;
import io.liblink.NodeOptions;
import io.liblink.RemoteService;
import io.liblink.Served;
import io.liblink.Service;
import io.liblink.codec.Codec;
import io.liblink.message.Address;
import io.liblink.message.Message;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Status;
import io.liblink.testkit.Fault;
import io.liblink.testkit.TestCluster;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users do that nobody asked for: it has an end, and says what it was. */
class UserMistakesTest {
  private TestCluster cluster = TestCluster.of();

  @AfterEach
  void end() {
    cluster.close();
  }

  private static Service echo() {
    return Service.named("echo").method("say", r -> r.message());
  }

  @Test
  void aCodecThatThrowsAnErrorEndsTheCallAndNotTheLink() {
    Codec broken = new Codec() {
      @Override
      public String contentType() {
        return "application/x-broken";
      }

      @Override
      public byte[] encode(Object value) {
        return new byte[0];
      }

      @Override
      public <T> T decode(byte[] payload, Class<T> type) {
        throw new NoClassDefFoundError("some/Missing");
      }
    };
    cluster = TestCluster.builder().options("a", o -> o.codec(broken)).start("a", "b");
    cluster
        .node("b")
        .serve(Service.named("odd")
            .method("say", r -> Message.empty().withContentType("application/x-broken")));
    Node a = cluster.node("a");
    CompletableFuture<Integer> call =
        a.service("odd").callAsync("say", Message.empty(), Integer.class);
    LinkException e = failure(call);
    assertThat(e.status()).isEqualTo(Status.INTERNAL);
    assertThat(e.ran()).isEqualTo(Ran.YES);
    assertThat(e).hasRootCauseInstanceOf(NoClassDefFoundError.class);
    assertThat(a.service("odd").call("say", Message.empty()).size()).isZero();
    assertThat(count(a, "links.opened")).isEqualTo(1);
  }

  @Test
  void aTimeoutOfTheFutureEndsTheWorkToo() {
    cluster = TestCluster.of("a", "b");
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch started = new CountDownLatch(2);
    cluster.node("b").serve(Service.named("slow").method("wait", r -> {
      started.countDown();
      Calls.blockUntilInterrupted(interrupted);
      return Message.empty();
    }));
    RemoteService slow = cluster.node("a").service("slow").timeout(Duration.ofMinutes(5));
    CompletableFuture<Message> call = slow.callAsync("wait", Message.empty());
    CompletableFuture<Message> other = slow.callAsync("wait", Message.empty());
    pass(started);
    other.completeExceptionally(new TimeoutException());
    pass(interrupted);
    call.complete(Message.empty());
    awaitCount(cluster.node("a"), "calls.ended.CANCELLED", 2);
    Calls.awaitNothingInFlight(cluster.node("b"));
  }

  @Test
  void aTimeoutOfCenturiesIsJustLong() {
    cluster = TestCluster.of("a", "b");
    cluster.node("b").serve(echo());
    for (Duration d : new Duration[] {
      Duration.ofNanos(Long.MAX_VALUE), Duration.ofSeconds(Long.MAX_VALUE), Duration.ofDays(60)
    }) {
      RemoteService echo = cluster.node("a").service("echo").timeout(d);
      assertThat(echo.call("say", "hi", String.class)).isEqualTo("hi");
      echo.awaitReady(1, d);
    }
  }

  @Test
  void aWrongAdvertisementIsToldAgainAndKeepsNoPort() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    cluster = TestCluster.builder()
        .options("b", o -> o.bind("127.0.0.1:" + port).advertise("nowhere:0"))
        .start("b");
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> cluster.node("b").serve(echo()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("nowhere:0");
    }
  }

  @Test
  void whoHasNotSeenThatAServiceClosedGoesElsewhere() {
    cluster = TestCluster.of("a", "b", "c");
    Served leaving = cluster.node("b").serve(echo());
    cluster.node("c").serve(echo());
    RemoteService echo = cluster.node("a").service("echo");
    echo.awaitReady(2, Duration.ofSeconds(10));
    cluster.inject(Fault.registryLost(), "a");
    leaving.close();
    for (int i = 0; i < 100; i++) {
      assertThat(echo.call("say", "hi", String.class)).isEqualTo("hi");
    }
  }

  @Test
  void aClosingNodeTakesNoNewConnections() {
    cluster = TestCluster.of("a", "b");
    Node b = cluster.node("b");
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    b.serve(Service.named("slow").method("wait", r -> {
      started.countDown();
      pass(release);
      return Message.text("done");
    }));
    CompletableFuture<Message> call =
        cluster.node("a").service("slow").callAsync("wait", Message.empty());
    pass(started);
    Address address = b.addresses().get(0);
    CompletableFuture<Void> closing = CompletableFuture.runAsync(b::close);
    await("nobody is let in", () -> {
      try (Socket socket = new Socket(address.host(), address.port())) {
        return !socket.isConnected();
      } catch (IOException e) {
        return true;
      }
    });
    assertThat(closing).isNotDone();
    release.countDown();
    assertThat(get(call).text()).isEqualTo("done");
    get(closing);
  }

  /** Services whose announcements together are more than the registry takes of one node. */
  private static Service large(int number) {
    Service service = Service.named("large-" + number);
    for (int i = 0; i < 1000; i++) {
      service.method("m" + i + "x".repeat(120), r -> r.message());
    }
    return service;
  }

  @Test
  void aServiceThatCanNotBeAnnouncedMayBeServedDifferently(@TempDir Path directory) {
    cluster = TestCluster.of("a");
    NodeOptions local = cluster.optionsOf("b").registry("local:" + directory);
    try (Node b = Node.join(local)) {
      int next = 0;
      LinkException first = null;
      while (first == null && next < 20) {
        Service service = large(next);
        try {
          b.serve(service);
          next++;
        } catch (LinkException e) {
          first = e;
        }
      }
      assertThat(first).as("after " + next + " services").isNotNull();
      Service again = large(next);
      LinkException second = failure(() -> b.serve(again));
      assertThat(second.problem()).isEqualTo(first.problem());
      b.serve(Service.named("large-" + next).method("say", r -> r.message()));
      assertThat(b.service("large-" + next).call("say", "hi", String.class)).isEqualTo("hi");
    }
  }
}
