package io.liblink.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.NodeOptions.TlsProvider;
import io.liblink.status.Status;
import io.liblink.testing.RawFrame;
import io.liblink.testing.RawPeer;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Who connects and does not go on, and who comes when the node is full. */
@ParameterizedClass
@EnumSource(names = {"BORINGSSL", "JDK"})
@Timeout(60)
class HandshakeBoundsTest {
  private final TlsProvider tlsHere;

  HandshakeBoundsTest(TlsProvider tls) {
    this.tlsHere = tls;
  }

  private static boolean hangsUp(Socket socket) {
    try {
      return socket.getInputStream().read(new byte[5000]) < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  @Test
  void whoeverDoesNotComeToHelloInTimeIsCutOff() throws Exception {
    try (Target target =
            new Target(tlsHere, o -> o.timeouts(t -> t.handshake(Duration.ofMillis(1200))));
        Socket silent = target.connect();
        Socket half = target.connect();
        Socket loris = target.connect();
        RawPeer mute = target.authenticated("web-1")) {
      // Half of a ClientHello; and one byte of it at a time.
      byte[] start = {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3};
      half.getOutputStream().write(start);
      Thread drip = new Thread(() -> drip(loris, start));
      drip.start();
      assertThat(RawFrame.HELLO).isEqualTo(mute.receive().type());

      assertThat(hangsUp(silent)).isTrue();
      assertThat(hangsUp(half)).isTrue();
      assertThat(hangsUp(loris)).isTrue();
      assertThat(mute.receiveEnd()).isEmpty();

      target.awaitCount("drop.handshake_timeout", 4);
      target.log.await(
          "refused a connection from 127.0.0.1:",
          "the dialer did not come to the end of the TLS handshake within 1200 ms");
      target.log.await("the dialer did not come to HELLO within 1200 ms");
      target.servesOthers();
      drip.join();
    }
  }

  private static void drip(Socket socket, byte[] bytes) {
    try {
      while (true) {
        for (byte b : bytes) {
          socket.getOutputStream().write(b);
          Thread.sleep(50); // not to wait for something: to be slow
        }
      }
    } catch (IOException | InterruptedException cutOff) {
      // as expected
    }
  }

  @Test
  void soManyMayBeUnauthenticatedAtOnceAndNoMore() throws Exception {
    try (Target target = new Target(tlsHere, o -> o.limits(l -> l.handshakes(3)))) {
      List<Socket> waiting = new ArrayList<>();
      try {
        for (int i = 0; i < 3; i++) {
          waiting.add(target.connect());
        }
        try (Socket one = target.connect()) {
          assertThat(hangsUp(one)).isTrue();
        }
        target.awaitCount("drop.too_many_connections", 1);
        target.servesOthers();
      } finally {
        for (Socket s : waiting) {
          s.close();
        }
      }
      target.awaitCount("drop.handshake_broken", 3);
      try (RawPeer peer = target.peer("web-1")) {
        assertThat(peer.call(1, "echo/fast", new byte[] {7}).payload()).containsExactly(7);
      }
    }
  }

  @Test
  void soManyLinksAreAcceptedAndTheNextIsToldWhy() throws Exception {
    try (Target target =
        new Target(tlsHere, o -> o.limits(l -> l.links(2)))) { // one is the client's
      try (RawPeer peer = target.peer("web-1");
          RawPeer late = target.authenticated("web-2")) {
        RawFrame goAway = late.receive();
        assertThat(goAway.type()).isEqualTo(RawFrame.GOAWAY);
        assertThat(Status.of(goAway.status())).isEqualTo(Status.RESOURCE_EXHAUSTED);
        assertThat(goAway.reason()).contains("as many links as it takes (Limits.links)");
        assertThat(late.receiveEnd()).isEmpty();
        target.awaitCount("drop.too_many_connections", 1);
        target.log.await("no link to the dialer", "as many links as it takes");
        assertThat(peer.call(1, "echo/fast", new byte[] {7}).payload()).containsExactly(7);
      }
      target.servesOthers();
      // The place of the one that left is free again.
      target.awaitCount("links.closed", 1);
      assertThat(LogLines.holdsSoon(() -> accepts(target))).isTrue();
    }
  }

  private static boolean accepts(Target target) {
    try (RawPeer peer = target.authenticated("web-3")) {
      return peer.receive().type() == RawFrame.HELLO;
    } catch (Exception e) {
      return false;
    }
  }
}
