package io.liblink.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.NodeOptions.TlsProvider;
import io.liblink.identity.key.ClusterKey;
import io.liblink.identity.x509.ClusterCa;
import io.liblink.testing.Gen;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections that do not prove who they are, to a real node, over both TLS providers. */
@ParameterizedClass
@EnumSource(names = {"BORINGSSL", "JDK"})
@Timeout(60)
@Execution(ExecutionMode.SAME_THREAD)
class StrangersTest {
  private static Target target;

  StrangersTest(TlsProvider tls) {}

  @BeforeParameterizedClassInvocation(injectArguments = true)
  static void start(TlsProvider tls) throws IOException {
    target = new Target(tls, o -> o);
  }

  @AfterParameterizedClassInvocation
  static void stop() throws IOException {
    target.close();
  }

  @AfterEach
  void othersDidNotNotice() {
    target.servesOthers();
    assertThat(target.log.lines()).noneMatch(l -> l.contains("bug in liblink"));
    target.log.clear();
  }

  // ---- no TLS -------------------------------------------------------------------------------

  @Test
  void randomBytesInsteadOfTls() throws Exception {
    long before = target.count("drop.handshake_broken");
    int[] sent = {0};
    Gen.check(10, gen -> {
      byte[] bytes = gen.bytes(3000);
      // 20 to 24 begin a TLS record, and 0x80 one of long ago: the rest would be waited for.
      boolean recordLike = bytes.length > 0 && (bytes[0] < 0 || (bytes[0] >= 20 && bytes[0] <= 24));
      if (bytes.length > 5 && !recordLike) {
        sent[0]++;
        assertThat(hangsUpOn(bytes)).isTrue();
      }
    });
    target.awaitCount("drop.handshake_broken", before + sent[0]);
    target.log.await(
        "refused a connection from 127.0.0.1:", "does not speak TLS", "no unencrypted form");
  }

  @Test
  void aWebBrowserWithoutTls() throws Exception {
    assertThat(hangsUpOn("GET / HTTP/1.1\r\nHost: shop\r\n\r\n".getBytes())).isTrue();
    target.log.await("does not speak TLS");
  }

  @Test
  void aHelloInClear() throws Exception {
    assertThat(hangsUpOn(Target.hello("web-1").frame().bytes())).isTrue();
    target.log.await("does not speak TLS");
  }

  @Test
  void whatLooksLikeTlsAndIsNot() throws Exception {
    long before = target.count("drop.handshake_broken");
    // A handshake record with a ClientHello of garbage.
    byte[] record = new byte[205];
    record[0] = 22;
    record[1] = 3;
    record[2] = 1;
    record[4] = (byte) 200;
    record[5] = 1;
    record[8] = (byte) 196;
    assertThat(hangsUpOn(record)).isTrue();
    target.awaitCount("drop.handshake_broken", before + 1);
    target.log.await("refused a connection", "the TLS handshake failed");
  }

  /** Sends, and reads to the end: true when the node closed. */
  private static boolean hangsUpOn(byte[] bytes) throws IOException {
    try (Socket socket = target.connect()) {
      socket.getOutputStream().write(bytes);
      return readsToEnd(socket);
    }
  }

