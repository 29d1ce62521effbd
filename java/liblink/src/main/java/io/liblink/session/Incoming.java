package io.liblink.session;

import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.telemetry.Counters;
import io.liblink.telemetry.Drop;
import io.liblink.wire.AckFrame;
import io.liblink.wire.CancelFrame;
import io.liblink.wire.CloseFrame;
import io.liblink.wire.Content;
import io.liblink.wire.CreditFrame;
import io.liblink.wire.GoAwayFrame;
import io.liblink.wire.HelloFrame;
import io.liblink.wire.MessageFrame;
import io.liblink.wire.OpenFrame;
import io.liblink.wire.PingFrame;
import io.liblink.wire.Protocol;
import io.liblink.wire.ProtocolException;
import io.liblink.wire.Texts;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Frames in: finds the stream, puts fragments together, refuses what is too large. Belongs to its
 * session and its thread.
 */
final class Incoming implements FrameReader.Sink {
  final FrameReader reader = new FrameReader(this);
  final ReceiveWindow window;
  private final Session session;
  private final Counters counters;
  private final Texts texts = new Texts();
  private long held;
  private @Nullable Stream fragmentOf;

  Incoming(Session session, Counters counters, long initialWindow) {
    this.session = session;
    this.counters = counters;
    this.window = new ReceiveWindow(initialWindow);
  }

  @Override
  public void frame(int type, int flags, int id, ByteBuffer body, long now) {
    switch (type) {
      case Protocol.OPEN -> open(flags, id, body, now);
      case Protocol.CLOSE -> close(flags, id, body, now);
      case Protocol.MESSAGE -> message(flags, id, body, now);
      case Protocol.CREDIT -> credit(flags, id, body, now);
      case Protocol.ACK -> ack(id, body, now);
      case Protocol.CANCEL -> cancel(id, body, now);
      default -> link(type, body, now);
    }
  }

  /** Frames of the link itself. */
  private void link(int type, ByteBuffer body, long now) {
    if (type == Protocol.HELLO) {
      session.hello(HelloFrame.decode(body, texts), now);
      return;
    }
    if (type == Protocol.GOAWAY) {
      session.goAway(GoAwayFrame.decode(body, texts), now);
      return;
    }
    session.requireOpen(type);
    switch (type) {
      case Protocol.PING -> session.ping(PingFrame.decode(body));
      case Protocol.PONG -> session.pong(PingFrame.decode(body), now);
      default -> throw new IllegalStateException("FrameReader lets no type " + type + " through");
    }
  }

  @Override
  public boolean isOver() {
    return session.ended();
  }

  @Override
  public void skipped(int type) {
    counters.drop(Drop.UNKNOWN_OPTIONAL_FRAME);
  }

  // ---- streams ------------------------------------------------------------------------------

  private void open(int flags, int id, ByteBuffer body, long now) {
    session.requireOpen(Protocol.OPEN);
    OpenFrame frame = OpenFrame.decode(body, flags, texts);
    if (!session.admit(id)) {
      return;
    }
    if ((flags & Protocol.FLAG_MORE) == 0) {
      session.opened(id, frame, now);
      return;
    }
    Drop drop = tooLarge(frame.content());
    if (drop != null) {
      session.refuse(id, drop, Status.RESOURCE_EXHAUSTED, problem(drop, frame.content()));
      return;
    }
    Stream placeholder = new Arriving(session, now);
    session.register(placeholder, id);
    assemble(placeholder, frame, frame.content());
    if (frame.remainingMillis() != Protocol.NO_DEADLINE) {
      session.setDeadline(placeholder, now + frame.remainingMillis() * 1_000_000, now);
    }
  }

  private void close(int flags, int id, ByteBuffer body, long now) {
    session.requireOpen(Protocol.CLOSE);
    CloseFrame frame = CloseFrame.decode(body, flags, texts);
    Stream stream = own(id);
    if (stream == null) {
      counters.drop(Drop.LATE_REPLY);
      return;
    }
    requireWhole(stream, Protocol.CLOSE);
    if ((flags & Protocol.FLAG_MORE) == 0) {
      session.forget(stream, now);
      stream.onClose(frame, now);
    } else {
      assembleOrRefuse(stream, frame, frame.content(), now);
    }
  }

  private void message(int flags, int id, ByteBuffer body, long now) {
    session.requireOpen(Protocol.MESSAGE);
    MessageFrame frame = MessageFrame.decode(body, flags, texts);
    Stream stream = any(id, Protocol.MESSAGE);
    if (stream == null) {
      counters.drop(Drop.LATE_ITEM);
      return;
    }
    requireWhole(stream, Protocol.MESSAGE);
    stream.onItem(frame.sequence());
    if ((flags & Protocol.FLAG_MORE) == 0) {
      session.item(stream, frame, now);
    } else {
      assembleOrRefuse(stream, frame, frame.content(), now);
    }
  }

  /** A large reply or item begins; what is too large ends its stream (§5.4). */
  private void assembleOrRefuse(Stream stream, Object head, Content content, long now) {
    Drop drop = tooLarge(content);
    if (drop == null) {
      assemble(stream, head, content);
      return;
    }
    counters.drop(drop);
    String problem = problem(drop, content);
    if (session.isPeers(stream.id)) {
      session.close(
          stream, CloseFrame.failure(Status.RESOURCE_EXHAUSTED, Stage.SEND, Ran.YES, problem), now);
      stream.onLost(problem, Ran.YES, now);
    } else {
      session.cancel(stream, Status.RESOURCE_EXHAUSTED, now);
      stream.onTooLarge(problem, drop == Drop.RECEIVE_BYTES, now);
    }
  }

