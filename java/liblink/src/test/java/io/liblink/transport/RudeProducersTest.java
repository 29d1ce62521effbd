package io.liblink.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.NodeOptions.TlsProvider;
import io.liblink.Served;
import io.liblink.Service;
import io.liblink.Trait;
import io.liblink.delivery.QueueOptions;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.testing.RawBytes;
import io.liblink.testing.RawFields;
import io.liblink.testing.RawFrame;
import io.liblink.testing.RawPeer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Producers played by hand push to a real node: what they may, and what they may not. */
@Timeout(60)
class RudeProducersTest {
  private static final byte[] HI = {'h', 'i'};
  private static final byte[] NOTHING = {};
  private static final int CONCURRENCY = 3;

  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
  private final Semaphore places = new Semaphore(0);
  private Target target;
  private Served served;
  private RawPeer peer;

  @BeforeEach
  void start() throws Exception {
    target = new Target(TlsProvider.AUTO, o -> o.limits(l -> l.messageBytes(1 << 20)));
    QueueOptions three = QueueOptions.defaults().concurrency(CONCURRENCY);
    served = target.node.serve(Service.named("work")
        .method("m", r -> r.message())
        .queue("q", String.class, three, (text, item) -> {
          seen.add(text + " " + item.attempt() + " " + item.id().producer()
              + item.message().headers());
          if (text.startsWith("fail")) {
            throw new LinkException(Status.ABORTED, text);
          }
        })
        .queue("blocks", String.class, three, (String text) -> {
          seen.add(text);
          places.acquire();
        })
        .queue("loop", String.class, three, (String text) -> seen.add(text), Trait.NON_BLOCKING));
    peer = target.peer("web-1");
  }

  @AfterEach
  void stop() throws IOException {
    places.release(1000);
    peer.close();
    target.servesOthers();
    target.close();
    assertThat(target.log.lines()).noneMatch(l -> l.contains("bug in liblink"));
  }

  private static RawFrame push(long stream, String queue, Map<String, String> headers) {
    return RawFrame.of(
        RawFrame.OPEN,
        0,
        stream,
        RawFrame.open(RawFrame.PUSH, RawFrame.NO_DEADLINE)
            .str(queue)
            .content(headers, "", NOTHING));
  }

  private static RawFrame item(long number, String text, Map<String, String> headers) {
    return RawFrame.of(
        RawFrame.MESSAGE,
        0,
        1,
        new RawBytes().u64(number).content(headers, "text/plain", text.getBytes()));
  }

  private static RawFrame item(long number, String text) {
    return item(number, text, Map.of());
  }

  /** Opens stream 1; returns its first credit. */
  private long open(String queue, Map<String, String> headers) throws IOException {
    peer.send(push(1, queue, headers));
    return peer.receive(RawFrame.CREDIT).fields().u32();
  }

  private String take() throws InterruptedException {
    return seen.poll(20, TimeUnit.SECONDS);
  }

  private record Ack(long sequence, Status status, String reason) {}

  private Ack ack() throws IOException {
    RawFields fields = peer.receive(RawFrame.ACK).fields();
    return new Ack(fields.u64(), Status.of(fields.u8()), fields.str());
  }

  private void ends(Status status, String words) throws IOException {
    Optional<RawFrame> goAway = peer.receiveEnd();
    assertThat(goAway).isPresent();
    assertThat(Status.of(goAway.get().status())).isEqualTo(status);
    assertThat(goAway.get().reason()).contains(words);
  }

  private void refused(RawFrame open, Status status, String words) throws IOException {
    peer.send(open);
    RawFrame close = peer.receive(RawFrame.CLOSE);
    assertThat(Status.of(close.status())).isEqualTo(status);
    RawFields fields = close.fields();
    fields.u8();
    assertThat(fields.u8()).isEqualTo(Stage.SEND.ordinal());
    assertThat(fields.u8()).isEqualTo(Ran.NO.ordinal());
    assertThat(new String(close.payload())).contains(words);
  }

  // ---- good ---------------------------------------------------------------------------------

  @Test
  void itemsAreAcknowledgedAndCreditComesBack() throws Exception {
    assertThat(open("work/q", Map.of())).isEqualTo(CONCURRENCY);
    peer.send(item(9, "a"), item(4, "fail b"));
    assertThat(List.of(ack(), ack()))
        .containsExactlyInAnyOrder(new Ack(9, Status.OK, ""), new Ack(4, Status.ABORTED, "fail b"));
    long credit = 1;
    for (long number = 100; number < 200; number++) {
      while (credit == 0) {
        credit += peer.receive(RawFrame.CREDIT).fields().u32();
      }
      credit--;
      peer.send(item(number, "more"));
    }
    for (int i = 0; i < 102; i++) {
      assertThat(take()).isNotNull();
    }
  }

