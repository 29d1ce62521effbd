package io.liblink.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.liblink.Node;
import io.liblink.NodeOptions;
import io.liblink.NodeOptions.TlsProvider;
import io.liblink.RemoteService;
import io.liblink.ReplyStream;
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
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real node calls acceptors that answer by hand and break the protocol. */
@Timeout(60)
class RudeAcceptorsTest {
  private static final byte[] HI = {'h', 'i'};
  private static final int LARGEST = 100_000;

  /** Answers the call on that stream. */
  private interface Answer {
    void to(RawPeer peer, RawFrame open) throws Exception;
  }

  private final ClusterKey key = ClusterKey.generate();
  private final LogLines log = new LogLines();

  /** What came after the answer: the next frame that is no PING. */
  private final BlockingQueue<RawFrame> heard = new ArrayBlockingQueue<>(100);

  private volatile Answer answer = (peer, open) -> peer.send(RawFrame.reply(open.stream(), HI));
  private final RawHello own = Target.hello("far");

  private RawServer server;
  private Node node;
  private RemoteService service;

  @BeforeEach
  void start() throws Exception {
    server = RawServer.node(key, "shop", "far", this::serve);
    node = Node.join(NodeOptions.cluster("shop")
        .name("me")
        .key(key.text())
        .tls(TlsProvider.AUTO)
        .registry("static:" + server.address())
        .limits(l -> l.messageBytes(LARGEST).sendBytes(2 << 20))
        .timeouts(t -> t.call(Duration.ofSeconds(10))));
    service = node.service("echo");
    assertThat(service.call("x", HI, byte[].class)).isEqualTo(HI);
    heard.clear();
  }

  @AfterEach
  void stop() throws IOException {
    node.close(Duration.ofMillis(100));
    server.close();
    log.close();
    assertThat(server.failures()).isEmpty();
    assertThat(log.lines()).noneMatch(l -> l.contains("bug in liblink"));
  }

