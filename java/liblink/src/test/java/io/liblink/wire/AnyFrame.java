package io.liblink.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A frame with its header, read by the code under test as a link does it.
 *
 * @param frame the record; a fragment is {@code byte[]}; null when the frame is skipped
 */
record AnyFrame(int type, int flags, int stream, @Nullable Object frame) {
  /** Reads one frame and leaves the buffer behind it. */
  static AnyFrame read(ByteBuffer in, Texts texts) {
    int size = Protocol.bodySize(in.getInt(), Protocol.FRAME_LIMIT);
    int type = in.get() & 0xFF;
    int flags = in.get() & 0xFF;
    int stream = in.getInt();
    ByteBuffer body = in.slice(in.position(), Math.min(size, in.remaining()));
    boolean accepted = Protocol.accepts(type, flags, stream);
    Object frame = accepted ? decode(type, flags, body, texts) : null;
    in.position(in.position() + size);
    return new AnyFrame(type, flags, stream, frame);
  }

  static Object decode(int type, int flags, ByteBuffer body, Texts texts) {
    return switch (type) {
      case Protocol.HELLO -> HelloFrame.decode(body, texts);
      case Protocol.PING, Protocol.PONG -> PingFrame.decode(body);
      case Protocol.GOAWAY -> GoAwayFrame.decode(body, texts);
      case Protocol.OPEN -> OpenFrame.decode(body, flags, texts);
      case Protocol.MESSAGE -> MessageFrame.decode(body, flags, texts);
      case Protocol.CREDIT -> CreditFrame.decode(body);
      case Protocol.ACK -> AckFrame.decode(body, texts);
      case Protocol.CLOSE -> CloseFrame.decode(body, flags, texts);
      case Protocol.CANCEL -> CancelFrame.decode(body);
      case Protocol.CONTINUE -> {
        ContinueFrame.check(body.remaining());
        yield Fields.payload(body);
      }
      default -> throw new AssertionError("type " + type);
    };
  }

  /** Writes it again. */
  byte[] write() {
    Bytes out = new Bytes();
    if (frame instanceof HelloFrame f) {
      f.encode(out);
    } else if (frame instanceof PingFrame f) {
      if (type == Protocol.PING) {
        f.encodePing(out);
      } else {
        f.encodePong(out);
      }
    } else if (frame instanceof GoAwayFrame f) {
      f.encode(out);
    } else if (frame instanceof OpenFrame f) {
      f.encode(stream, out);
    } else if (frame instanceof MessageFrame f) {
      f.encode(stream, out);
    } else if (frame instanceof byte[] f) {
      ContinueFrame.encode(stream, f, 0, f.length, out);
    } else if (frame instanceof CreditFrame f) {
      if (stream == 0) {
        f.encodeBytes(out);
      } else {
        f.encodeItems(stream, out);
      }
    } else if (frame instanceof AckFrame f) {
      f.encode(stream, out);
    } else if (frame instanceof CloseFrame f) {
      f.encode(stream, out);
    } else if (frame instanceof CancelFrame f) {
      f.encode(stream, out);
    }
    return out.done();
  }

  /** What carries headers and a payload; null for other frames. */
  @Nullable
  Content content() {
    if (frame instanceof OpenFrame f) {
      return f.content();
    }
    if (frame instanceof MessageFrame f) {
      return f.content();
    }
    return frame instanceof CloseFrame f ? f.content() : null;
  }
}
