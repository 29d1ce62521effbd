package io.liblink.session;

import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.wire.AckFrame;
import io.liblink.wire.CloseFrame;
import io.liblink.wire.Content;
import io.liblink.wire.MessageFrame;
import io.liblink.wire.OpenFrame;
import io.liblink.wire.Protocol;
import io.liblink.wire.ProtocolException;
import io.liblink.wire.Text;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** A push stream of a scripted conversation, of either side: keeps the rules of §6.8. */
final class ScriptPush extends Stream {
  private static final String ATTEMPT = "liblink-attempt";

  private final ScriptApp app;
  private final OpenFrame request;
  private final Set<Long> unsettled = new HashSet<>();
  private long credit;
  private int number;

  /** Ours, when {@code request} is null; otherwise the peer's. */
  ScriptPush(ScriptApp app, OpenFrame request) {
    this.app = app;
    this.request = request;
  }

  static OpenFrame open(String target) {
    Content nothing = new Content(Map.of(), Text.EMPTY, new byte[0]);
    return new OpenFrame(
        OpenFrame.PUSH, 1, Protocol.NO_DEADLINE, null, -1, Text.of(target), nothing);
  }

  @Override
  public void run(Session on, long now) {}

  @Override
  public void abandon(String reason, long now) {}

  /** Ours is open. */
  int opened() {
    number = id();
    return number;
  }

  // ---- the worker ---------------------------------------------------------------------------

  @Override
  protected void onOpened(Session on, long now) {
    number = id();
    app.know(number, this);
    Map<String, String> headers = request.content().headers();
    String producer = headers.getOrDefault("liblink-producer", "0".repeat(32));
    String millis = headers.getOrDefault("liblink-item-ms", "1");
    if (request.credit() >= 0
        || !producer.matches("[0-9a-f]{32}")
        || !millis.matches("[1-9][0-9]{0,17}")) {
      on.close(
          this,
          CloseFrame.failure(Status.INVALID_ARGUMENT, Stage.SEND, Ran.NO, "can't be understood"),
          now);
      return;
    }
    app.tell("pushes", "stream", number, "target", request.target().toString());
  }

  void grant(long items) {
    credit += items;
    app.session.credit(this, items);
  }

  void ack(long sequence, Status status) {
    unsettled.remove(sequence);
    app.session.ack(this, new AckFrame(sequence, status, status == Status.OK ? "" : "rejected"));
  }

  void fail(Status status, Ran ran, long now) {
    app.session.close(this, CloseFrame.failure(status, Stage.HANDLE, ran, "failed"), now);
  }

  @Override
  protected void onItem(long sequence) {
    if (request == null) {
      super.onItem(sequence);
    } else if (sequence <= 0 || unsettled.contains(sequence)) {
      throw new ProtocolException(Status.FAILED_PRECONDITION, "§6.8", "number of an item");
    } else if (credit == 0) {
      throw new ProtocolException(Status.RESOURCE_EXHAUSTED, "§6.8", "more than credit");
    }
    credit--;
  }

  @Override
  protected void onMessage(MessageFrame message, long now) {
    String repeat = message.content().headers().get(ATTEMPT);
    if (repeat != null && !repeat.matches("[2-9]|[1-9][0-9]{1,8}")) {
      throw new ProtocolException("§6.8", "header " + ATTEMPT);
    }
    unsettled.add(message.sequence());
    app.tell(
        "item",
        "stream",
        number,
        "sequence",
        message.sequence(),
        "attempt",
        repeat == null ? "1" : repeat,
        "payload",
        message.content().payload());
  }

  @Override
  protected void onCancel(Status reason, long now) {
    app.tell("cancelled", "stream", number, "status", reason.name());
  }

  // ---- the producer -------------------------------------------------------------------------

  void item(long sequence, byte[] payload) {
    if (credit == 0 || !unsettled.add(sequence)) {
      throw new AssertionError("the script must not send item " + sequence);
    }
    credit--;
    app.session.send(
        this, new MessageFrame(sequence, null, new Content(Map.of(), Text.EMPTY, payload)));
  }

  @Override
  protected void onCredit(long items, long now) {
    if (request != null) {
      super.onCredit(items, now);
    }
    credit = Math.min(Integer.MAX_VALUE, credit + items);
    app.tell("credit", "stream", number, "items", items);
  }

  @Override
  protected void onAck(AckFrame ack, long now) {
    if (request != null) {
      super.onAck(ack, now);
    } else if (!unsettled.remove(ack.sequence())) {
      throw new ProtocolException(Status.FAILED_PRECONDITION, "§6.8", "ACK of nothing");
    }
    app.tell(
        "ack",
        "stream",
        number,
        "sequence",
        ack.sequence(),
        "status",
        ack.status().name());
  }

  @Override
  protected void onClose(CloseFrame close, long now) {
    app.tell(
        "failed",
        "stream",
        number,
        "status",
        close.status().name(),
        "ran",
        close.ran().name());
  }

  @Override
  protected void onLost(String reason, Ran ran, long now) {
    if (request == null) {
      app.tell("failed", "stream", number, "status", Status.UNAVAILABLE.name(), "ran", ran.name());
    } else {
      app.tell("cancelled", "stream", number, "status", Status.CANCELLED.name());
    }
  }
}
