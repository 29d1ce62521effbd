package io.liblink.session;

import io.liblink.status.Status;
import io.liblink.testing.RawFields;
import io.liblink.testing.RawFrame;
import io.liblink.testing.RawHello;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Frames that a session sent, read by hand into the members of {@code spec/sessions}. */
public final class FrameText {
  private static final String[] STAGES = {
    "DISCOVER", "SELECT", "AUTHORIZE", "CONNECT", "SEND", "WAIT", "HANDLE"
  };
  private static final String[] RAN = {"NO", "MAYBE", "YES"};

  private FrameText() {}

  /** Cuts bytes into frames; they must end with one. */
  static List<RawFrame> cut(byte[] bytes) {
    List<RawFrame> frames = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    while (in.hasRemaining()) {
      int length = in.getInt();
      int type = in.get() & 0xFF;
      int flags = in.get() & 0xFF;
      long stream = in.getInt() & 0xFFFF_FFFFL;
      byte[] body = new byte[length - 6];
      in.get(body);
      frames.add(new RawFrame(type, flags, stream, body));
    }
    return frames;
  }

  /** The members of a frame. */
  public static Map<String, Object> describe(RawFrame frame) {
    Map<String, Object> m = new LinkedHashMap<>();
    m.put("type", name(frame.type()));
    m.put("stream", frame.stream());
    RawFields in = frame.fields();
    switch (frame.type()) {
      case RawFrame.HELLO -> {
        RawHello hello = RawHello.read(frame);
        m.put("cluster", hello.cluster());
        m.put("node", hello.node());
        m.put("window", hello.window());
        m.put("max_message", hello.maxMessage());
        m.put("max_streams", hello.maxStreams());
      }
      case RawFrame.PING, RawFrame.PONG -> m.put("opaque", HexFormat.of().formatHex(frame.body()));
      case RawFrame.GOAWAY -> {
        m.put("last_stream", in.u32());
        m.put("status", status(in));
      }
      case RawFrame.OPEN -> {
        m.put("kind", in.u8());
        m.put("attempt", in.u8());
        m.put("remaining_ms", in.u32());
        skipTrace(frame, in);
        if ((frame.flags() & RawFrame.STREAM) != 0) {
          m.put("credit", in.u32());
        }
        m.put("target", in.str());
        content(frame, in, m);
      }
      case RawFrame.MESSAGE -> {
        m.put("sequence", in.u64());
        skipTrace(frame, in);
        content(frame, in, m);
      }
      case RawFrame.CONTINUE -> m.put("size", (long) frame.body().length);
      case RawFrame.CREDIT -> {
        m.put("bytes", (frame.flags() & RawFrame.BYTES) != 0);
        m.put("amount", in.u32());
      }
      case RawFrame.CLOSE -> {
        String status = status(in);
        m.put("status", status);
        if (!status.equals("OK")) {
          m.put("stage", STAGES[in.u8()]);
          m.put("ran", RAN[in.u8()]);
        }
        content(frame, in, m);
      }
      case RawFrame.ACK -> {
        m.put("sequence", in.u64());
        m.put("status", status(in));
      }
      case RawFrame.CANCEL -> m.put("status", status(in));
      default -> throw new AssertionError("unexpected " + frame);
    }
    return m;
  }

  private static void skipTrace(RawFrame frame, RawFields in) {
    if ((frame.flags() & RawFrame.TRACE) != 0) {
      in.raw(25);
    }
  }

  private static void content(RawFrame frame, RawFields in, Map<String, Object> m) {
    in.pairs().forEach((key, value) -> {
      if (key.startsWith("liblink-")) {
        m.put(key, value);
      }
    });
    in.str();
    if ((frame.flags() & RawFrame.MORE) != 0) {
      m.put("total", in.u32());
    } else {
      m.put("payload", in.rest());
    }
  }

  private static String status(RawFields in) {
    return Status.of(in.u8()).name();
  }

  private static String name(int type) {
    return io.liblink.wire.Protocol.nameOf(type);
  }

  static byte[] join(List<byte[]> parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    parts.forEach(all::writeBytes);
    return all.toByteArray();
  }

  static byte[] filled(int value, int times) {
    byte[] bytes = new byte[times];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
