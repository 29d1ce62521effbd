package io.liblink.session;

import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.wire.AckFrame;
import io.liblink.wire.CloseFrame;
import io.liblink.wire.Content;
import io.liblink.wire.GoAwayFrame;
import io.liblink.wire.HelloFrame;
import io.liblink.wire.MessageFrame;
import io.liblink.wire.OpenFrame;
import io.liblink.wire.Protocol;
import io.liblink.wire.ProtocolException;
import io.liblink.wire.Text;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The application of a scripted conversation: does what a step says and remembers what it was told, in
 * the words of {@code spec/sessions/README.md}.
 */
final class ScriptApp implements SessionEvents {
  final List<Map<String, Object>> told = new ArrayList<>();
  private final Map<Integer, Stream> exchanges = new HashMap<>();
  private final String cluster;
  private final String peerNode;
  Session session;

  ScriptApp(String cluster, String peerNode) {
    this.cluster = cluster;
    this.peerNode = peerNode;
  }

  Exchange exchange(int stream) {
    return (Exchange) stream(stream);
  }

  ScriptPush push(int stream) {
    return (ScriptPush) stream(stream);
  }

  Stream stream(int stream) {
    Stream e = exchanges.get(stream);
    if (e == null) {
      throw new AssertionError("no stream " + stream);
    }
    return e;
  }

  void know(int number, Stream stream) {
    exchanges.put(number, stream);
  }

  void tell(String event, Object... pairs) {
    Map<String, Object> m = new LinkedHashMap<>();
    m.put("event", event);
    for (int i = 0; i < pairs.length; i += 2) {
      m.put((String) pairs[i], pairs[i + 1]);
    }
    told.add(m);
  }

  @Override
  public void onHello(HelloFrame peer, long now) {
    if (!peer.cluster().equals(cluster) || !peer.node().equals(peerNode)) {
      throw new SessionRefused(Status.UNAUTHENTICATED, "not who the certificate says");
    }
  }

  @Override
  public void onReady(long now) {
    tell("ready");
  }

  @Override
  public Stream onOpen(OpenFrame open, long now) {
    return open.kind() == OpenFrame.PUSH ? new ScriptPush(this, open) : new Exchange(open);
  }

  @Override
  public void onGoAway(GoAwayFrame goAway, long now) {
    tell("goaway", "status", goAway.status().name(), "last_stream", goAway.lastStream());
  }

  @Override
  public void onIdle(long now) {
    tell("idle");
    session.drain("idle");
  }

  @Override
  public void onEnd(Status status, String reason, long now) {
    tell("end", "status", status.name());
  }

  /** Opens a call; with credit of at least 0 a streamed one. */
  void open(String target, byte[] payload, long millis, long credit, long now) {
    Exchange e = new Exchange(credit);
    OpenFrame frame = new OpenFrame(
        OpenFrame.CALL,
        1,
        millis,
        null,
        credit,
        Text.of(target),
        new Content(Map.of(), Text.EMPTY, payload));
    session.open(e, frame);
    e.number = e.id();
    exchanges.put(e.number, e);
    if (millis != Protocol.NO_DEADLINE) {
      session.setDeadline(e, now + millis * 1_000_000, now);
    }
  }

  /** Opens a stream for items. */
  void push(String target) {
    ScriptPush push = new ScriptPush(this, null);
    session.open(push, ScriptPush.open(target));
    exchanges.put(push.opened(), push);
  }

  /** A call, of either side. Keeps the rules of §6.2 and §6.4 that the kinds of streams have. */
  final class Exchange extends Stream {
    private final OpenFrame request;
    private final boolean streamed;
    private long credit;
    private long sequence;
    int number;

    /** Ours. */
    Exchange(long credit) {
      this.request = null;
      this.streamed = credit >= 0;
      this.credit = credit;
    }

    /** The peer's. */
    Exchange(OpenFrame request) {
      this.request = request;
      this.streamed = request.credit() >= 0;
      this.credit = Math.min(request.credit(), Integer.MAX_VALUE);
    }

    @Override
    public void run(Session on, long now) {}

    @Override
    public void abandon(String reason, long now) {}

    @Override
    protected void onOpened(Session on, long now) {
      number = id();
      exchanges.put(number, this);
      tell(
          "request",
          "stream",
          number,
          "target",
          request.target().toString(),
          "attempt",
          request.attempt(),
          "remaining_ms",
          request.remainingMillis(),
          "credit",
          credit,
          "payload",
          request.content().payload());
      if (request.remainingMillis() != Protocol.NO_DEADLINE) {
        on.setDeadline(this, now + request.remainingMillis() * 1_000_000, now);
      }
    }

    void reply(byte[] payload, long now) {
      session.close(this, CloseFrame.ok(new Content(Map.of(), Text.EMPTY, payload)), now);
    }

    void fail(Status status, Stage stage, Ran ran, long now) {
      session.close(this, CloseFrame.failure(status, stage, ran, "failed"), now);
    }

    void item(byte[] payload) {
      sequence++;
      session.send(
          this, new MessageFrame(sequence, null, new Content(Map.of(), Text.EMPTY, payload)));
    }

    void grant(long items) {
      credit += items;
      session.credit(this, items);
    }

    @Override
    protected void onItem(long number) {
      if (!streamed || request != null) {
        super.onItem(number);
      } else if (number != sequence + 1) {
        throw new ProtocolException(Status.FAILED_PRECONDITION, "§6.4", "out of order");
      } else if (number > credit) {
        throw new ProtocolException(Status.RESOURCE_EXHAUSTED, "§6.4", "more than credit");
      }
      sequence++;
    }

    @Override
    protected void onMessage(MessageFrame message, long now) {
      tell(
          "item",
          "stream",
          number,
          "sequence",
          message.sequence(),
          "payload",
          message.content().payload());
    }

    @Override
    protected void onClose(CloseFrame close, long now) {
      if (close.status() == Status.OK) {
        tell("reply", "stream", number, "payload", close.content().payload());
      } else {
        failed(close.status(), close.ran());
      }
    }

    private void failed(Status status, Ran ran) {
      tell("failed", "stream", number, "status", status.name(), "ran", ran.name());
    }

    @Override
    protected void onCancel(Status reason, long now) {
      tell("cancelled", "stream", number, "status", reason.name());
    }

    @Override
    protected void onCredit(long items, long now) {
      if (!streamed || request == null) {
        super.onCredit(items, now);
      }
      tell("credit", "stream", number, "items", items);
    }

    @Override
    protected void onAck(AckFrame ack, long now) {
      super.onAck(ack, now);
    }

    @Override
    protected void onDeadline(long now) {
      if (request == null) {
        session.cancel(this, Status.DEADLINE_EXCEEDED, now);
        failed(Status.DEADLINE_EXCEEDED, Ran.MAYBE);
      } else {
        tell("expired", "stream", number);
        fail(Status.DEADLINE_EXCEEDED, Stage.HANDLE, Ran.YES, now);
      }
    }

    @Override
    protected void onLost(String reason, Ran ran, long now) {
      if (request == null) {
        failed(Status.UNAVAILABLE, ran);
      } else {
        tell("cancelled", "stream", number, "status", Status.CANCELLED.name());
      }
    }
  }
}