  private void credit(int flags, int id, ByteBuffer body, long now) {
    session.requireOpen(Protocol.CREDIT);
    long amount = CreditFrame.decode(body).amount();
    if ((flags & Protocol.FLAG_BYTES) != 0) {
      session.granted(amount);
      return;
    }
    Stream stream = any(id, Protocol.CREDIT);
    if (stream != null) {
      stream.onCredit(amount, now);
    }
  }

  private void ack(int id, ByteBuffer body, long now) {
    session.requireOpen(Protocol.ACK);
    AckFrame frame = AckFrame.decode(body, texts);
    Stream stream = any(id, Protocol.ACK);
    if (stream != null) {
      stream.onAck(frame, now);
    }
  }

  private void cancel(int id, ByteBuffer body, long now) {
    session.requireOpen(Protocol.CANCEL);
    Status reason = CancelFrame.decode(body).status();
    if (!session.isPeers(id)) {
      throw new ProtocolException(
          Status.FAILED_PRECONDITION, "§6.2", "CANCEL by the side that did not open the stream");
    }
    Stream stream = any(id, Protocol.CANCEL);
    if (stream != null) {
      session.forget(stream, now);
      stream.onCancel(reason, now);
    }
  }

  /** A stream of either side; null when it ended before. */
  private @Nullable Stream any(int id, int type) {
    Stream stream = session.stream(id);
    if (stream == null) {
      session.requireKnown(id, type);
    }
    return stream;
  }

  /** The stream that a CLOSE ends; null when it ended before. */
  private @Nullable Stream own(int id) {
    if (session.isPeers(id)) {
      throw new ProtocolException(
          Status.FAILED_PRECONDITION, "§6.2", "CLOSE by the side that opened the stream");
    }
    return any(id, Protocol.CLOSE);
  }

  // ---- fragments ----------------------------------------------------------------------------

  /** Why a message can't be taken; null when it can. */
  private @Nullable Drop tooLarge(Content content) {
    if (content.total() > session.limits().messageBytes()) {
      return Drop.MESSAGE_TOO_LARGE;
    }
    return held + content.total() > session.limits().receiveBytes() ? Drop.RECEIVE_BYTES : null;
  }

  private String problem(Drop drop, Content content) {
    return drop == Drop.MESSAGE_TOO_LARGE
        ? "a message of " + content.total() + " bytes; at most "
            + session.limits().messageBytes() + " are taken"
        : "unfinished messages of " + (held + content.total()) + " bytes on one link; at most "
            + session.limits().receiveBytes() + " are held";
  }

  private static void requireWhole(Stream stream, int type) {
    if (stream.assembly != null) {
      throw new ProtocolException(
          Status.FAILED_PRECONDITION,
          "§5.3",
          Protocol.nameOf(type) + " before the message before it was whole");
    }
  }

  long held() {
    return held;
  }

  private void assemble(Stream stream, Object head, Content content) {
    held += content.total();
    stream.assembly = new Assembly(head, (int) content.total());
  }

  /** The stream gives up what it holds of an unfinished message. */
  void release(Stream stream) {
    Assembly assembly = stream.assembly;
    if (assembly != null) {
      held -= assembly.total;
      stream.assembly = null;
    }
  }

  @Override
  public void fragmentStarts(int id, int length, long now) {
    session.requireOpen(Protocol.CONTINUE);
    if (!window.admits(length)) {
      throw new ProtocolException(
          Status.RESOURCE_EXHAUSTED, "§5.5", "more fragments than there is credit for");
    }
    session.measure(now);
    Stream stream = session.stream(id);
    if (stream == null) {
      session.requireKnown(id, Protocol.CONTINUE);
      counters.drop(Drop.LATE_FRAGMENT);
    } else if (stream.assembly == null) {
      throw new ProtocolException("§5.3", "CONTINUE without a message to continue");
    } else if (length > stream.assembly.missing()) {
      throw new ProtocolException("§5.3", "more fragments than were announced");
    }
    fragmentOf = stream;
  }

  @Override
  public void fragmentBytes(ByteBuffer in, int length, long now) {
    Stream stream = fragmentOf;
    Assembly assembly = stream == null ? null : stream.assembly;
    if (assembly == null) {
      in.position(in.position() + length);
    } else {
      assembly.take(in, length);
    }
    long grant = window.took(length, now);
    if (grant > 0) {
      session.grant(grant);
    }
    if (stream != null && assembly != null && assembly.missing() == 0) {
      fragmentOf = null;
      release(stream);
      whole(stream, assembly, now);
    }
  }

  private void whole(Stream stream, Assembly assembly, long now) {
    if (assembly.head instanceof OpenFrame open) {
      session.assembled((Arriving) stream, open.withContent(assembly.whole(open.content())), now);
    } else if (assembly.head instanceof MessageFrame message) {
      session.item(stream, message.withContent(assembly.whole(message.content())), now);
    } else if (assembly.head instanceof CloseFrame close) {
      session.forget(stream, now);
      stream.onClose(close.withContent(assembly.whole(close.content())), now);
    }
  }
}
