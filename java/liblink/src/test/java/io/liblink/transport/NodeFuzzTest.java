package io.liblink.transport;

import com.code_intelligence.jazzer.api.BugDetectors;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.liblink.NodeOptions.TlsProvider;
import io.liblink.Service;
import io.liblink.Trait;
import io.liblink.testing.RawFrame;
import io.liblink.testing.RawPeer;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledOnJre;
import org.junit.jupiter.api.condition.JRE;

/**
 * A whole node, whose authenticated peers send whatever they like, goes on answering others. In the
 * normal build only the seeds run; {@code docs/internals/fuzzing.md} says how to let it search.
 */
@EnabledOnJre(JRE.JAVA_17)
class NodeFuzzTest {
  private static final int MOST_LEFT = 20;

  private static Target target;
  private static RawPeer other;
  private static long stream;

  @BeforeAll
  static void start() throws Exception {
    target = new Target(
        TlsProvider.AUTO,
        o -> o.limits(l -> l.messageBytes(1 << 20).streams(50).sendBytes(4 << 20)));
    target.node.serve(Service.named("a")
        .queue("q", byte[].class, bytes -> {})
        .queue("loop", byte[].class, bytes -> {}, Trait.NON_BLOCKING));
    other = target.peer("other");
    stream = 1;
  }

  @AfterAll
  static void stop() throws IOException {
    other.close();
    target.close();
  }

  /**
   * The first byte says how the rest is sent: instead of HELLO, behind it, in pieces, in a call; and
   * whether behind the OPEN of a push, to a queue on a worker or on the event loop.
   */
  @FuzzTest(maxDuration = "5m")
  void aNodeAnswersOthersWhateverComes(byte[] data) throws Exception {
    BugDetectors.allowNetworkConnections(); // to loopback, by this test
    if (data.length < 2) {
      return;
    }
    byte[] bytes = Arrays.copyOfRange(data, 1, data.length);
    try (RawPeer peer = target.authenticated("web-1")) {
      peer.receive();
      if ((data[0] & 3) != 1) {
        peer.send(Target.hello("web-1").frame());
      }
      if ((data[0] & 3) == 3) {
        peer.send(RawFrame.streamedCall(1, "echo/endless", 10));
      }
      if ((data[0] & 4) != 0) {
        peer.send(push((data[0] & 8) == 0 ? "a/q" : "a/loop"));
      }
      if ((data[0] & 3) == 2) {
        int half = bytes.length / 2;
        peer.send(Arrays.copyOf(bytes, half));
        peer.send(Arrays.copyOfRange(bytes, half, bytes.length));
      } else {
        peer.send(bytes);
      }
      for (int i = 0; i < 3; i++) {
        target.node.publish("s/t", "k" + i, bytes);
      }
      answers();
    } catch (IOException cutOff) {
      answers();
    }
    leavesNothing();
  }

  private static RawFrame push(String queue) {
    return RawFrame.of(
        RawFrame.OPEN,
        0,
        1,
        RawFrame.open(RawFrame.PUSH, RawFrame.NO_DEADLINE)
            .str(queue)
            .content(Map.of("liblink-item-ms", "1000"), "", new byte[0]));
  }

  private static void answers() throws IOException {
    byte[] payload = {1, 2, 3};
    RawFrame close = other.call(stream, "echo/fast", payload);
    stream += 2;
    if (!Arrays.equals(close.payload(), payload)) {
      throw new AssertionError("another was answered with " + close);
    }
  }

  private static void leavesNothing() {
    if (!LogLines.holdsSoon(
        () -> target.count("links.opened") - target.count("links.closed") <= MOST_LEFT)) {
      throw new AssertionError("links are left: " + target.node.counters());
    }
    if (target.log.lines().stream().anyMatch(l -> l.contains("bug in liblink"))) {
      throw new AssertionError(target.log.lines().toString());
    }
    target.log.clear();
  }
}