  @Test
  void theSameItemMayComeAgainOnceItIsSettled() throws Exception {
    open("work/q", Map.of("liblink-producer", "cd".repeat(16)));
    peer.send(item(7, "fail"));
    assertThat(ack().status()).isEqualTo(Status.ABORTED);
    peer.send(item(7, "fail", Map.of("liblink-attempt", "2", "tenant", "acme")));
    assertThat(ack().status()).isEqualTo(Status.ABORTED);
    assertThat(take()).isEqualTo("fail 1 " + "cd".repeat(16) + "{}");
    assertThat(take()).isEqualTo("fail 2 " + "cd".repeat(16) + "{tenant=acme}");
    assertThat(target.count("queue.repeats")).isEqualTo(1);
  }

  @Test
  void anItemThatTakesTooLongIsAnsweredAndItsWorkerInterrupted() throws Exception {
    open("work/blocks", Map.of("liblink-item-ms", "50"));
    peer.send(item(1, "slow"));
    assertThat(ack().status()).isEqualTo(Status.DEADLINE_EXCEEDED);
    target.awaitCount("drop.ack_unwanted", 1);
  }

  @Test
  void whatWasNotBegunWhenItsTimeWasOverGoesBack() throws Exception {
    try (RawPeer greedy = target.peer("web-2")) {
      greedy.send(push(1, "work/blocks", Map.of()));
      greedy.receive(RawFrame.CREDIT);
      greedy.send(item(1, "x"), item(2, "x"), item(3, "x"));
      for (int i = 0; i < CONCURRENCY; i++) {
        take();
      }
      open("work/blocks", Map.of("liblink-item-ms", "50"));
      peer.send(item(1, "late"));
      assertThat(ack().status()).isEqualTo(Status.UNAVAILABLE);
    }
  }

  @Test
  void aServiceThatClosesHandsBackFinishesAndCloses() throws Exception {
    open("work/blocks", Map.of());
    peer.send(item(1, "runs"));
    assertThat(take()).isEqualTo("runs");
    Thread closing = new Thread(served::close);
    closing.start();
    target.log.await(() -> refuses("work/blocks"), () -> "it takes no more streams");
    peer.send(item(2, "too late"));
    assertThat(ack()).isEqualTo(new Ack(2, Status.UNAVAILABLE, "the queue is closing"));
    places.release();
    assertThat(ack()).isEqualTo(new Ack(1, Status.OK, ""));
    RawFrame close = peer.receive(RawFrame.CLOSE);
    assertThat(close.status()).isEqualTo(Status.UNAVAILABLE.code());
    assertThat(close.body()[2]).isEqualTo((byte) Ran.NO.ordinal());
    closing.join(20_000);
    assertThat(closing.isAlive()).isFalse();
  }

