package io.liblink.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.liblink.identity.key.ClusterKey;
import io.liblink.identity.key.KeySource;
import io.liblink.identity.trust.Trust;
import io.liblink.identity.x509.ClusterCa;
import io.liblink.message.Address;
import io.liblink.message.NodeId;
import io.liblink.session.SessionLimits;
import io.liblink.session.Stream;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.telemetry.Counters;
import io.liblink.testing.RawFrame;
import io.liblink.testing.RawHello;
import io.liblink.time.TimeSource;
import io.liblink.wire.HelloFrame;
import io.liblink.wire.OpenFrame;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a dialer says of acceptors that are none, or misbehave, over both TLS providers. */
@ParameterizedClass
@EnumSource(names = {"BORINGSSL", "JDK"})
@Timeout(60)
class DialTest {
  private static final long SECOND = 1_000_000_000L;
  private static final ClusterKey KEY = ClusterKey.generate();

  private final Counters counters = new Counters();
  private final TlsProvider tls;
  private Transport transport;

  DialTest(TlsProvider tls) {
    this.tls = tls;
    this.transport = transport(Duration.ofSeconds(20));
  }

  private Transport transport(Duration handshake) {
    TimeSource time = TimeSource.system();
    SessionLimits session =
        new SessionLimits(1 << 20, 100, 4 << 20, 15 * SECOND, 10 * SECOND, 300 * SECOND);
    HelloFrame hello = new HelloFrame(
        1, "shop", "me", NodeId.random(), 65_536, 1 << 20, 100, 15_000, 262_144, 0, "", Map.of());
    return new Transport(
        new TransportOptions("me", 1, tls, Duration.ofSeconds(5), handshake, 10, 10, session),
        () -> hello,
        Trust.open("shop", "me", Set.of(), KeySource.literal(KEY.text()), time),
        new Deaf(),
        counters,
        time);
  }

  @AfterEach
  void close() {
    transport.close(Duration.ofMillis(50));
  }

  private LinkException refusal(Address at) throws Exception {
    Throwable thrown = catchThrowable(() -> transport.dial(at).get(30, TimeUnit.SECONDS));
    assertThat(thrown)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(LinkException.class);
    LinkException e = (LinkException) thrown.getCause();
    assertThat(e.stage()).isEqualTo(Stage.CONNECT);
    assertThat(e.address()).isEqualTo(at.toString());
    return e;
  }

  private LinkException refusal(RawServer server) throws Exception {
    try (server) {
      LinkException e = refusal(server.address());
      assertThat(server.failures()).isEmpty();
      return e;
    }
  }

  private long count(String name) {
    return counters.snapshot().get(name);
  }

  @Test
  void nobodyListens() throws Exception {
    Address at;
    try (ServerSocket s = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      at = new Address("127.0.0.1", s.getLocalPort());
    }
    LinkException e = refusal(at);
    assertThat(e.status()).isEqualTo(Status.UNAVAILABLE);
    assertThat(e.problem()).contains("no connection", "refused");
  }

  @Test
  void aServerWithoutTls() throws Exception {
    LinkException e = refusal(RawServer.plain(s -> {
      s.getOutputStream().write("SSH-2.0-OpenSSH_9.2p1 and so on and on\r\n".getBytes());
      s.getInputStream().readAllBytes();
    }));
    assertThat(e.status()).isEqualTo(Status.UNAVAILABLE);
    assertThat(e.problem()).contains("does not speak TLS", "no unencrypted form");
    assertThat(count("drop.handshake_broken")).isEqualTo(1);
  }

  @Test
  void aServerThatHangsUpAtOnce() throws Exception {
    LinkException e = refusal(RawServer.plain(s -> {}));
    assertThat(e.status()).isEqualTo(Status.UNAVAILABLE);
    assertThat(e.problem()).contains("the acceptor closed the connection during the handshake");
  }

  @Test
  void aServerThatSaysNothing() throws Exception {
    transport.close(Duration.ofMillis(50));
    transport = transport(Duration.ofMillis(300));
    LinkException e = refusal(RawServer.plain(s -> s.getInputStream().readAllBytes()));
    assertThat(e.status()).isEqualTo(Status.UNAVAILABLE);
    assertThat(e.problem())
        .contains("the acceptor did not come to the end of the TLS handshake within 300 ms");
    assertThat(count("drop.handshake_timeout")).isEqualTo(1);
  }

  @Test
  void aNodeWithAnotherKey() throws Exception {
    ClusterKey other = ClusterKey.generate();
    LinkException e = refusal(RawServer.node(other, "shop", "far", Plays.NOTHING));
    assertThat(e.status()).isEqualTo(Status.UNAUTHENTICATED);
    assertThat(e.problem())
        .contains("the peer was issued by " + ClusterCa.derive(other.secret()).fingerprint())
        .contains("we trust " + ClusterCa.derive(KEY.secret()).fingerprint());
    assertThat(count("drop.handshake_refused")).isEqualTo(1);
  }

  @Test
  void aNodeOfAnotherCluster() throws Exception {
    LinkException e = refusal(RawServer.node(KEY, "shop2", "far", Plays.NOTHING));
    assertThat(e.status()).isEqualTo(Status.UNAUTHENTICATED);
    assertThat(e.problem()).contains("of the cluster 'shop2', and we are of 'shop'");
  }