  private void serve(RawPeer peer) throws Exception {
    peer.accept(own);
    ByteBuffer id = ByteBuffer.wrap(own.instance());
    byte[] services = services(new NodeId(id.getLong(), id.getLong()));
    while (true) {
      RawFrame frame = peer.receive();
      if (frame.type() == RawFrame.PING) {
        peer.send(new RawFrame(RawFrame.PONG, 0, 0, frame.body()));
      } else if (frame.type() == RawFrame.OPEN && target(frame).startsWith("liblink/")) {
        peer.send(RawFrame.reply(frame.stream(), services));
      } else if (frame.type() == RawFrame.OPEN) {
        answer.to(peer, frame);
      } else if (frame.type() != RawFrame.CONTINUE
          && !(frame.type() == RawFrame.CREDIT && frame.flags() == RawFrame.BYTES)) {
        heard.offer(frame);
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

  private static String target(RawFrame open) {
    RawFields in = open.fields();
    in.raw(6);
    if ((open.flags() & RawFrame.TRACE) != 0) {
      in.raw(25);
    }
    if ((open.flags() & RawFrame.STREAM) != 0) {
      in.raw(4);
    }
    return in.str();
  }

  private LinkException failed(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    LinkException e = catchThrowableOfType(LinkException.class, call);
    assertThat(e).isNotNull();
    assertThat(e.instance()).startsWith("far@");
    return e;
  }

  /** The node ends the link by a GOAWAY with this status, whose reason has these words. */
  private void ends(Status status, String words) throws InterruptedException {
    RawFrame goAway = heard.poll(20, TimeUnit.SECONDS);
    while (goAway != null && goAway.type() != RawFrame.GOAWAY) {
      goAway = heard.poll(20, TimeUnit.SECONDS);
    }
    assertThat(goAway).isNotNull();
    assertThat(Status.of(goAway.status())).isEqualTo(status);
    assertThat(goAway.reason()).contains(words);
    log.await("link to far@", words);
  }

  /** A later call gets a new link and an answer. */
  private void recovers() {
    answer = (peer, open) -> peer.send(RawFrame.reply(open.stream(), HI));
    assertThat(service.idempotent().call("x", HI, byte[].class)).isEqualTo(HI);
  }

  private static RawFrame large(int type, long stream, RawBytes head, long total) {
    return RawFrame.of(type, RawFrame.MORE, stream, head.contentToFollow(Map.of(), "", total));
  }

  // ---- plain calls --------------------------------------------------------------------------

  @Test
  void framesThatACallDoesNotTake() throws Exception {
    for (int type : new int[] {RawFrame.CREDIT, RawFrame.ACK, RawFrame.MESSAGE, RawFrame.CANCEL}) {
      answer = (peer, open) -> peer.send(
          switch (type) {
            case RawFrame.CREDIT -> RawFrame.credit(open.stream(), 1);
            case RawFrame.ACK -> RawFrame.ack(open.stream(), 1, 0, "");
            case RawFrame.MESSAGE -> RawFrame.message(open.stream(), 1, HI);
            default -> RawFrame.cancel(open.stream(), 1);
          });
      LinkException e = failed(() -> service.call("x", HI, byte[].class));
      assertThat(e.status()).isEqualTo(Status.UNAVAILABLE);
      assertThat(e.ran()).isEqualTo(Ran.MAYBE);
      ends(
          Status.FAILED_PRECONDITION,
          type == RawFrame.CANCEL ? "CANCEL by the side" : "takes none");
      recovers();
      heard.clear();
      log.clear();
    }
  }

  @Test
  void aReplyThatIsTooLarge() throws Exception {
    answer = (peer, open) -> peer.send(
        large(RawFrame.CLOSE, open.stream(), new RawBytes().u8(0), LARGEST + 1),
        RawFrame.fragment(open.stream(), new byte[1000]));
    LinkException e = failed(() -> service.call("x", HI, byte[].class));
    assertThat(e.status()).isEqualTo(Status.RESOURCE_EXHAUSTED);
    assertThat(e.ran()).isEqualTo(Ran.YES);
    assertThat(e.problem()).isEqualTo("a message of 100001 bytes; at most 100000 are taken");
    RawFrame cancel = heard.poll(20, TimeUnit.SECONDS);
    assertThat(cancel.type()).isEqualTo(RawFrame.CANCEL);
    assertThat(cancel.status()).isEqualTo(Status.RESOURCE_EXHAUSTED.code());
    recovers();
    assertThat(node.counters()).containsEntry("links.opened", 1L); // the same link
  }

  @Test
  void aReplyThatNeverBecomesWhole() throws Exception {
    answer = (peer, open) -> peer.send(
        large(RawFrame.CLOSE, open.stream(), new RawBytes().u8(0), LARGEST),
        RawFrame.fragment(open.stream(), new byte[1000]));
    RemoteService hasty = service.timeout(Duration.ofMillis(200));
    LinkException e = failed(() -> hasty.call("x", HI, byte[].class));
    assertThat(e.status()).isEqualTo(Status.DEADLINE_EXCEEDED);
    assertThat(heard.poll(20, TimeUnit.SECONDS).type()).isEqualTo(RawFrame.CANCEL);
    recovers();
  }

  @Test
  void aReplyThatIsNoJson() {
    record Quote(int cents) {}
    for (String text : new String[] {"{", "[1]", "{\"cents\":\"many\"}", "[".repeat(15_000)}) {
      byte[] body = new RawBytes()
          .u8(0)
          .content(Map.of(), "application/json", text.getBytes())
          .done();
      answer = (peer, open) -> peer.send(new RawFrame(RawFrame.CLOSE, 0, open.stream(), body));
      LinkException e =
          catchThrowableOfType(LinkException.class, () -> service.call("x", HI, Quote.class));
      assertThat(e).as(text).isNotNull();
      assertThat(e.status()).isEqualTo(Status.INTERNAL);
      assertThat(e.problem()).contains("the reply can't be read");
    }
    recovers();
  }

  @Test
  void aFailureInBytesThatAreNoText() {
    answer = (peer, open) -> {
      RawBytes body = new RawBytes().u8(5).u8(6).u8(2);
      byte[] text = {(byte) 0xff, (byte) 0xfe, 'x'};
      peer.send(RawFrame.of(
          RawFrame.CLOSE, 0, open.stream(), body.content(Map.of(), "text/plain", text)));
    };
    LinkException e = failed(() -> service.call("x", HI, byte[].class));
    assertThat(e.status()).isEqualTo(Status.NOT_FOUND);
    assertThat(e.problem()).endsWith("x");
    recovers();
  }

  @Test
  void goAwayInTheMiddle() {
    answer = (peer, open) -> peer.send(RawFrame.goAway(open.stream(), 13, "fire\nin the house"));
    LinkException e = failed(() -> service.call("x", HI, byte[].class));
    assertThat(e.status()).isEqualTo(Status.UNAVAILABLE);
    assertThat(e.ran()).isEqualTo(Ran.MAYBE);
    assertThat(e.problem()).contains("the peer closed the link: fire?in the house");
    recovers();
  }

  @Test
  void goAwayThatDidNotTakeTheCallIsNoFailure() {
    int[] asked = {0};
    answer = (peer, open) -> peer.send(
        asked[0]++ == 0
            ? RawFrame.goAway(open.stream() - 2, 14, "draining")
            : RawFrame.reply(open.stream(), HI));
    assertThat(service.call("x", HI, byte[].class)).isEqualTo(HI);
    assertThat(asked[0]).isEqualTo(2);
  }

  // ---- streams ------------------------------------------------------------------------------

  private LinkException streamFails() {
    return failed(() -> {
      try (ReplyStream<byte[]> items = service.stream("s", HI, byte[].class)) {
        while (items.hasNext()) {
          items.next();
        }
      }
    });
  }

  @Test
  void itemsBeyondTheCredit() throws Exception {
    answer = (peer, open) -> {
      RawFields in = open.fields();
      in.raw(6 + 25);
      long credit = in.u32();
      for (long i = 1; i <= credit + 1; i++) {
        peer.send(RawFrame.message(open.stream(), i, HI));
      }
    };
    ReplyStream<byte[]> items = service.stream("s", HI, byte[].class);
    ends(Status.RESOURCE_EXHAUSTED, "where credit was given for");
    // What came within the credit is still given, then the failure.
    LinkException e = failed(() -> {
      while (items.hasNext()) {
        assertThat(items.next()).isEqualTo(HI);
      }
    });
    assertThat(e.status()).isEqualTo(Status.UNAVAILABLE);
    assertThat(e.ran()).isEqualTo(Ran.YES);
    items.close();
    recovers();
  }

  @Test
  void itemsOutOfOrder() throws Exception {
    answer = (peer, open) -> peer.send(RawFrame.message(open.stream(), 2, HI));
    assertThat(streamFails().status()).isEqualTo(Status.UNAVAILABLE);
    ends(Status.FAILED_PRECONDITION, "item 2 where 1 was expected");
    recovers();
  }

  @Test
  void anItemThatIsTooLarge() throws Exception {
    answer = (peer, open) ->
        peer.send(large(RawFrame.MESSAGE, open.stream(), new RawBytes().u64(1), LARGEST + 1));
    LinkException e = streamFails();
    assertThat(e.status()).isEqualTo(Status.RESOURCE_EXHAUSTED);
    assertThat(e.problem()).isEqualTo("a message of 100001 bytes; at most 100000 are taken");
    assertThat(heard.poll(20, TimeUnit.SECONDS).type()).isEqualTo(RawFrame.CANCEL);
    recovers();
    assertThat(node.counters()).containsEntry("links.opened", 1L);
  }

  // ---- not reading --------------------------------------------------------------------------

  @Test
  void requestsToAPeerThatGivesNoCreditCostABoundedAmount() {
    answer = (peer, open) -> {}; // and this server returns no byte credit
    for (int i = 0; i < 200; i++) {
      service.timeout(Duration.ofSeconds(1)).callAsync("x", new byte[LARGEST], byte[].class);
    }
    long refused = node.counters().get("calls.ended.RESOURCE_EXHAUSTED");
    assertThat(refused).isBetween(170L, 190L); // 2 MiB of them wait
    assertThat(LogLines.holdsSoon(() -> node.counters().get("calls.ended.DEADLINE_EXCEEDED")
                + node.counters().get("calls.ended.RESOURCE_EXHAUSTED")
            == 200))
        .isTrue();
    recovers(); // what was cancelled takes no room
    assertThat(node.counters()).containsEntry("links.opened", 1L);
  }
}
