package io.liblink.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.message.NodeId;
import io.liblink.status.Ran;
import io.liblink.status.Status;
import io.liblink.telemetry.Counters;
import io.liblink.wire.Content;
import io.liblink.wire.GoAwayFrame;
import io.liblink.wire.HelloFrame;
import io.liblink.wire.OpenFrame;
import io.liblink.wire.Protocol;
import io.liblink.wire.Text;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DrainingStreamsTest {
  private final List<String> told = new ArrayList<>();
  private final TestOutput out = new TestOutput();
  private final Session session = dialer();

  @Test
  void everyOpenStreamIsToldAndMayEndWhileItIs() {
    Lasting first = open("first");
    open("second");
    first.endsWhenTold = true;

    session.tellDraining(5);

    assertThat(told).containsExactlyInAnyOrder("first", "second");
    assertThat(session.streams()).isEqualTo(1);
  }

  @Test
  void whatThePeerDidNotTakeIsLostAndNotTold() {
    open("first");
    TestOutput goAway = new TestOutput();
    new GoAwayFrame(0, Status.UNAVAILABLE, "bye").encode(goAway);
    session.receive(ByteBuffer.wrap(goAway.take()), 3);

    session.tellDraining(5);

    assertThat(told).containsExactly("first lost");
    assertThat(session.takesStreams()).isFalse();
  }

  private Lasting open(String name) {
    Lasting stream = new Lasting(name);
    session.open(
        stream,
        new OpenFrame(
            OpenFrame.SUBSCRIBE, 1, Protocol.NO_DEADLINE, null, 1, Text.of("a/b"), Content.EMPTY));
    return stream;
  }

  private Session dialer() {
    SessionLimits limits = new SessionLimits(1 << 20, 10, 1 << 20, 1_000, 1_000, 1_000);
    Session made = new Session(true, hello("me"), limits, out, new Quiet(), new Counters());
    made.start(1);
    TestOutput peer = new TestOutput();
    hello("peer").encode(peer);
    made.receive(ByteBuffer.wrap(peer.take()), 2);
    assertThat(made.takesStreams()).isTrue();
    return made;
  }

  private static HelloFrame hello(String node) {
    return new HelloFrame(
        Protocol.VERSION,
        "test",
        node,
        NodeId.random(),
        Protocol.FRAME_LIMIT,
        1 << 20,
        10,
        0,
        Protocol.INITIAL_WINDOW,
        0,
        "test",
        Map.of());
  }

  private final class Lasting extends Stream {
    private final String name;
    boolean endsWhenTold;

    Lasting(String name) {
      this.name = name;
    }

    @Override
    public void run(Session on, long now) {}

    @Override
    public void abandon(String reason, long now) {}

    @Override
    protected void onDraining(long now) {
      told.add(name);
      if (endsWhenTold) {
        session.cancel(this, Status.CANCELLED, now);
      }
    }

    @Override
    protected void onLost(String reason, Ran ran, long now) {
      told.add(name + " lost");
    }
  }

  private static final class Quiet implements SessionEvents {
    @Override
    public void onHello(HelloFrame peer, long now) {}

    @Override
    public void onReady(long now) {}

    @Override
    public Stream onOpen(OpenFrame open, long now) {
      throw new AssertionError("nobody opens");
    }

    @Override
    public void onGoAway(GoAwayFrame goAway, long now) {}

    @Override
    public void onIdle(long now) {}

    @Override
    public void onEnd(Status status, String reason, long now) {}
  }
}
