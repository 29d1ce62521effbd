package io.liblink.transport;

import com.code_intelligence.jazzer.api.BugDetectors;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.liblink.Node;
import io.liblink.NodeOptions;
import io.liblink.delivery.SubscribeOptions;
import io.liblink.identity.key.ClusterKey;
import io.liblink.message.NodeId;
import io.liblink.status.LinkException;
import io.liblink.testing.Announced;
import io.liblink.testing.RawFrame;
import io.liblink.testing.RawHello;
import io.liblink.testing.RawPeer;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledOnJre;
import org.junit.jupiter.api.condition.JRE;

/**
 * A node that subscribes, whose publisher sends whatever it likes: every message that it hands over
 * comes in order, and nothing is left behind. In the normal build only the seeds run.
 */
@EnabledOnJre(JRE.JAVA_17)
class SubscriberFuzzTest {
  private static final ClusterKey KEY = ClusterKey.generate();
  private static final RawHello HELLO = RawHello.of("shop", "peer");
  private static final NodeId PEER = NodeId.parse("000102030405060708090a0b0c0d0e0f");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final BlockingQueue<RawPeer> DIALED = new LinkedBlockingQueue<>();
  private static LogLines log;
  private static RawServer server;
  private static Announced announced;

  @BeforeAll
  static void start() throws Exception {
    log = new LogLines();
    server = RawServer.node(KEY, "shop", "peer", connection -> {
      DIALED.add(connection);
      while (true) {
        connection.receive();
      }
    });
    announced = new Announced("shop", "s", "peer", PEER, server.address());
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
    announced.close();
    log.close();
  }

  /** The first byte says whether the subscription is confirmed before the rest comes. */
  @FuzzTest(maxDuration = "5m")
  void whatIsHandedOverIsInOrderWhateverComes(byte[] data) throws Exception {
    BugDetectors.allowNetworkConnections(); // to loopback, by this test
    if (data.length < 2) {
      return;
    }
    AtomicLong last = new AtomicLong();
    AtomicLong wrong = new AtomicLong();
    DIALED.clear(); // of a node before
    Node node = Node.join(NodeOptions.cluster("shop")
        .name("me")
        .key(KEY.text())
        .registry(announced.uri())
        .limits(l -> l.messageBytes(1 << 20)));
    CompletableFuture<Void> subscribing =
        CompletableFuture.runAsync(() -> subscribe(node, s -> order(last, wrong, s)));
    RawPeer peer = Objects.requireNonNull(
        DIALED.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS), "nobody dialed");
    try (peer) {
      peer.send(HELLO.frame());
      if ((data[0] & 1) == 1) {
        peer.send(RawFrame.ack(1, 1, 0, ""));
      }
      peer.send(Arrays.copyOfRange(data, 1, data.length));
      peer.send(RawFrame.goAway(0, 0, "done"));
    } catch (IOException cutOff) {
      // the node may hang up at any time
    }
    node.close(Duration.ZERO);
    subscribing.join();
    if (wrong.get() > 0) {
      throw new AssertionError(wrong + " messages out of order");
    }
    if (log.lines().stream().anyMatch(l -> l.contains("bug in liblink"))) {
      throw new AssertionError(log.lines().toString());
    }
    log.clear();
  }

  private static void subscribe(Node node, LongConsumer told) {
    SubscribeOptions options = SubscribeOptions.defaults().onGap(gap -> told.accept(gap.last()));
    try {
      node.service("s")
          .timeout(PATIENCE)
          .subscribe("t", byte[].class, options, (value, event) -> told.accept(event.sequence()));
    } catch (LinkException refused) {
      // as it may be
    } catch (IllegalStateException closed) {
      // before it began
    }
  }

  private static void order(AtomicLong last, AtomicLong wrong, long sequence) {
    if (sequence <= last.getAndSet(sequence)) {
      wrong.incrementAndGet();
    }
  }
}
