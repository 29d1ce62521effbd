package io.liblink.behaviour;

import static io.liblink.behaviour.Calls.failure;
import static io.liblink.testkit.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.liblink.Node;
import io.liblink.NodeOptions;
import io.liblink.Service;
import io.liblink.message.Address;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.testkit.TestClock;
import io.liblink.testkit.TestCluster;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where nodes listen, and what they tell others to dial. */
class AddressTest {
  private final TestCluster cluster = TestCluster.of();

  @TempDir
  Path directory;

  @AfterEach
  void end() {
    cluster.close();
  }

  private static Service echo() {
    return Service.named("echo").method("say", r -> r.message());
  }

  /** Not through the network of the cluster: addresses are what this is about. */
  private Node join(String name, String bind, String... advertise) {
    return Node.join(
        cluster.optionsOf(name).registry("local:" + directory).bind(bind).advertise(advertise));
  }

  private static String say(Node from, String text) {
    from.service("echo").awaitReady(1, Duration.ofSeconds(10));
    return from.service("echo").call("say", text, String.class);
  }

  @Test
  void ipv6Works() {
    assumeTrue(hasIpv6(), "no IPv6 on this machine");
    try (Node b = join("b", "[::1]:0");
        Node a = join("a", "127.0.0.1:0")) {
      b.serve(echo());
      assertThat(b.addresses()).hasSize(1);
      assertThat(b.addresses().get(0).toString()).startsWith("[::1]:");
      assertThat(say(a, "six")).isEqualTo("six");
    }
  }

  private static boolean hasIpv6() {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
      return probe.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void whatIsBoundAndWhatIsAdvertisedMayDiffer() {
    try (Node b = join("b", "0.0.0.0:0", "localhost");
        Node a = join("a", "127.0.0.1:0")) {
      b.serve(echo());
      Address told = b.addresses().get(0);
      assertThat(told.host()).isEqualTo("localhost");
      assertThat(told.port()).isPositive();
      assertThat(say(a, "hi")).isEqualTo("hi");
    }
  }

  @Test
  void anAddressThatDoesNotAnswerIsPassedOver() {
    try (Node b = join("b", "0.0.0.0:0", "127.0.0.1:1", "127.0.0.1");
        Node a = join("a", "127.0.0.1:0")) {
      b.serve(echo());
      assertThat(say(a, "hi")).isEqualTo("hi");
    }
  }

  @Test
  void anAddressOfAnotherNodeIsNotMistakenForThisOne() {
    try (Node c = join("c", "127.0.0.1:0");
        Node a = join("a", "127.0.0.1:0")) {
      c.serve(Service.named("other").method("say", r -> r.message()));
      try (Node b = join("b", "127.0.0.1:0", c.addresses().get(0).toString())) {
        b.serve(echo());
        LinkException e = failure(() -> say(a, "hi"));
        assertThat(e.status()).isEqualTo(Status.UNAVAILABLE);
        assertThat(e.stage()).isEqualTo(Stage.CONNECT);
        assertThat(e.problem()).contains("another node answers there").contains("c@");
      }
    }
  }

  @Test
  void aNodeNoticesThatItsAdvertisedAddressLeadsNowhere() {
    try (Node b = join("b", "127.0.0.1:0", "127.0.0.1:1", "127.0.0.1")) {
      b.serve(echo());
      await("a word on it", () -> !b.problems().isEmpty());
      assertThat(b.problems()).hasSize(1);
      assertThat(b.problems().get(0))
          .contains("127.0.0.1:1,")
          .contains("refused")
          .contains("Advertise an address that leads here");
    }
  }

  @Test
  void aNodeNoticesThatItsAdvertisedAddressIsAnothers() {
    try (Node c = join("c", "127.0.0.1:0")) {
      c.serve(Service.named("other").method("say", r -> r.message()));
      try (Node b = join("b", "127.0.0.1:0", c.addresses().get(0).toString())) {
        b.serve(echo());
        await("a word on it", () -> !b.problems().isEmpty());
        assertThat(b.problems().get(0)).contains("another node answers there: c@");
      }
    }
  }

  @Test
  void whatFailedIsTriedAgain() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    TestClock clock = TestClock.running();
    NodeOptions options = cluster
        .optionsOf("b")
        .registry("local:" + directory)
        .bind("0.0.0.0:0")
        .advertise("127.0.0.1:" + port)
        .time(clock);
    try (Node b = Node.join(options)) {
      b.serve(echo());
      await("a word on it", () -> !b.problems().isEmpty());
      try (Node c = join("c", "127.0.0.1:" + port)) {
        c.serve(Service.named("other").method("say", r -> r.message()));
        await("another word", () -> {
          clock.advance(Duration.ofSeconds(10));
          return b.problems().get(0).contains("another node");
        });
      }
    }
  }

  @Test
  void aPortThatIsTakenIsSaidSo() {
    try (Node b = join("b", "127.0.0.1:0")) {
      b.serve(echo());
      String taken = b.addresses().get(0).toString();
      try (Node c = join("c", taken)) {
        LinkException e = failure(() -> c.serve(echo()));
        assertThat(e.status()).isEqualTo(Status.UNAVAILABLE);
        assertThat(e.problem())
            .contains(taken)
            .contains("another process")
            .contains("0 for a free");
        assertThat(say(c, "as a caller")).isEqualTo("as a caller");
      }
    }
  }

  @Test
  void aNodeThatOnlyCallsOpensNoPort() {
    try (Node b = join("b", "127.0.0.1:0");
        Node a = join("a", "127.0.0.1:0")) {
      b.serve(echo());
      say(a, "hi");
      assertThat(a.addresses()).isEmpty();
    }
  }

  @Test
  void aNodeMayCallItself() {
    Node a = cluster.start("a");
    a.serve(echo());
    assertThat(say(a, "me")).isEqualTo("me");
  }
}
