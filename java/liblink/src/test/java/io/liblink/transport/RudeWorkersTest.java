package io.liblink.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.liblink.Node;
import io.liblink.NodeOptions;
import io.liblink.NodeOptions.TlsProvider;
import io.liblink.Producer;
import io.liblink.Receipt;
import io.liblink.delivery.ProducerOptions;
import io.liblink.identity.key.ClusterKey;
import io.liblink.message.Address;
import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.registry.local.NodeJson;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Status;
import io.liblink.testing.RawBytes;
import io.liblink.testing.RawFields;
import io.liblink.testing.RawFrame;
import io.liblink.testing.RawHello;
import io.liblink.testing.RawPeer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real producer pushes to workers that are played by hand and break the protocol. */
@Timeout(60)
class RudeWorkersTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  /** Answers what the producer sends on a push stream: OPEN, MESSAGE, CANCEL. */
  private interface Answer {
    void to(RawPeer peer, RawFrame frame) throws Exception;
  }

  private final ClusterKey key = ClusterKey.generate();
  private final LogLines log = new LogLines();
  private final RawHello own = Target.hello("far");

  /** What came on push streams. */
  private final BlockingQueue<RawFrame> heard = new LinkedBlockingQueue<>();

  private volatile Answer answer = RudeWorkersTest::good;

  private RawServer server;
  private Node node;
  private Producer producer;

  @BeforeEach
  void start() throws Exception {
    server = RawServer.node(key, "shop", "far", this::serve);
    node = Node.join(NodeOptions.cluster("shop")
        .name("me")
        .key(key.text())
        .tls(TlsProvider.AUTO)
        .registry("static:" + server.address()));
    producer = node.service("echo")
        .producer(
            "q",
            ProducerOptions.defaults()
                .attempts(3)
                .backoff(Duration.ZERO, Duration.ZERO)
                .itemTimeout(Duration.ofSeconds(9)));
  }

  @AfterEach
  void stop() throws IOException {
    node.close(Duration.ZERO);
    server.close();
    log.close();
    assertThat(server.failures()).isEmpty();
    assertThat(log.lines()).noneMatch(l -> l.contains("bug in liblink"));
  }

  /** Takes ten, and is done with each at once. */
  private static void good(RawPeer peer, RawFrame frame) throws IOException {
    if (frame.type() == RawFrame.OPEN) {
      peer.send(RawFrame.credit(frame.stream(), 10));
    } else if (frame.type() == RawFrame.MESSAGE) {
      peer.send(RawFrame.ack(frame.stream(), number(frame), 0, ""));
      peer.send(RawFrame.credit(frame.stream(), 1));
    }
  }

  private static long number(RawFrame message) {
    return message.fields().u64();
  }

  private void serve(RawPeer peer) throws Exception {
    peer.accept(own);
    ByteBuffer id = ByteBuffer.wrap(own.instance());
    byte[] services = services(new NodeId(id.getLong(), id.getLong()));
    while (true) {
      RawFrame frame = peer.receive();
      switch (frame.type()) {
        case RawFrame.PING -> peer.send(new RawFrame(RawFrame.PONG, 0, 0, frame.body()));
        case RawFrame.OPEN -> {
          if (frame.body()[0] == RawFrame.CALL) {
            peer.send(RawFrame.reply(frame.stream(), services));
          } else {
            heard.add(frame);
            answer.to(peer, frame);
          }
        }
        case RawFrame.MESSAGE, RawFrame.CANCEL, RawFrame.GOAWAY -> {
          heard.add(frame);
          answer.to(peer, frame);
        }
        default -> {}
      }
    }
  }

  private byte[] services(NodeId id) {
    List<Address> at = List.of(server.address());
    return new NodeJson("shop")
        .write(
            "far",
            id,
            List.of(new Instance("echo", "far", id, at, "", Map.of(), true, 1, List.of())));
  }

  private RawFrame hears(int type) throws InterruptedException {
    while (true) {
      RawFrame frame = heard.poll(20, TimeUnit.SECONDS);
      assertThat(frame).as("type " + type).isNotNull();
      if (frame.type() == type) {
        return frame;
      }
    }
  }

  private long count(String counter) {
    return node.counters().getOrDefault(counter, 0L);
  }

  // ---- good ---------------------------------------------------------------------------------

  @Test
  void theStreamSaysHowLongAnItemMayTakeAndItemsAreNumbered() throws Exception {
    List<Receipt> receipts = producer.pushAll(List.of("a", "b"));
    receipts.forEach(r -> r.await(LONG));
    RawFields open = hears(RawFrame.OPEN).fields();
    assertThat(open.u8()).isEqualTo(RawFrame.PUSH);
    assertThat(open.u8()).isEqualTo(1);
    assertThat(open.u32()).isEqualTo(RawFrame.NO_DEADLINE);
    assertThat(open.str()).isEqualTo("echo/q");
    assertThat(open.pairs()).containsExactly(Map.entry("liblink-item-ms", "9000"));
    assertThat(number(hears(RawFrame.MESSAGE))).isEqualTo(receipts.get(0).id().number());
    assertThat(number(hears(RawFrame.MESSAGE))).isEqualTo(receipts.get(1).id().number());
    producer.close();
    assertThat(hears(RawFrame.CANCEL).status()).isEqualTo(Status.CANCELLED.code());
  }

  @Test
  void nothingIsSentBeforeCreditAndNoMoreThanThat() throws Exception {
    BlockingQueue<RawPeer> peers = new LinkedBlockingQueue<>();
    answer = (peer, frame) -> {
      if (frame.type() == RawFrame.OPEN) {
        peers.add(peer);
      }
    };
    producer.pushAll(List.of("a", "b", "c", "d", "e"));
    RawFrame open = hears(RawFrame.OPEN);
    RawPeer peer = peers.take();
    assertThat(producer.inFlight()).isZero();
    peer.send(RawFrame.credit(open.stream(), 2));
    RawFrame first = hears(RawFrame.MESSAGE);
    hears(RawFrame.MESSAGE);
    peer.send(RawFrame.ack(open.stream(), number(first), 0, ""));
    log.await(() -> producer.inFlight() == 1, () -> "the ACK is heard");
    assertThat(producer.waiting()).as("an ACK gives no credit").isEqualTo(3);
    assertThat(heard).isEmpty();
    peer.send(RawFrame.credit(open.stream(), 0xFFFF_FFFFL));
    for (int i = 0; i < 3; i++) {
      hears(RawFrame.MESSAGE);
    }
    answer = RudeWorkersTest::good;
  }

  @Test
  void repeatsAreMarkedAndHeadersKept() throws Exception {
    answer = new Answer() {
      private int rejected;

      @Override
      public void to(RawPeer peer, RawFrame frame) throws Exception {
        if (frame.type() == RawFrame.MESSAGE && rejected++ == 0) {
          peer.send(RawFrame.ack(frame.stream(), number(frame), 13, "no"));
          peer.send(RawFrame.credit(frame.stream(), 1));
        } else {
          good(peer, frame);
        }
      }
    };
    producer
        .push(io.liblink.message.Message.text("x").withHeader("tenant", "acme"))
        .await(LONG);
    assertThat(headers(hears(RawFrame.MESSAGE))).isEqualTo(Map.of("tenant", "acme"));
    assertThat(headers(hears(RawFrame.MESSAGE)))
        .isEqualTo(Map.of("tenant", "acme", "liblink-attempt", "2"));
  }

  private static Map<String, String> headers(RawFrame message) {
    RawFields fields = message.fields();
    fields.u64();
    if ((message.flags() & RawFrame.TRACE) != 0) {
      fields.raw(25);
    }
    return fields.pairs();
  }

  // ---- streams that end ---------------------------------------------------------------------

  @Test
  void whatIsClosedWithoutHavingBegunDoesNotCount() throws Exception {
    answer = new Answer() {
      private int closed;

      @Override
      public void to(RawPeer peer, RawFrame frame) throws Exception {
        if (frame.type() == RawFrame.MESSAGE && closed++ < 5) {
          peer.send(RawFrame.failure(frame.stream(), 14, 6, Ran.NO.ordinal(), "closing"));
        } else {
          good(peer, frame);
        }
      }
    };
    Receipt receipt = producer.push("x");
    receipt.await(LONG);
    assertThat(receipt.attempts()).as("sent so often").isEqualTo(6);
    assertThat(count("queue.returned")).isEqualTo(5);
    assertThat(count("queue.lost")).isZero();
  }

  @Test
  void whatIsClosedAndMayHaveBegunIsAnotherAttempt() {
    answer = (peer, frame) -> {
      if (frame.type() == RawFrame.MESSAGE) {
        peer.send(RawFrame.failure(frame.stream(), 13, 6, Ran.MAYBE.ordinal(), "crashed"));
      } else {
        good(peer, frame);
      }
    };
    LinkException e =
        catchThrowableOfType(LinkException.class, () -> producer.push("x").await(LONG));
    assertThat(e.status()).isEqualTo(Status.INTERNAL);
    assertThat(e.attempts()).isEqualTo(3);
    assertThat(e.getSuppressed()).hasSize(3);
    assertThat(e.getSuppressed()[0]).hasMessageContaining("crashed");
    assertThat(count("queue.lost")).isEqualTo(3);
  }

  @Test
  void aStreamThatIsClosedWithOkIsOpenedAgain() throws Exception {
    answer = new Answer() {
      private boolean closed;

      @Override
      public void to(RawPeer peer, RawFrame frame) throws Exception {
        if (frame.type() == RawFrame.MESSAGE && !closed) {
          closed = true;
          peer.send(RawFrame.reply(frame.stream(), new byte[0]));
        } else {
          good(peer, frame);
        }
      }
    };
    Receipt receipt = producer.push("x");
    receipt.await(LONG);
    assertThat(receipt.attempts()).isEqualTo(2);
  }

  @Test
  void aStreamThatIsNeverAnsweredIsSaidToBe() throws Exception {
    answer = (peer, frame) -> {};
    Receipt receipt = producer.push("x");
    hears(RawFrame.OPEN);
    LinkException e =
        catchThrowableOfType(LinkException.class, () -> receipt.await(Duration.ofMillis(20)));
    assertThat(e.problem()).contains("1 to be sent", "far@", "is being connected");
    answer = RudeWorkersTest::good;
  }

  @Test
  void aDrainingLinkIsLeftForAnother() throws Exception {
    BlockingQueue<RawPeer> peers = new LinkedBlockingQueue<>();
    answer = (peer, frame) -> {
      if (frame.type() == RawFrame.OPEN) {
        peers.add(peer);
        peer.send(RawFrame.credit(frame.stream(), 1));
      }
    };
    Receipt first = producer.push("first");
    RawFrame open = hears(RawFrame.OPEN);
    RawFrame item = hears(RawFrame.MESSAGE);
    RawPeer draining = peers.take();
    draining.send(
        RawFrame.goAway(open.stream(), 14, "draining"), RawFrame.credit(open.stream(), 5));
    RawFrame again = hears(RawFrame.OPEN);
    Receipt second = producer.push("second");
    RawFrame other = hears(RawFrame.MESSAGE);
    assertThat(other.stream()).as("on the new link").isEqualTo(again.stream());
    RawPeer fresh = peers.take();
    assertThat(fresh).isNotSameAs(draining);
    fresh.send(RawFrame.ack(other.stream(), number(other), 0, ""));
    second.await(LONG);
    assertThat(first.isDone()).isFalse();
    draining.send(RawFrame.ack(open.stream(), number(item), 0, ""));
    first.await(LONG);
    assertThat(hears(RawFrame.CANCEL).stream()).isEqualTo(open.stream());
    assertThat(first.attempts()).isEqualTo(1);
  }

  // ---- wrong --------------------------------------------------------------------------------

  private void breaksTheLink(Answer wrong) throws Exception {
    answer = (peer, frame) -> {
      if (frame.type() == RawFrame.MESSAGE) {
        answer = RudeWorkersTest::good;
        wrong.to(peer, frame);
      } else {
        good(peer, frame);
      }
    };
    long before = count("drop.protocol_error");
    Receipt receipt = producer.push("x");
    receipt.await(LONG);
    assertThat(receipt.attempts()).isEqualTo(2);
    assertThat(count("drop.protocol_error")).isEqualTo(before + 1);
  }

  @Test
  void anAckOfWhatWasNotSentEndsTheLink() throws Exception {
    breaksTheLink((peer, m) -> peer.send(RawFrame.ack(m.stream(), number(m) + 1, 0, "")));
  }

  @Test
  void anAckOfZeroEndsTheLink() throws Exception {
    breaksTheLink((peer, m) -> peer.send(RawFrame.ack(m.stream(), 0, 0, "")));
  }

  @Test
  void anAckWithoutAMeaningEndsTheLink() throws Exception {
    breaksTheLink((peer, m) -> peer.send(RawFrame.ack(m.stream(), number(m), 99, "")));
  }

  @Test
  void aMessageFromTheWorkerEndsTheLink() throws Exception {
    breaksTheLink((peer, m) -> peer.send(RawFrame.message(m.stream(), 1, new byte[1])));
  }

  @Test
  void aCancelFromTheWorkerEndsTheLink() throws Exception {
    breaksTheLink((peer, m) -> peer.send(RawFrame.cancel(m.stream(), 1)));
  }

  @Test
  void creditOfNothingEndsTheLink() throws Exception {
    breaksTheLink(
        (peer, m) -> peer.send(RawFrame.of(RawFrame.CREDIT, 0, m.stream(), new RawBytes().u32(0))));
  }

  @Test
  void anAckTwiceEndsTheLinkAndSettlesOnce() throws Exception {
    answer = (peer, frame) -> {
      if (frame.type() == RawFrame.MESSAGE) {
        answer = RudeWorkersTest::good;
        RawFrame ack = RawFrame.ack(frame.stream(), number(frame), 0, "");
        peer.send(ack, ack);
      } else {
        good(peer, frame);
      }
    };
    Receipt receipt = producer.push("x");
    receipt.await(LONG);
    log.await(() -> count("drop.protocol_error") == 1, () -> "the link ends");
    assertThat(receipt.attempts()).isEqualTo(1);
    producer.push("y").await(LONG);
    assertThat(count("queue.settled")).isEqualTo(2);
  }
}