  private boolean refuses(String queue) {
    try (RawPeer other = target.peer("web-9")) {
      other.send(push(1, queue, Map.of()));
      return other.receive().type() == RawFrame.CLOSE;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aProducerThatCancelsGetsNoMoreAcks() throws Exception {
    open("work/blocks", Map.of());
    peer.send(item(1, "runs"));
    assertThat(take()).isEqualTo("runs");
    peer.send(RawFrame.cancel(1, Status.CANCELLED.code()));
    peer.send(RawFrame.ping(1));
    assertThat(peer.receive().type()).isEqualTo(RawFrame.PONG);
    places.release();
    target.awaitCount("drop.ack_unwanted", 1);
    peer.send(RawFrame.ping(2));
    assertThat(peer.receive().type()).isEqualTo(RawFrame.PONG);
  }

  // ---- refused ------------------------------------------------------------------------------

  @Test
  void streamsThatCannotBeUnderstoodAreRefused() throws Exception {
    refused(push(1, "work/none", Map.of()), Status.UNIMPLEMENTED, "no queue 'none'");
    refused(push(3, "work/m", Map.of()), Status.UNIMPLEMENTED, "no queue 'm'");
    refused(push(5, "other/q", Map.of()), Status.UNAVAILABLE, "no service 'other'");
    refused(push(7, "", Map.of()), Status.UNAVAILABLE, "no service");
    refused(
        push(9, "work/q", Map.of("liblink-producer", "AB".repeat(16))),
        Status.INVALID_ARGUMENT,
        "liblink-producer");
    refused(
        push(11, "work/q", Map.of("liblink-producer", "x".repeat(5000))),
        Status.INVALID_ARGUMENT,
        "liblink-producer");
    refused(
        push(13, "work/q", Map.of("liblink-item-ms", "0")),
        Status.INVALID_ARGUMENT,
        "liblink-item-ms");
    refused(
        RawFrame.of(
            RawFrame.OPEN,
            RawFrame.STREAM,
            15,
            RawFrame.open(RawFrame.PUSH, 0).u32(1).str("work/q").content(Map.of(), "", NOTHING)),
        Status.INVALID_ARGUMENT,
        "STREAM");
    assertThat(target.count("drop.unknown_endpoint")).isEqualTo(8);
    peer.send(push(17, "work/q", Map.of("liblink-item-ms", "9".repeat(18))));
    assertThat(peer.receive(RawFrame.CREDIT).stream()).isEqualTo(17);
  }

  // ---- wrong --------------------------------------------------------------------------------

  @Test
  void anItemBeyondTheCreditEndsTheLink() throws Exception {
    open("work/blocks", Map.of());
    peer.send(item(1, "x"), item(2, "x"), item(3, "x"), item(4, "x"));
    ends(Status.RESOURCE_EXHAUSTED, "item 4 without credit");
  }

  @Test
  void anItemThatIsUnsettledEndsTheLink() throws Exception {
    open("work/blocks", Map.of());
    peer.send(item(1, "x"), item(1, "x"));
    ends(Status.FAILED_PRECONDITION, "item 1 again");
  }

  @Test
  void itemNumbersOutsideTheirRangeEndTheLink() throws Exception {
    open("work/q", Map.of());
    peer.send(item(0, "x"));
    ends(Status.FAILED_PRECONDITION, "item 0; numbers are from 1");
  }

  @Test
  void itemNumbersAboveTheirRangeEndTheLink() throws Exception {
    open("work/loop", Map.of());
    peer.send(item(-1, "x"));
    ends(Status.FAILED_PRECONDITION, "item 18446744073709551615; numbers are from 1");
  }

  @Test
  void attemptsThatAreNoneEndTheLink() throws Exception {
    for (String attempt : new String[] {"", "1", "0", "02", "-3", "two", "9".repeat(30)}) {
      open("work/q", Map.of());
      peer.send(item(1, "x", Map.of("liblink-attempt", attempt)));
      ends(Status.INVALID_ARGUMENT, "liblink-attempt");
      peer = target.peer("web-1");
    }
  }

  @Test
  void whatOnlyTheWorkerMaySendEndsTheLink() throws Exception {
    for (RawFrame wrong :
        List.of(RawFrame.ack(1, 1, 0, ""), RawFrame.credit(1, 1), RawFrame.reply(1, HI))) {
      open("work/q", Map.of());
      peer.send(wrong);
      ends(Status.FAILED_PRECONDITION, "");
      peer = target.peer("web-1");
    }
  }

  @Test
  void anItemThatIsTooLargeEndsItsStreamOnly() throws Exception {
    open("work/q", Map.of());
    peer.send(RawFrame.of(
        RawFrame.MESSAGE,
        RawFrame.MORE,
        1,
        new RawBytes().u64(1).contentToFollow(Map.of(), "", (1 << 20) + 1)));
    RawFrame close = peer.receive(RawFrame.CLOSE);
    assertThat(close.status()).isEqualTo(Status.RESOURCE_EXHAUSTED.code());
    assertThat(target.count("drop.message_too_large")).isEqualTo(1);
    assertThat(peer.call(3, "work/m", HI).payload()).isEqualTo(HI);
  }

  @Test
  void unfinishedItemsAreForgottenWithTheirStream() throws Exception {
    open("work/q", Map.of());
    peer.send(
        RawFrame.of(
            RawFrame.MESSAGE,
            RawFrame.MORE,
            1,
            new RawBytes().u64(1).contentToFollow(Map.of(), "", 100_000)),
        RawFrame.fragment(1, new byte[30_000]),
        RawFrame.cancel(1, 1),
        RawFrame.fragment(1, new byte[30_000]));
    assertThat(peer.call(3, "work/m", HI).payload()).isEqualTo(HI);
    assertThat(seen).isEmpty();
  }
}