  private static boolean readsToEnd(Socket socket) {
    try {
      InputStream in = socket.getInputStream();
      byte[] some = new byte[4096];
      while (in.read(some) >= 0) {
        // alerts
      }
      return true;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  // ---- TLS, but not the right one -----------------------------------------------------------

  /** In TLS 1.3 the client believes that it is connected until it reads. */
  private static void refused(SSLSocket socket) throws IOException {
    try (socket) {
      socket.startHandshake();
      byte[] some = new byte[100];
      while (true) {
        int n = socket.getInputStream().read(some);
        if (n < 0) {
          return;
        }
        // No HELLO: nothing at all is told to who did not prove itself.
        throw new AssertionError("a stranger was told " + n + " bytes");
      }
    } catch (java.net.SocketTimeoutException e) {
      throw new AssertionError("the node did not hang up", e);
    } catch (IOException alertOrReset) {
      // as expected
    }
  }

  private static void refusedPeer(Shown shown, String... words)
      throws IOException, GeneralSecurityException {
    long before = target.count("drop.handshake_refused");
    refused(target.tls(shown, "liblink/1"));
    target.awaitCount("drop.handshake_refused", before + 1);
    target.log.await(words);
  }

  @Test
  void noCertificate() throws Exception {
    refusedPeer(null, "the peer showed no certificate", "Give it this cluster's key");
  }

  @Test
  void aNodeWithAnotherKey() throws Exception {
    ClusterKey other = ClusterKey.generate();
    refusedPeer(
        Shown.node(other, "shop", "web-1"),
        "the peer was issued by " + ClusterCa.derive(other.secret()).fingerprint(),
        "we trust " + ClusterCa.derive(target.key.secret()).fingerprint(),
        "different cluster keys");
  }

  @Test
  void aNodeOfAnotherClusterWithTheSameKey() throws Exception {
    refusedPeer(
        Shown.node(target.key, "shop2", "web-1"),
        "of the cluster 'shop2', and we are of 'shop'",
        "clusters do not talk to each other");
  }

  @Test
  void anExpiredCertificate() throws Exception {
    long tenDays = 240 * 3_600_000L;
    refusedPeer(
        Shown.at(target.key, "shop", "web-1", System.currentTimeMillis() - tenDays),
        "the peer's certificate was valid until",
        "compare 'date -u' on both machines");
  }

  @Test
  void aCertificateThatIsNotValidYet() throws Exception {
    long tenDays = 240 * 3_600_000L;
    refusedPeer(
        Shown.at(target.key, "shop", "web-1", System.currentTimeMillis() + tenDays),
        "the peer's certificate is valid from",
        "ahead of our clock");
  }

  @Test
  void aSelfSignedOneWithAStolenNameThatNamesOurKey() throws Exception {
    String ours = ClusterCa.derive(target.key.secret()).fingerprint();
    refusedPeer(
        Shown.selfSigned(ours, "shop", "client"),
        "claims to be issued by " + ours,
        "that key did not sign it",
        "somebody without the cluster key pretends to be a node");
  }

  @Test
  void aSelfSignedOneWithAStolenName() throws Exception {
    refusedPeer(
        Shown.selfSigned("my-very-own-certificates-ca", "shop", "client"),
        "not issued by a liblink cluster key");
  }

  @Test
  void noAlpnOrAnother() throws Exception {
    for (String[] alpn : new String[][] {{}, {"h2", "http/1.1"}, {"liblink/2"}}) {
      target.log.clear();
      long before = target.count("drop.handshake_broken");
      refused(target.tls(Shown.node(target.key, "shop", "web-1"), alpn));
      target.awaitCount("drop.handshake_broken", before + 1);
      target.log.await("ALPN", "liblink/1", "no liblink client");
    }
  }

  @Test
  void tls12() throws Exception {
    long before = target.count("drop.handshake_broken");
    SSLSocket socket = target.tls(Shown.node(target.key, "shop", "web-1"), "liblink/1");
    socket.setEnabledProtocols(new String[] {"TLSv1.2"});
    refused(socket);
    target.awaitCount("drop.handshake_broken", before + 1);
    target.log.await("offers no TLS 1.3, which liblink requires");
  }

  @Test
  void halfAHandshakeAndGone() throws Exception {
    long before = target.count("drop.handshake_broken");
    for (int i = 0; i < 5; i++) {
      try (Socket socket = target.connect()) {
        socket.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1, 0, 1});
      }
    }
    target.awaitCount("drop.handshake_broken", before + 5);
    target.log.await("the dialer closed the connection during the handshake");
  }

  @Test
  void manyAtOnceGiveTheirPlacesBack() throws Exception {
    long before = target.count("drop.handshake_broken");
    List<Socket> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      all.add(target.connect());
    }
    target.servesOthers();
    for (Socket s : all) {
      s.close();
    }
    target.awaitCount("drop.handshake_broken", before + 200);
    try (var peer = target.peer("web-1")) {
      assertThat(peer.call(1, "echo/fast", new byte[] {1}).payload()).containsExactly(1);
    }
  }
}
