package io.liblink.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.NodeOptions.TlsProvider;
import io.liblink.status.Status;
import io.liblink.testing.RawBytes;
import io.liblink.testing.RawFrame;
import io.liblink.testing.RawHello;
import io.liblink.testing.RawPeer;
import java.io.IOException;
import java.net.SocketException;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Peers that prove who they are and then break the protocol, over both TLS providers. */
@ParameterizedClass
@EnumSource(names = {"BORINGSSL", "JDK"})
@Timeout(60)
class RudePeersTest {
  private static final byte[] HI = {'h', 'i'};

  private static Target target;

  RudePeersTest(TlsProvider tls) {}

  @BeforeParameterizedClassInvocation(injectArguments = true)
  static void start(TlsProvider tls) throws IOException {
    target = new Target(
        tls,
        o -> o.limits(
            l -> l.messageBytes(2 << 20).streams(300).sendBytes(8 << 20).inFlight(100)));
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

  // ---- HELLO --------------------------------------------------------------------------------

  private static void refusedHello(RawFrame frame, Status status, String counter, String... words)
      throws Exception {
    long before = target.count(counter);
    try (RawPeer peer = target.authenticated("web-1")) {
      RawHello.read(peer.receive());
      peer.send(frame);
      ended(peer, status, words[0]);
    }
    target.awaitCount(counter, before + 1);
    target.log.await(words);
  }

  /** The link ends by a GOAWAY with this status; its reason has these words. */
  private static void ended(RawPeer peer, Status status, String words) throws IOException {
    Optional<RawFrame> goAway = peer.receiveEnd();
    assertThat(goAway).isPresent();
    assertThat(Status.of(goAway.get().status())).isEqualTo(status);
    assertThat(goAway.get().reason()).contains(words);
  }

  @Test
  void anotherNameThanTheCertificates() throws Exception {
    refusedHello(
        Target.hello("client").frame(),
        Status.UNAUTHENTICATED,
        "drop.handshake_refused",
        "HELLO claims to be node 'client' of cluster 'shop'",
        "but the certificate proves spiffe://shop/node/web-1");
  }

  @Test
  void anotherCluster() throws Exception {
    refusedHello(
        RawFrame.hello("shop2", "web-1"),
        Status.UNAUTHENTICATED,
        "drop.handshake_refused",
        "of cluster 'shop2'",
        "but the certificate proves spiffe://shop/node/web-1");
  }

  @Test
  void anotherVersion() throws Exception {
    refusedHello(
        Target.hello("web-1").version(2).frame(),
        Status.FAILED_PRECONDITION,
        "drop.protocol_error",
        "HELLO of version 2, not 1");
  }

  @Test
  void impossibleLimits() throws Exception {
    refusedHello(
        Target.hello("web-1").limits(0, 0, 0).frame(),
        Status.INVALID_ARGUMENT,
        "drop.protocol_error",
        "HELLO with a message limit of 0; at least 16384");
  }

  @Test
  void namesThatAreNotUtf8() throws Exception {
    byte[] body = new RawBytes().u16(1).str(new byte[] {(byte) 0xff}).done();
    refusedHello(
        new RawFrame(RawFrame.HELLO, 0, 0, body),
        Status.INVALID_ARGUMENT,
        "drop.protocol_error",
        "HELLO cluster: not UTF-8");
  }

  @Test
  void openBeforeHello() throws Exception {
    refusedHello(
        RawFrame.call(1, "echo/fast", HI),
        Status.FAILED_PRECONDITION,
        "drop.protocol_error",
        "OPEN before HELLO");
  }

  @Test
  void openBeforeTheAcceptorsHelloWasRead() throws Exception {
    try (RawPeer peer = target.authenticated("web-1")) {
      peer.send(RawFrame.call(1, "echo/fast", HI));
      ended(peer, Status.FAILED_PRECONDITION, "OPEN before HELLO");
    }
  }

  @Test
  void goAwayInsteadOfHello() throws Exception {
    try (RawPeer peer = target.authenticated("web-1")) {
      peer.receive();
      peer.send(RawFrame.goAway(0, 9, "I do not like\nyou"));
      assertThat(peer.receiveEnd()).isEmpty();
    }
    target.log.await("no link to the dialer", "I do not like?you");
  }

  // ---- frames -------------------------------------------------------------------------------

  private static void broken(Status status, String words, byte[] bytes) throws Exception {
    long before = target.count("drop.protocol_error");
    try (RawPeer peer = target.peer("web-1")) {
      peer.send(bytes);
      ended(peer, status, words);
    }
    target.awaitCount("drop.protocol_error", before + 1);
    target.log.await("link to web-1@", words);
    target.log.clear();
  }

  @Test
  void impossibleLengths() throws Exception {
    for (long length : new long[] {0, 5, 65_543, 1L << 31, 0xFFFF_FFFFL}) {
      broken(
          Status.INVALID_ARGUMENT,
          "a frame of length " + length + "; at least 6 and at most 65542 are allowed",
          RawFrame.ping(1).bytes(length));
    }
  }

  @Test
  void unknownTypesAndFlags() throws Exception {
    broken(Status.UNIMPLEMENTED, "unknown frame type 127", new RawFrame(0x7f, 0, 0, HI).bytes());
    broken(
        Status.UNIMPLEMENTED,
        "PING with unknown flags 1",
        new RawFrame(RawFrame.PING, 1, 0, new byte[8]).bytes());
  }

  @Test
  void wrongStreams() throws Exception {
    broken(
        Status.FAILED_PRECONDITION,
        "OPEN of stream 2 out of order",
        RawFrame.call(2, "echo/fast", HI).bytes());
    broken(
        Status.FAILED_PRECONDITION,
        "CANCEL on stream 77, which was never opened",
        RawFrame.cancel(77, 1).bytes());
    broken(
        Status.INVALID_ARGUMENT,
        "OPEN on stream 2147483649",
        RawFrame.call(0x8000_0001L, "echo/fast", HI).bytes());
  }

  @Test
  void badUtf8() throws Exception {
    broken(
        Status.INVALID_ARGUMENT,
        "OPEN target: not UTF-8",
        RawFrame.of(
                RawFrame.OPEN,
                0,
                1,
                RawFrame.open(1, 5000)
                    .str(new byte[] {(byte) 0xC0, (byte) 0x80})
                    .content(Map.of(), "", HI))
            .bytes());
  }

  @Test
  void whatACallDoesNotTake() throws Exception {
    RawFrame call = RawFrame.call(1, "echo/block", HI);
    for (RawFrame f :
        new RawFrame[] {RawFrame.credit(1, 1), RawFrame.ack(1, 1, 0, ""), RawFrame.message(1, 1, HI)
        }) {
      broken(
          Status.FAILED_PRECONDITION,
          " on a stream that takes none",
          new RawBytes().raw(call.bytes()).raw(f.bytes()).done());
    }
  }

  @Test
  void garbageBehindHello() throws Exception {
    broken(Status.INVALID_ARGUMENT, "a frame of length", "GET / HTTP/1.1\r\n\r\n".getBytes());
  }

  @Test
  void manySmallPiecesAreStillFrames() throws Exception {
    try (RawPeer peer = target.peer("web-1")) {
      byte[] call = RawFrame.call(1, "echo/work", HI).bytes();
      for (byte b : call) {
        peer.send(new byte[] {b});
      }
      assertThat(peer.receive(RawFrame.CLOSE).payload()).isEqualTo(HI);
    }
  }

  // ---- too much -----------------------------------------------------------------------------

  @Test
  void fourGibAnnouncedAndNeverSent() throws Exception {
    long before = target.count("drop.message_too_large");
    try (RawPeer peer = target.peer("web-1")) {
      peer.send(RawFrame.largeCall(1, "echo/fast", 0xFFFF_FFFFL));
      RawFrame close = peer.receive(RawFrame.CLOSE);
      assertThat(close.status()).isEqualTo(Status.RESOURCE_EXHAUSTED.code());
      assertThat(new String(close.payload()))
          .isEqualTo("a message of 4294967295 bytes; at most 2097152 are taken");
      assertThat(peer.call(3, "echo/fast", HI).payload()).isEqualTo(HI);
    }
    assertThat(target.count("drop.message_too_large")).isEqualTo(before + 1);
  }

  @Test
  void unfinishedMessagesWithoutEnd() throws Exception {
    long before = target.count("drop.receive_bytes");
    try (RawPeer peer = target.peer("web-1")) {
      for (int i = 0; i < 5; i++) {
        peer.send(RawFrame.largeCall(1 + 2 * i, "echo/fast", 1 << 20));
        peer.send(RawFrame.fragment(1 + 2 * i, new byte[100]));
      }
      RawFrame close = peer.receive(RawFrame.CLOSE);
      assertThat(close.stream()).isEqualTo(9); // four of 1 MiB fill the 4 MiB
      assertThat(close.status()).isEqualTo(Status.RESOURCE_EXHAUSTED.code());
      assertThat(new String(close.payload())).contains("at most 4194304 are held");
      assertThat(peer.call(11, "echo/fast", HI).payload()).isEqualTo(HI);
    }
    assertThat(target.count("drop.receive_bytes")).isEqualTo(before + 1);
  }

  @Test
  void fragmentsWithoutEnd() throws Exception {
    try (RawPeer peer = target.peer("web-1")) {
      peer.send(RawFrame.call(1, "echo/fast", HI));
      peer.receive(RawFrame.CLOSE);
      // Of a stream that is closed: skipped for as long as there is credit, which comes back.
      for (int i = 0; i < 200; i++) {
        peer.send(RawFrame.fragment(1, new byte[32 << 10]));
      }
      assertThat(peer.call(3, "echo/fast", HI).payload()).isEqualTo(HI);
    }
    broken(
        Status.INVALID_ARGUMENT,
        "more fragments than were announced",
        new RawBytes()
            .raw(RawFrame.largeCall(1, "echo/fast", 20_000).bytes())
            .raw(RawFrame.fragment(1, new byte[20_001]).bytes())
            .done());
  }

  @Test
  void streamsWithoutEnd() throws Exception {
    long before = target.count("drop.too_many_in_flight") + target.count("drop.too_many_streams");
    try (RawPeer peer = target.peer("web-1")) {
      for (int i = 0; i < 2000; i++) {
        peer.send(RawFrame.call(1 + 2 * i, "echo/block", HI));
      }
      // About 80 are with handlers: the rest of the 100 is for others. 300 is the link's own limit.
      for (int i = 0; i < 1900; i++) {
        RawFrame close = peer.receive(RawFrame.CLOSE);
        assertThat(close.status()).isEqualTo(Status.RESOURCE_EXHAUSTED.code());
        assertThat(new String(close.payload()))
            .contains("keeps room for its other callers", "of at most 100 requests in flight");
      }
      target.servesOthers();
    }
    assertThat(target.count("drop.too_many_in_flight") + target.count("drop.too_many_streams"))
        .isBetween(before + 1900, before + 1930);
  }

  @Test
  void pingsWithoutEnd() throws Exception {
    try (RawPeer peer = target.peer("web-1")) {
      for (int i = 0; i < 20_000; i += 100) {
        RawFrame[] some = new RawFrame[100];
        for (int k = 0; k < 100; k++) {
          some[k] = RawFrame.ping(i + k);
        }
        peer.send(some);
        for (int k = 0; k < 100; k++) {
          assertThat(peer.receive(RawFrame.PONG).fields().u64()).isEqualTo(i + k);
        }
      }
    }
  }

  @Test
  void creditWithoutEnd() throws Exception {
    try (RawPeer peer = target.peer("web-1")) {
      for (int i = 0; i < 100; i++) {
        peer.send(RawFrame.creditBytes(0xFFFF_FFFFL));
      }
      peer.send(RawFrame.streamedCall(1, "echo/endless", 0xFFFF_FFFFL));
      for (int i = 0; i < 100; i++) {
        peer.send(RawFrame.credit(1, 0xFFFF_FFFFL));
      }
      for (int i = 1; i <= 50; i++) {
        assertThat(peer.receive(RawFrame.MESSAGE).fields().u64()).isEqualTo(i);
      }
      peer.send(RawFrame.cancel(1, 1));
    }
  }

  // ---- not reading --------------------------------------------------------------------------

  /** Refusals and PONGs are written as they fall due: more than 64 MiB of them end the link. */
  @Test
  void aPeerThatAsksAndNeverReadsIsCutOff() throws Exception {
    long before = target.count("drop.peer_does_not_read");
    try (RawPeer peer = target.peer("web-1")) {
      byte[] pings = new byte[64 << 10];
      byte[] ping = RawFrame.ping(1).bytes();
      for (int i = 0; i + ping.length <= pings.length; i += ping.length) {
        System.arraycopy(ping, 0, pings, i, ping.length);
      }
      byte[] whole = java.util.Arrays.copyOf(pings, pings.length / ping.length * ping.length);
      while (true) { // what comes after the cut is thrown away, until the socket is closed
        peer.send(whole);
      }
    } catch (SocketException | SSLException cut) {
      // as expected
    }
    target.awaitCount("drop.peer_does_not_read", before + 1);
    target.log.await("link to web-1@", "the peer does not read");
  }

  /** Replies wait without costing more than Limits.sendBytes, and take no handlers from others. */
  @Test
  void aPeerThatDoesNotReadItsRepliesCostsABoundedAmount() throws Exception {
    long before = target.count("drop.send_bytes");
    try (RawPeer peer = target.peer("web-1")) {
      for (int i = 0; i < 60; i++) {
        peer.send(RawFrame.of(
            RawFrame.OPEN,
            0,
            1 + 2 * i,
            RawFrame.open(1, RawFrame.NO_DEADLINE).str("echo/big").content(Map.of(), "", HI)));
      }
      // 8 MiB of replies wait; the other handlers give up when nothing moves, all of them.
      target.servesOthers();
      target.awaitCount("drop.send_bytes", before + 50);
      target.servesOthers();
      int big = 0;
      int refused = 0;
      for (int i = 0; i < 60; i++) {
        RawFrame close = peer.receive(RawFrame.CLOSE);
        if (close.status() == 0) {
          big++;
        } else {
          refused++;
          assertThat(close.status()).isEqualTo(Status.RESOURCE_EXHAUSTED.code());
          assertThat(new String(close.payload())).contains("takes its replies too slowly");
        }
      }
      assertThat(big).isBetween(7, 10);
      assertThat(refused).isEqualTo(60 - big);
    }
  }

  @Test
  void aStreamThatNobodyReadsWaits() throws Exception {
    try (RawPeer peer = target.peer("web-1")) {
      peer.send(RawFrame.streamedCall(1, "echo/endless", 0x7FFF_FFFFL));
      peer.receive(RawFrame.MESSAGE);
      target.servesOthers();
      // It goes on as soon as it is read: far more than was ever held.
      for (int i = 2; i < 3000; i++) {
        assertThat(peer.receive(RawFrame.MESSAGE).fields().u64()).isEqualTo(i);
      }
    }
  }

  // ---- TLS ----------------------------------------------------------------------------------

  @Test
  void bytesThatAreNoTlsOnALink() throws Exception {
    long before = target.count("drop.protocol_error");
    var plain = target.connect();
    try (plain;
        javax.net.ssl.SSLSocket tls =
            target.tlsOver(plain, Shown.node(target.key, "shop", "web-1"), "liblink/1")) {
      RawPeer peer = RawPeer.over(tls);
      peer.dial(Target.hello("web-1"));
      assertThat(peer.call(1, "echo/fast", HI).payload()).isEqualTo(HI);
      plain.getOutputStream().write(new byte[500]);
      plain.getOutputStream().flush();
      assertThat(peer.receiveEnd()).isEmpty();
    }
    target.awaitCount("drop.protocol_error", before + 1);
  }
}
