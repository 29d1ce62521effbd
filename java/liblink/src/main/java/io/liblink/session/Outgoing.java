package io.liblink.session;

import io.liblink.wire.CloseFrame;
import io.liblink.wire.Content;
import io.liblink.wire.FrameOutput;
import io.liblink.wire.MessageFrame;
import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;

/**
 * Messages out: whole ones at once, large ones as fragments, and the frames of a stream that must
 * wait for its large one. Belongs to its session and its thread.
 */
final class Outgoing {
  private final Session session;
  private final FrameOutput out;
  final Transfers transfers = new Transfers();

  Outgoing(Session session, FrameOutput out) {
    this.session = session;
    this.out = out;
  }

  void send(Stream stream, MessageFrame frame) {
    if (hold(stream, frame)) {
      return;
    }
    frame.encode(stream.id, out);
    sent(stream, frame.content(), false);
  }

  void close(Stream stream, CloseFrame frame, long now) {
    if (hold(stream, frame)) {
      return;
    }
    frame.encode(stream.id, out);
    sent(stream, frame.content(), true);
    if (!frame.content().fragmented()) {
      session.forget(stream, now);
    }
  }

  /** The head of a message was written: its payload follows, or was part of it. */
  void sent(Stream stream, Content content, boolean last) {
    if (content.fragmented()) {
      Transfer t = new Transfer(stream, content.payload(), last);
      stream.transfer = t;
      transfers.add(t);
    } else {
      stream.onSent(content.payload().length, last);
    }
  }

  /** One message of a stream at a time: the next waits. */
  private static boolean hold(Stream stream, Object frame) {
    if (stream.transfer == null) {
      return false;
    }
    ArrayDeque<Object> held = stream.held;
    if (held == null) {
      held = stream.held = new ArrayDeque<>();
    }
    held.add(frame);
    return true;
  }

  void sendFragments(BooleanSupplier outputTakesMore, long now) {
    while (!transfers.isEmpty() && outputTakesMore.getAsBoolean()) {
      Transfer t = transfers.sendNext(out);
      if (t == null) {
        return;
      }
      if (t.left() == 0) {
        Stream stream = t.stream;
        stream.transfer = null;
        stream.onSent(t.size(), t.last);
        if (t.last) {
          session.forget(stream, now);
        } else {
          sendHeld(stream, now);
        }
      }
    }
  }

  private void sendHeld(Stream stream, long now) {
    ArrayDeque<Object> held = stream.held;
    while (held != null && !held.isEmpty() && stream.transfer == null && stream.isOpen()) {
      Object frame = held.remove();
      if (frame instanceof MessageFrame message) {
        send(stream, message);
      } else if (frame instanceof CloseFrame close) {
        close(stream, close, now);
      }
    }
  }

  /** The stream is over: what of it was not sent never will be. */
  void drop(Stream stream) {
    Transfer t = stream.transfer;
    if (t != null) {
      stream.transfer = null;
      transfers.cancel(t);
      stream.onSent(t.size(), t.last);
    }
    ArrayDeque<Object> held = stream.held;
    if (held != null) {
      stream.held = null;
      for (Object frame : held) {
        if (frame instanceof MessageFrame message) {
          stream.onSent(message.content().payload().length, false);
        } else if (frame instanceof CloseFrame close) {
          stream.onSent(close.content().payload().length, true);
        }
      }
    }
  }
}
