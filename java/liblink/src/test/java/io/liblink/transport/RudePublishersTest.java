package io.liblink.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.Node;
import io.liblink.NodeOptions;
import io.liblink.delivery.PublisherState;
import io.liblink.delivery.SubscribeOptions;
import io.liblink.identity.key.ClusterKey;
import io.liblink.message.NodeId;
import io.liblink.session.FrameText;
import io.liblink.testing.Announced;
import io.liblink.testing.RawBytes;
import io.liblink.testing.RawFrame;
import io.liblink.testing.RawHello;
import io.liblink.testing.RawPeer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node that subscribes, at a publisher that wants to use up its memory. */
@Timeout(60)
class RudePublishersTest {
  private static final byte[] HI = {'h', 'i'};
  private static final int LARGEST = 100_000;
  private static final int HELD = 1 << 20;
  private static final RawHello HELLO = RawHello.of("shop", "peer");

  private final ClusterKey key = ClusterKey.generate();
  private final LogLines log = new LogLines();
  private final BlockingQueue<RawPeer> dialed = new LinkedBlockingQueue<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);
  private final List<PublisherState> states = new CopyOnWriteArrayList<>();
  private final List<byte[]> got = new CopyOnWriteArrayList<>();
  private RawServer server;
  private Announced announced;
  private Node node;

  @BeforeEach
  void start() throws Exception {
    server = RawServer.node(key, "shop", "peer", connection -> {
      dialed.add(connection);
      over.await();
    });
    NodeId id = NodeId.parse("000102030405060708090a0b0c0d0e0f");
    announced = new Announced("shop", "s", "peer", id, server.address());
    node = Node.join(NodeOptions.cluster("shop")
        .name("me")
        .key(key.text())
        .registry(announced.uri())
        .limits(l -> l.messageBytes(LARGEST).receiveBytes(HELD)));
  }

  @AfterEach
  void stop() throws IOException {
    go.countDown();
    over.countDown();
    node.close(Duration.ZERO);
    server.close();
    announced.close();
    assertThat(log.lines()).noneMatch(l -> l.contains("bug in liblink"));
    log.close();
  }

  /** Subscribes with a handler that does not come to an end; returns the publisher, asked. */
  private Asked subscribe() throws Exception {
    SubscribeOptions options = SubscribeOptions.defaults().onPublisher(states::add);
    CompletableFuture.runAsync(() -> node.service("s").subscribe("t", byte[].class, options, v -> {
      got.add(v);
      go.await();
    }));
    RawPeer peer = dialed.poll(20, TimeUnit.SECONDS);
    peer.accept(HELLO);
    Map<String, Object> open = FrameText.describe(peer.receive(RawFrame.OPEN));
    peer.send(RawFrame.ack(1, 1, 0, ""));
    return new Asked(peer, (long) open.get("credit"));
  }

  private record Asked(RawPeer peer, long credit) {}

  @Test
  void whoSendsMoreThanThereIsCreditForIsCutOff() throws Exception {
    Asked asked = subscribe();
    assertThat(asked.credit()).isBetween(8L, 1000L);
    for (long s = 1; s <= asked.credit(); s++) {
      asked.peer().send(RawFrame.message(1, s, HI));
    }
    log.await(() -> !got.isEmpty(), () -> "the first message");
    asked.peer().send(RawFrame.ping(7));
    assertThat(asked.peer().receive(RawFrame.PONG).type()).isEqualTo(RawFrame.PONG);
    asked.peer().send(RawFrame.message(1, asked.credit() + 1, HI));
    assertThat(asked.peer().receiveEnd())
        .hasValueSatisfying(end -> assertThat(end.status()).isEqualTo(8));
  }

  @Test
  void aMessageLargerThanItTakesIsCancelledAndTheSubscriptionIsOver() throws Exception {
    Asked asked = subscribe();
    RawBytes head = new RawBytes().u64(1).contentToFollow(Map.of(), "", LARGEST + 1);
    asked.peer().send(RawFrame.of(RawFrame.MESSAGE, RawFrame.MORE, 1, head));
    assertThat(asked.peer().receive(RawFrame.CANCEL).status()).isEqualTo(8);
    log.await(
        () -> states.stream().anyMatch(s -> s.phase() == PublisherState.Phase.REFUSED),
        () -> "the end in " + states);
  }

  @Test
  void aMessageForWhichThereIsNoRoomNowIsAskedForAgain() throws Exception {
    Asked asked = subscribe();
    go.countDown();
    RawPeer peer = asked.peer();
    for (int i = 0; i < HELD / LARGEST; i++) { // other topics, whose messages are not whole
      CompletableFuture.runAsync(() -> node.service("s").subscribe("u", byte[].class, got::add));
      long stream = peer.receive(RawFrame.OPEN).stream();
      RawBytes head = new RawBytes().u64(1).contentToFollow(Map.of(), "", LARGEST);
      peer.send(
          RawFrame.ack(stream, 1, 0, ""),
          RawFrame.of(RawFrame.MESSAGE, RawFrame.MORE, stream, head));
    }
    RawBytes head = new RawBytes().u64(1).contentToFollow(Map.of(), "", LARGEST);
    peer.send(RawFrame.of(RawFrame.MESSAGE, RawFrame.MORE, 1, head));
    assertThat(peer.receive(RawFrame.CANCEL).status()).isEqualTo(8);
    RawFrame again = peer.receive(RawFrame.OPEN);
    assertThat(FrameText.describe(again)).containsEntry("liblink-from", "1");
    peer.send(RawFrame.ack(again.stream(), 1, 0, ""), RawFrame.message(again.stream(), 1, HI));
    log.await(() -> got.size() == 1, () -> "the message");
  }

  @Test
  void fragmentsThatNeverComeHoldNothingUp() throws Exception {
    Asked asked = subscribe();
    go.countDown();
    RawBytes head = new RawBytes().u64(1).contentToFollow(Map.of(), "", LARGEST);
    asked.peer().send(RawFrame.of(RawFrame.MESSAGE, RawFrame.MORE, 1, head));
    asked.peer().send(RawFrame.fragment(1, new byte[1000]));
    asked.peer().close();
    RawPeer again = dialed.poll(20, TimeUnit.SECONDS);
    again.accept(HELLO);
    assertThat(FrameText.describe(again.receive(RawFrame.OPEN))).containsEntry("liblink-from", "1");
    again.send(RawFrame.ack(1, 1, 0, ""), RawFrame.message(1, 1, HI));
    log.await(() -> got.size() == 1, () -> "the message");
    assertThat(got.get(0)).isEqualTo(HI);
  }
}
