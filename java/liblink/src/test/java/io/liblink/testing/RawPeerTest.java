package io.liblink.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RawPeerTest {
  private RawPeer dialer;
  private RawPeer acceptor;

  @BeforeEach
  void connect() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      dialer = RawPeer.over(new Socket(server.getInetAddress(), server.getLocalPort()));
      acceptor = RawPeer.over(server.accept());
    }
  }

  @AfterEach
  void close() throws IOException {
    dialer.close();
    acceptor.close();
  }

  @Test
  void twoOfThemHoldAConversation() throws IOException {
    acceptor.send(RawFrame.hello("shop", "price-1"));
    assertThat(dialer.dial(RawHello.of("shop", "web-1")).node()).isEqualTo("price-1");
    assertThat(RawHello.read(acceptor.receive()).window()).isEqualTo(262144);

    acceptor.send(RawFrame.ping(7));
    acceptor.send(RawFrame.reply(1, RawPeer.utf8("42")));
    RawFrame close = dialer.call(1, "pricing/quote", new byte[0]);
    assertThat(close.status()).isZero();
    assertThat(close.payload()).asString().isEqualTo("42");

    RawFrame open = acceptor.receive();
    assertThat(open.type()).isEqualTo(RawFrame.OPEN);
    assertThat(open.stream()).isEqualTo(1);
    assertThat(acceptor.receive(RawFrame.PONG).fields().u64()).isEqualTo(7);
  }

  @Test
  void theEndIsReadWithItsReason() throws IOException {
    acceptor.send(RawFrame.goAway(0, 3, "broken"));
    acceptor.close();
    assertThat(dialer.receiveEnd())
        .hasValueSatisfying(goAway -> assertThat(goAway.reason()).isEqualTo("broken"));
  }

  @Test
  void anEndWithoutAReasonIsEmpty() throws IOException {
    acceptor.send(RawFrame.ping(1));
    acceptor.close();
    assertThat(dialer.receiveEnd()).isEmpty();
  }
}