  @Test
  void anExpiredNode() throws Exception {
    Shown old = Shown.at(KEY, "shop", "far", System.currentTimeMillis() - 240 * 3_600_000L);
    LinkException e = refusal(RawServer.tls(old, "TLSv1.3", "liblink/1", Plays.NOTHING));
    assertThat(e.status()).isEqualTo(Status.UNAUTHENTICATED);
    assertThat(e.problem()).contains("the peer's certificate was valid until");
  }

  @Test
  void aWebServer() throws Exception {
    Shown far = Shown.node(KEY, "shop", "far");
    LinkException e = refusal(RawServer.tls(far, "TLSv1.3", "", Plays.NOTHING));
    assertThat(e.status()).isEqualTo(Status.UNAVAILABLE);
    assertThat(e.problem()).contains("negotiated no ALPN, not 'liblink/1': it is no liblink node");
  }

  @Test
  void tls12() throws Exception {
    Shown far = Shown.node(KEY, "shop", "far");
    LinkException e = refusal(RawServer.tls(far, "TLSv1.2", "liblink/1", Plays.NOTHING));
    assertThat(e.problem()).contains("offers no TLS 1.3, which liblink requires");
  }

  @Test
  void aServerThatRefusesOurCertificateByAnAlert() throws Exception {
    LinkException e = refusal(RawServer.refusing(Shown.node(KEY, "shop", "far")));
    assertThat(e.status()).isEqualTo(Status.UNAUTHENTICATED);
    assertThat(e.problem()).contains("its log has the reason").doesNotContain("internal error");
    assertThat(count("drop.protocol_error")).isZero();
  }

  @Test
  void aServerThatRefusesOurCertificateBehindTheHandshake() throws Exception {
    LinkException e = refusal(RawServer.node(KEY, "shop", "far", Plays.NOTHING));
    assertThat(e.status()).isEqualTo(Status.UNAVAILABLE);
    assertThat(e.problem())
        .contains("closed the connection after the TLS handshake and before HELLO")
        .contains("its log has the reason");
  }

  @Test
  void aServerThatDoesNotSayHello() throws Exception {
    transport.close(Duration.ofMillis(50));
    transport = transport(Duration.ofMillis(1500));
    LinkException e = refusal(RawServer.node(KEY, "shop", "far", Plays.SILENCE));
    assertThat(e.problem()).contains("the acceptor did not come to HELLO within 1500 ms");
  }

  @Test
  void aFullServer() throws Exception {
    LinkException e = refusal(RawServer.node(KEY, "shop", "far", peer -> {
      peer.send(RawFrame.goAway(0, 8, "as many links as I take"));
      peer.receiveEnd();
    }));
    assertThat(e.status()).isEqualTo(Status.RESOURCE_EXHAUSTED);
    assertThat(e.problem()).contains("as many links as I take");
  }

  @Test
  void aHelloThatLies() throws Exception {
    AtomicReference<RawFrame> said = new AtomicReference<>();
    for (RawHello hello : new RawHello[] {
      RawHello.of("shop", "other"),
      RawHello.of("shop2", "far"),
      RawHello.of("shop", "far").version(2)
    }) {
      said.set(null);
      LinkException e = refusal(RawServer.node(KEY, "shop", "far", peer -> {
        peer.send(hello.frame());
        said.set(peer.receiveEnd().orElse(null));
      }));
      Status expected = hello.version() == 2 ? Status.FAILED_PRECONDITION : Status.UNAUTHENTICATED;
      assertThat(e.status()).isEqualTo(expected);
      assertThat(LogLines.holdsSoon(() -> said.get() != null)).isTrue();
      assertThat(Status.of(said.get().status())).isEqualTo(expected);
      assertThat(e.problem()).contains(said.get().reason());
    }
  }

  @Test
  void framesBeforeHello() throws Exception {
    AtomicReference<RawFrame> said = new AtomicReference<>();
    LinkException e = refusal(RawServer.node(KEY, "shop", "far", peer -> {
      peer.send(RawFrame.ping(1));
      said.set(peer.receiveEnd().orElse(null));
    }));
    assertThat(e.status()).isEqualTo(Status.FAILED_PRECONDITION);
    assertThat(e.problem()).contains("PING before HELLO");
    assertThat(LogLines.holdsSoon(() -> said.get() != null)).isTrue();
  }

  /** What servers do after the handshake. */
  private static final class Plays {
    static final RawServer.PeerPlay NOTHING = peer -> {};
    static final RawServer.PeerPlay SILENCE = peer -> {
      try {
        peer.receive();
      } catch (IOException closed) {
        // the dialer had enough
      }
    };
  }

  /** Nobody opens streams here. */
  private static final class Deaf implements LinkEvents {
    @Override
    public void onReady(Link link) {}

    @Override
    public Stream onOpen(Link link, OpenFrame open, long now) {
      throw new IllegalStateException("not in this test");
    }

    @Override
    public void execute(Runnable task) {
      task.run();
    }

    @Override
    public void onDraining(Link link) {}

    @Override
    public void onClosed(Link link, Status status, String reason) {}

    @Override
    public void onRefused(String remote, LinkException failure) {}
  }
}
